"""The worker's work, done by a test at a moment that it names."""

from datetime import datetime

from accounts.notices import sending
from accounts.notices.tasks import database_now, do_round


def send_what_waits(now: datetime | None = None) -> None:
    """Rounds until there is nothing to do at ``now``. ``django.core.mail.outbox`` has then what was sent."""
    sending.rest.end()
    while do_round(now or database_now()):
        pass
