"""The fold: what was appended to the log is numbered, counted and sealed. One transaction, one folder at a time."""

from collections import defaultdict
from typing import Any

from django.db import connection, transaction

from consultations.clock import database_now
from voting.locks import lock_fold
from voting.models import Ballot, Leaf, Opening, Poll, Seal


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
    taken = _take_queue(poll.pk)
    if not taken:
        return None
    last = Seal.objects.filter(poll=poll).order_by("-number").first()
    tally: dict[str, Any] = last.tally if last else poll.counting.empty_tally(poll.counted_options())
    number = last.number if last else 0

    ballots = list(Ballot.objects.filter(pk__in=taken).select_related("opening"))
    _count(poll, ballots, tally)
    ballots.sort(key=lambda ballot: bytes(ballot.commitment))  # the order within a seal tells nothing about time
    Leaf.objects.bulk_create(
        [Leaf(ballot=ballot, poll=poll, number=number + place) for place, ballot in enumerate(ballots, start=1)]
    )
    return Seal.objects.create(poll=poll, number=number + len(ballots), tally=tally, sealed_at=database_now())


def _take_queue(poll_id: int) -> list[Any]:
    """Empty the poll's whole queue as committed. Never "newer than the last": that skips what commits late."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM voting_queuedballot WHERE poll_id = %s RETURNING ballot_id", [poll_id])
        return [row[0] for row in cursor.fetchall()]


def _count(poll: Poll, ballots: list[Ballot], tally: dict[str, Any]) -> None:
    """Change ``tally`` by these ballots; delete the openings that no longer stand."""
    revisions: dict[bytes, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        revisions[bytes(ballot.pseudonym)].append(ballot)

    counted_before = Opening.objects.filter(
        ballot__poll=poll, ballot__pseudonym__in=list(revisions), ballot__leaf__isnull=False
    )
    superseded = []
    for opening in counted_before:
        poll.counting.subtract(tally, opening.choices)
        superseded.append(opening.pk)
    for of_one_voter in revisions.values():
        *older, standing = sorted(of_one_voter, key=lambda ballot: ballot.revision)
        poll.counting.add(tally, standing.opening.choices)
        superseded += [ballot.pk for ballot in older]
    Opening.objects.filter(pk__in=superseded).delete()
