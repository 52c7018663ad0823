"""Holding off ballots while what they are cast under changes.

Whether people have voted decides what may still change: so it must stay true until the change is written. Casting takes
the same locks, shared (``voting/ballots/locks.py``, which says in which order all of them are taken: these come first).
"""

from django.db import connection

from consultations.models import Consultation

POLL = 1  # the first of the two numbers of each poll's lock
LONGEST_WAIT_MS = 5_000  # for a cast or a close that is under way; beyond it django.db.OperationalError


def hold_off_ballots(consultation: Consultation) -> None:
    """Wait until nobody casts in any open poll of the consultation, and let nobody until the transaction ends.

    Before any other lock of the transaction: the consultation's row too.
    """
    polls = consultation.polls.filter(closed_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    if polls:
        limit_lock_waiting(LONGEST_WAIT_MS)
    for poll_id in polls:
        lock_poll(poll_id)


def lock_poll(poll_id: int) -> None:
    """Wait until no cast is under way in it, and hold off new ones."""
    assert connection.in_atomic_block, "transaction-level locks need a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [POLL, poll_id])


def limit_lock_waiting(milliseconds: int) -> None:
    """Give up on a lock after this long (django.db.OperationalError), so that a waiting close never stalls casting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{milliseconds}ms"])
