"""The advisory locks of voting: always taken inside a transaction, and let go with it.

Order: the poll's (``consultations/locks.py``), then the fold's or the voter's. Casting takes the poll's shared; closing
and amending take it exclusively. No statement that takes a lock asks for anything else: a snapshot taken before the
wait must not judge what comes after it (READ COMMITTED gives each statement a new one).
"""

from django.db import connection

from consultations.locks import POLL
from voting.ballots.pipeline import Statement

_FOLD = 2
_SCRUB = 3


def _execute(sql: str, *arguments: int) -> None:
    assert connection.in_atomic_block, "transaction-level locks need a transaction"
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)


def poll_lock_shared(poll_id: int) -> Statement:
    """Hold off the close and amendments while a ballot is cast; other casts go on. For a pipeline."""
    return "SELECT pg_advisory_xact_lock_shared(%s::int, %s::int)", [POLL, poll_id]


def voter_lock(pseudonym: bytes) -> Statement:
    """One ballot of a voter at a time. The key comes from the pseudonym: nothing about the person is locked."""
    return "SELECT pg_advisory_xact_lock(%s::bigint)", [int.from_bytes(pseudonym[:8], "big", signed=True)]


def locks_of_a_cast(poll_id: int, pseudonym: bytes) -> Statement:
    """Both, in their order, for a cast that has nothing to ask between them. What it asks comes after, by itself."""
    key = int.from_bytes(pseudonym[:8], "big", signed=True)
    shared = "SELECT pg_advisory_xact_lock_shared(%s::int, %s::int), pg_advisory_xact_lock(%s::bigint)"
    return shared, [POLL, poll_id, key]


def lock_fold(poll_id: int) -> None:
    """One folder at a time."""
    _execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", _FOLD, poll_id)


def lock_scrub() -> bool:
    """One scrub of the disk at a time; False where another one goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::int, 0)", [_SCRUB])
        return bool(cursor.fetchone()[0])


def take_long() -> None:
    """In this transaction the server may reckon for minutes without a word to the database, which would hang up by then
    (``idle_in_transaction_session_timeout`` in the settings): the close of many different ballots would fail, and fail
    again each time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
