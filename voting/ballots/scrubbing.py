"""After the close: nothing on the disk links a voter and a ballot any more. A step of its own, tried until it is done.

What the close deletes (the poll's secret, superseded openings) stays in the files until they are written anew. And each
row keeps the number of the transaction that wrote it, from which one could tell which session began just before which
ballot was cast. So the rows of the closed poll, and those of sessions and accounts, are written again in one
transaction, unchanged; then the tables are rewritten, each in an order that tells nothing of when. And what was deleted
may stand among the samples from which the database plans.
Backups, the write-ahead log and the access logs of before can still link: ``docs/trust.md`` says so.
"""

import logging
import time

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from voting.ballots.locks import lock_scrub
from voting.models import Poll

logger = logging.getLogger(__name__)

LOCK_WAIT = "1s"  # other polls may be open: their casts stall no longer than this behind a waiting rewrite
LONGEST = "60s"
LOOKS, LOOK_EVERY = 25, 0.02  # seconds: on a busy site something from before nearly always goes on, a cast say

# The guards let a row be written again as it is. What its transaction number would tell:
WRITTEN_AGAIN = (
    "UPDATE voting_ballot SET id = id WHERE poll_id = %(poll)s",
    "UPDATE voting_opening SET salt = salt FROM voting_ballot b WHERE b.id = ballot_id AND b.poll_id = %(poll)s",
    "UPDATE voting_leaf SET number = number WHERE poll_id = %(poll)s",
    "UPDATE django_session SET session_key = session_key",
    # Who registers, agrees to the terms or reads a notice often votes next: the day is enough of that too.
    "UPDATE accounts_user SET date_joined = date_trunc('day', date_joined)",
    "UPDATE account_emailaddress SET verified = verified",
    "UPDATE accounts_consent SET given_at = date_trunc('day', given_at) WHERE given_at <> date_trunc('day', given_at)",
    "UPDATE accounts_notice SET read_at = date_trunc('day', read_at) WHERE read_at <> date_trunc('day', read_at)",
    # Those who mistyped their code and then found it.
    "DELETE FROM voting_rollattempt a USING voting_eligiblevoter e, voting_poll p "
    "WHERE p.id = %(poll)s AND e.roll_id = p.electoral_roll_id AND e.user_id = a.user_id",
    "UPDATE consultations_districtchoice c SET id = c.id FROM voting_poll p "
    "WHERE p.id = %(poll)s AND c.consultation_id = p.consultation_id",
    "UPDATE voting_eligiblevoter SET id = voting_eligiblevoter.id FROM voting_poll p "
    "WHERE p.id = %(poll)s AND roll_id = p.electoral_roll_id",
)
# The samples of what was deleted. Then it is waited again: what was given up a moment ago outlives being written anew.
FORGOTTEN = (
    # PostgreSQL forgets its samples of a column where the column is given a type, be it the one it has; in an empty
    # table it keeps them otherwise. From then on it takes none.
    "ALTER TABLE voting_pollsecret ALTER COLUMN key TYPE bytea, ALTER COLUMN key SET STATISTICS 0",
    "ANALYZE voting_ballot, voting_opening, voting_leaf, django_session, accounts_user, voting_eligiblevoter",
)
REWRITTEN = (
    "VACUUM FULL voting_pollsecret",
    "VACUUM FULL voting_queuedballot",
    "VACUUM FULL voting_tally",
    "VACUUM FULL voting_ballotdraft",
    "CLUSTER voting_opening USING voting_opening_pkey",
    "CLUSTER voting_ballot USING voting_ballot_pkey",
    "VACUUM FULL voting_leaf",
    "CLUSTER django_session USING django_session_pkey",
    "CLUSTER accounts_user USING accounts_user_pkey",
    "CLUSTER account_emailaddress USING account_emailaddress_pkey",
    "CLUSTER accounts_consent USING accounts_consent_pkey",
    "CLUSTER accounts_notice USING accounts_notice_pkey",
    "CLUSTER voting_eligiblevoter USING on_a_roll_once",
    "VACUUM FULL voting_rollattempt",
    "CLUSTER consultations_districtchoice USING consultations_districtchoice_pkey",
    "VACUUM FULL pg_statistic",  # the samples themselves
)

# Whoever in this database may still read what was there before: for them PostgreSQL keeps it. So may whoever begins to
# read while a transaction from before goes on, be it in another database of this server.
_OLDER = """
    SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %(full_xid)s::xid8 OR EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (age(backend_xmin) >= age(%(xid)s::xid) OR age(backend_xid) >= age(%(xid)s::xid))
    )
"""


def scrub_closed_polls() -> list[int]:
    """Scrub every closed poll that was not; return their ids. Not inside a transaction.

    Does nothing while a long transaction from before goes on, for which PostgreSQL keeps the old rows. What fails
    is logged and tried again by the next call.
    """
    waiting = list(Poll.objects.filter(closed_at__isnull=False, scrubbed_at__isnull=True).values_list("pk", flat=True))
    if not waiting:
        return []
    assert not connection.in_atomic_block, "VACUUM cannot run inside a transaction"
    try:
        return waiting if _scrub(waiting) else []
    except DatabaseError as fault:
        logger.warning("The traces of closed polls could not be removed yet, it is tried again: %s", fault)
        return []


def _scrub(polls: list[int]) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        if not lock_scrub():
            return False
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        for poll in polls:
            for statement in WRITTEN_AGAIN:
                cursor.execute(statement, {"poll": poll})
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'; SET statement_timeout = '{LONGEST}'")
        try:
            for statements in (FORGOTTEN, REWRITTEN):
                if not _has_ended(cursor):
                    return False
                _require_owner(cursor)
                for statement in statements:
                    cursor.execute(statement)
        finally:
            cursor.execute("RESET lock_timeout; RESET statement_timeout")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE voting_poll SET scrubbed_at = clock_timestamp() WHERE id = ANY(%s) AND scrubbed_at IS NULL", [polls]
        )
    return True


def _has_ended(cursor: CursorWrapper) -> bool:
    """Whether all transactions that began before this call have ended: short ones are waited for."""
    cursor.execute("SELECT pg_current_xact_id()::text, pg_current_xact_id()::xid::text")
    written = dict(zip(("full_xid", "xid"), cursor.fetchone(), strict=True))
    for look in range(LOOKS):
        if look:
            time.sleep(LOOK_EVERY)
        cursor.execute(_OLDER, written)
        if not cursor.fetchone()[0]:
            return True
    return False


def _require_owner(cursor: CursorWrapper) -> None:
    """VACUUM by a role that does not own the table is skipped with a warning only: say it where it counts."""
    cursor.execute("SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE relname = 'voting_ballot'")
    if not cursor.fetchone()[0]:
        raise DatabaseError("the server's role does not own the tables: run manage.py scrub as their owner")
