"""Holding off ballots while what they are cast under changes.

Whether people have voted decides what may still change: so it must stay true until the change is written. Casting takes
the same locks, shared (``voting/ballots/locks.py``, which says in which order all of them are taken: these come first).
"""

from django.db import connection

from consultations.models import Consultation

POLL = 1  # the first of the two numbers of each poll's lock
LONGEST_WAIT = "5s"  # for a cast or a close that is under way; beyond it django.db.OperationalError


def hold_off_ballots(consultation: Consultation) -> None:
    """Wait until nobody casts in any open poll of the consultation, and let nobody until the transaction ends.

    Before any other lock of the transaction: the consultation's row too.
    """
    assert connection.in_atomic_block, "transaction-level locks need a transaction"
    polls = consultation.polls.filter(closed_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        for poll in list(polls):
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [POLL, poll])
