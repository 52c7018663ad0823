"""The fold: what was appended is numbered, counted and sealed. One transaction, one folder at a time."""

import json
from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from voting.ballots.locks import lock_fold, take_long
from voting.log.sealing import Log
from voting.models import Opening, Poll, Seal, Tally

MANY = 10_000  # ballots of one fold, beyond which it may take seconds
STEP = 10  # where only auditors see ballots, the shown count moves when so many more people have voted


class Taken(NamedTuple):
    """A ballot out of the queue."""

    id: UUID
    pseudonym: bytes
    revision: int
    commitment: bytes
    weight: int
    is_paper: bool
    choices: dict[str, int]


def fold(poll_id: int) -> Seal | None:
    """Count and seal the poll's queue and return the new seal, or None when there was nothing to count.

    Takes the fold's lock. What commits later waits for the next fold; nothing is counted twice or skipped, because
    being taken from the queue, being counted and being sealed is one transaction.
    """
    if not Poll(pk=poll_id).queue.exists():  # cheap when there is nothing to do
        return None
    with transaction.atomic():
        lock_fold(poll_id)
        poll = Poll.objects.select_related("consultation__budget", "phase").get(pk=poll_id)
        log = fold_locked(poll)
        return log.seal() if log else None


def fold_locked(poll: Poll) -> Log | None:
    """Count the queue and append it to the log, inside a transaction that holds the fold's lock. The caller seals."""
    ballots = _take_queue(poll.pk)
    if not ballots:
        return None
    if len(ballots) > MANY:
        take_long()
    log = Log.of(poll)
    tally = Tally.objects.filter(poll=poll).first()
    counted: dict[str, Any] = tally.counted if tally else poll.counting.running_tally(poll.counted_options())
    _count(poll, ballots, counted)
    log.append_ballots((b.id, b.pseudonym, b.revision, b.commitment, b.weight, b.is_paper) for b in ballots)
    _write_tally(poll, log.number, counted)
    return log


def _take_queue(poll_id: int) -> list[Taken]:
    """Empty the poll's whole queue as committed. Never "newer than the last": that skips what commits late.

    By commitment, for the order within a seal must tell nothing about time. Two plain look-ups by id and no join: where
    the tables have grown faster than the planner was told, it joins them by reading one whole for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM voting_queuedballot WHERE poll_id = %s RETURNING ballot_id", [poll_id])
        ids = [row[0] for row in cursor]
        if not ids:
            return []
        cursor.execute("SELECT ballot_id, choices::text FROM voting_opening WHERE ballot_id = ANY(%s)", [ids])
        choices = dict(cursor.fetchall())
        cursor.execute(
            "SELECT id, pseudonym, revision, commitment, weight, is_paper FROM voting_ballot"
            " WHERE id = ANY(%s) ORDER BY commitment",
            [ids],
        )
        return [
            Taken(pk, bytes(pseudonym), revision, bytes(commitment), weight, is_paper, json.loads(choices[pk]))
            for pk, pseudonym, revision, commitment, weight, is_paper in cursor
        ]


def _count(poll: Poll, ballots: list[Taken], tally: dict[str, Any]) -> None:
    """Change ``tally`` by these ballots; delete the openings that no longer stand."""
    counting = poll.counting
    revisions: dict[bytes, list[Taken]] = defaultdict(list)
    for ballot in ballots:
        revisions[ballot.pseudonym].append(ballot)

    superseded = []
    voted_before = [voter for voter, cast in revisions.items() if min(ballot.revision for ballot in cast) > 1]
    for opening in Opening.objects.select_related("ballot").filter(
        ballot__poll=poll, ballot__pseudonym__in=voted_before, ballot__leaf__isnull=False
    ):
        counting.subtract(tally, opening.choices, opening.ballot.weight)
        superseded.append(opening.pk)
    for of_one_voter in revisions.values():
        *older, standing = sorted(of_one_voter, key=lambda ballot: ballot.revision)
        counting.add(tally, standing.choices, standing.weight)
        superseded += [ballot.id for ballot in older]
    Opening.objects.filter(pk__in=superseded).delete()


def _write_tally(poll: Poll, number: int, counted: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO voting_tally AS old (poll_id, number, counted, shown_number, shown, shown_at, held_number, held)
            VALUES (
                %(poll)s, %(number)s, %(counted)s, 0, %(empty)s, date_trunc('second', clock_timestamp()), 0, %(empty)s
            )
            ON CONFLICT (poll_id) DO UPDATE SET number = excluded.number, counted = excluded.counted
            """,
            {
                "poll": poll.pk,
                "number": number,
                "counted": json.dumps(counted),
                "empty": json.dumps(poll.counting.running_tally(poll.counted_options())),
            },
        )
    if poll.disclosure == Poll.Disclosure.PUBLISHED:
        show_all(poll.pk)
    elif _voters_since_held(poll.pk) >= STEP:
        _show_held(poll.pk)


def show_all(poll_id: int) -> None:
    """Let what is shown of the count be the count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE voting_tally SET shown_number = number, shown = counted, "
            "shown_at = date_trunc('second', clock_timestamp()) WHERE poll_id = %s",
            [poll_id],
        )


def _show_held(poll_id: int) -> None:
    """A step: what was held back is shown, and the count of now held back until the next one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE voting_tally SET shown_number = held_number, shown = held, held_number = number, held = counted, "
            "shown_at = date_trunc('second', clock_timestamp()) WHERE poll_id = %s",
            [poll_id],
        )


def _voters_since_held(poll_id: int) -> int:
    """Different people, and not ballots: one who votes ten times must not be seen through."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(DISTINCT ballot.pseudonym) FROM voting_leaf leaf
            JOIN voting_tally tally ON tally.poll_id = leaf.poll_id AND leaf.number > tally.held_number
            JOIN voting_ballot ballot ON ballot.id = leaf.ballot_id
            WHERE leaf.poll_id = %s
            """,
            [poll_id],
        )
        return cursor.fetchone()[0]
