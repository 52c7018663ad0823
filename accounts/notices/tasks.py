"""What the worker does, as tasks of its queue. The outbox is the truth; a task only says: look into it now.

So a task that is lost, or done twice, does no harm: ``manage.py worker`` puts a new one every minute.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django_tasks import task
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)  # how long the queue remembers what was done
# What rooms above announce by the clock: each finds what is due at the moment it is given, and tells it once.
_announcers: list[Callable[[datetime], None]] = []


def register_announcer(announce: Callable[[datetime], None]) -> None:
    if announce not in _announcers:
        _announcers.append(announce)


@task
def empty_outbox() -> None:
    """Announce, compose, send: each is harmless to repeat. Puts itself again where there is more than one portion."""
    now = database_now()
    if do_round(now):
        empty_outbox.enqueue()


def do_round(now: datetime) -> bool:
    """One round at ``now``. True if there is more to do at once."""
    from accounts.notices.composing import GROUPS_AT_A_TIME, compose_letters
    from accounts.notices.sending import send_letters

    for announce in _announcers:
        try:
            announce(now)
        except Exception:  # what one room cannot announce must not keep the others' e-mails
            logger.exception("%s failed", announce.__module__)
    return any([compose_letters(now) == GROUPS_AT_A_TIME, send_letters(now)])


def tidy_queue(now: datetime) -> int:
    """Forget the tasks of yesterday: those done, and those whose worker was killed."""
    return DBTaskResult.objects.exclude(status="READY").filter(enqueued_at__lt=now - KEPT).delete()[0]


def database_now() -> datetime:
    """The database's clock; phases go by it too (``consultations/clock.py``)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now
