"""The fold: what was appended to the log is numbered, counted and sealed. One transaction, one folder at a time."""

import json
from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from consultations.clock import database_now
from voting.locks import lock_fold
from voting.models import Opening, Poll, Seal


class Taken(NamedTuple):
    """A ballot out of the queue."""

    id: UUID
    pseudonym: bytes
    revision: int
    choices: dict[str, int]


def fold(poll_id: int) -> Seal | None:
    """Count the poll's queue and return the new seal, or None when there was nothing to count.

    Takes the fold's lock. What commits later waits for the next fold; nothing is counted twice or skipped, because
    being taken from the queue and being counted is one transaction.
    """
    if not Poll(pk=poll_id).queue.exists():  # cheap when there is nothing to do
        return None
    with transaction.atomic():
        lock_fold(poll_id)
        return fold_locked(Poll.objects.select_related("consultation__budget").get(pk=poll_id))


def fold_locked(poll: Poll) -> Seal | None:
    """The same, inside a transaction that holds the fold's lock."""
    ballots = _take_queue(poll.pk)
    if not ballots:
        return None
    last = Seal.objects.filter(poll=poll).order_by("-number").first()
    tally: dict[str, Any] = last.tally if last else poll.counting.empty_tally(poll.counted_options())
    number = last.number if last else 0
    _count(poll, ballots, tally)
    _write_leaves(poll.pk, [ballot.id for ballot in ballots], after=number)
    return Seal.objects.create(poll=poll, number=number + len(ballots), tally=tally, sealed_at=database_now())


def _take_queue(poll_id: int) -> list[Taken]:
    """Empty the poll's whole queue as committed. Never "newer than the last": that skips what commits late.

    By commitment, for the order within a seal must tell nothing about time. Two plain look-ups by id and no join: where
    the tables have grown faster than the planner was told, it joins them by reading one whole for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM voting_queuedballot WHERE poll_id = %s RETURNING ballot_id", [poll_id])
        ids = [row[0] for row in cursor]
        cursor.execute("SELECT ballot_id, choices::text FROM voting_opening WHERE ballot_id = ANY(%s)", [ids])
        choices = dict(cursor.fetchall())
        cursor.execute(
            "SELECT id, pseudonym, revision FROM voting_ballot WHERE id = ANY(%s) ORDER BY commitment", [ids]
        )
        return [Taken(pk, bytes(pseudonym), revision, json.loads(choices[pk])) for pk, pseudonym, revision in cursor]


def _count(poll: Poll, ballots: list[Taken], tally: dict[str, Any]) -> None:
    """Change ``tally`` by these ballots; delete the openings that no longer stand."""
    revisions: dict[bytes, list[Taken]] = defaultdict(list)
    for ballot in ballots:
        revisions[ballot.pseudonym].append(ballot)

    superseded = []
    voted_before = [voter for voter, cast in revisions.items() if min(ballot.revision for ballot in cast) > 1]
    for opening in Opening.objects.filter(
        ballot__poll=poll, ballot__pseudonym__in=voted_before, ballot__leaf__isnull=False
    ):
        poll.counting.subtract(tally, opening.choices)
        superseded.append(opening.pk)
    for of_one_voter in revisions.values():
        *older, standing = sorted(of_one_voter, key=lambda ballot: ballot.revision)
        poll.counting.add(tally, standing.choices)
        superseded += [ballot.id for ballot in older]
    Opening.objects.filter(pk__in=superseded).delete()


def _write_leaves(poll_id: int, ballots: list[UUID], after: int) -> None:
    """Number the ballots in this order, from ``after`` plus 1. One statement, however many they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO voting_leaf (ballot_id, poll_id, number)
            SELECT ballot_id, %s, %s + place FROM unnest(%s::uuid[]) WITH ORDINALITY AS sealed (ballot_id, place)
            """,
            [poll_id, after, ballots],
        )
