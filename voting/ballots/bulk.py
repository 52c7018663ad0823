"""Many ballots at once: an election from outside, or a demonstration. ``casting.py`` is how a person votes."""

import uuid
from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import connection, transaction

from voting.ballots.shapes import canonical, commitment_of, new_salt
from voting.methods import Choices
from voting.models import Poll

FIRST_BATCH = 1_000
BATCH = 10_000


@transaction.atomic
def append_ballots(
    poll: Poll,
    ballots: Iterable[tuple[bytes, Choices]],
    *,
    is_paper: bool = False,
    accounts: Mapping[bytes, bytes] | None = None,
) -> int:
    """Append the first ballot of many voters, to wait for the fold like any other; return how many.

    ballots: pseudonym (32 bytes) and choices, which the caller has checked. Each pseudonym must be new to the poll: the
    database refuses a second ballot here (IntegrityError), and any ballot after the close.
    accounts: pseudonym -> mark of the account, of those voters who have one.
    """
    with connection.cursor() as cursor:
        # Deferred, the foreign keys of all rows wait for the commit, and pgtrigger runs the ballot's guard in a
        # subtransaction of each row, whose end walks everything that waits: minutes instead of seconds.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        rest = iter(ballots)
        count = _append_batch(poll.pk, list(islice(rest, FIRST_BATCH)), is_paper, accounts or {})
        if count == FIRST_BATCH:
            # Plans that were made while the tables were empty read them whole for each row; this makes new ones.
            cursor.execute("ANALYZE voting_ballot, voting_opening")
        while batch := list(islice(rest, BATCH)):
            count += _append_batch(poll.pk, batch, is_paper, accounts or {})
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return count


def _append_batch(
    poll_id: int, ballots: list[tuple[bytes, Choices]], is_paper: bool, accounts: Mapping[bytes, bytes]
) -> int:
    rows = []
    openings = []
    for pseudonym, choices in ballots:
        ballot_id, salt = uuid.uuid4(), new_salt()
        rows.append((ballot_id, poll_id, pseudonym, 1, commitment_of(salt, choices), is_paper))
        openings.append((ballot_id, salt, canonical(choices).decode(), accounts.get(pseudonym)))
    copy_rows("voting_ballot (id, poll_id, pseudonym, revision, commitment, is_paper)", rows)
    copy_rows("voting_opening (ballot_id, salt, choices, account_mark)", openings)
    copy_rows("voting_queuedballot (ballot_id, poll_id)", ((row[0], poll_id) for row in rows))
    return len(rows)


def copy_rows(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Into ``table (columns)``. Errors come as Django's: what psycopg raises in a COPY passes Django's cursor by."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
