"""Facts that tests tell people, at moments that they name; and a mail server that fails as it is told."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.models import Notice
from accounts.notices.telling import tell
from tests.factories import make_consultation

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)  # nine in the morning in Buenos Aires


def at(days: float = 0, hours: float = 0) -> datetime:
    """So long after that Monday."""
    return MONDAY + timedelta(days=days, hours=hours)


def told(person, name: str, when: datetime = MONDAY, *, about=None, kind: str = "reply", **more) -> Notice:
    """That ``name`` answered ``person`` in a consultation, said at ``when``."""
    about = about or make_consultation(title="Plan de arbolado")
    with transaction.atomic():
        tell(
            kind,
            to=[person.pk],
            key=f"{kind} {name}",
            url=about.get_absolute_url(),
            consultation_id=about.pk,
            name=name,
            agency=name,
            title=about.title,
            **more,
        )
    notice = Notice.objects.get(user=person, key=f"{kind} {name}")
    Notice.objects.filter(pk=notice.pk).update(created_at=when)
    return notice


class Killed(BaseException):
    """The worker's process is gone at this point."""


class MailServer(BaseEmailBackend):
    """Takes e-mail to ``mail.outbox``; ``faults`` says what goes wrong with the next ones, one after the other.

    "down": does not answer. "refused": no such address. "hangs up": in the middle. "dies before", "dies after": the
    worker, before and after the server has it. None: nothing.
    """

    faults: list[str | None] = []

    def open(self):
        if self.faults and self.faults[0] == "down":
            self.faults.pop(0)
            raise ConnectionRefusedError("nobody listens there")

    def send_messages(self, messages):
        fault = self.faults.pop(0) if self.faults else None
        if fault == "refused":
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        if fault == "hangs up":
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        if fault == "dies before":
            raise Killed
        mail.outbox.extend(messages)
        if fault == "dies after":
            raise Killed
        return len(messages)
