"""Reading the count: for a page, a frame of the socket, the API. Everything here asks the results gate first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from accounts.access import Person
from voting.ballots import pseudonym_of
from voting.gate import count_withheld
from voting.models import Ballot, Poll, PollSecret, Seal


@dataclass(frozen=True)
class OptionCount:
    """One bar: ``share`` is of the voters (0 to 1), None where there are none."""

    id: int
    label: str
    kind: str
    count: int
    share: float | None


@dataclass(frozen=True)
class TallyView:
    """The count as of ballot ``number``. ``voters``: standing ballots, blank ones included."""

    options: list[OptionCount]
    number: int
    voters: int
    blank: int
    sealed_at: datetime | None
    is_final: bool


@dataclass(frozen=True)
class OwnBallot:
    """A voter's own ballot while the poll is open. ``number``: its place in the log, None until it is sealed."""

    choices: dict[str, int]
    revision: int
    number: int | None


def latest_seal(poll: Poll) -> Seal | None:
    return Seal.objects.filter(poll=poll).order_by("-number").first()


def tally_for(poll: Poll, user: Person) -> TallyView | None:
    """The count that ``user`` may see now, or None where the gate withholds it."""
    return None if count_withheld(poll, user) else _tally(poll, latest_seal(poll))


def tallies_for(polls: Iterable[Poll], user: Person, own: dict[int, OwnBallot]) -> dict[int, TallyView]:
    """``tally_for`` of several polls, by id, in one query. ``own``: what ``own_ballots`` has found for these polls."""
    shown = [poll for poll in polls if not count_withheld(poll, user, voted=poll.pk in own)]
    last = Seal.objects.filter(poll=OuterRef("pk")).order_by("-number").values("pk")[:1]
    ids = Poll.objects.filter(pk__in=[poll.pk for poll in shown]).values_list(Subquery(last))
    seals = {seal.poll_id: seal for seal in Seal.objects.filter(pk__in=ids)} if shown else {}
    return {poll.pk: _tally(poll, seals.get(poll.pk)) for poll in shown}


def frame(poll: Poll) -> dict[str, Any]:
    """What the socket sends and the API shows, JSON-ready. The caller has asked the gate."""
    tally = _tally(poll, latest_seal(poll))
    return {
        "poll": poll.pk,
        "number": tally.number,
        "voters": tally.voters,
        "blank": tally.blank,
        "counts": {str(option.id): option.count for option in tally.options},
        "sealed_at": tally.sealed_at.isoformat() if tally.sealed_at else None,
        "final": tally.is_final,
    }


def _tally(poll: Poll, seal: Seal | None) -> TallyView:
    options = list(poll.options.all())
    counted = seal.tally if seal else poll.counting.empty_tally([option.as_counted() for option in options])
    voters = counted["voters"]
    return TallyView(
        options=[
            OptionCount(
                id=option.pk,
                label=str(option),
                kind=option.kind,
                count=(count := counted["counts"].get(str(option.pk), 0)),
                share=count / voters if voters else None,
            )
            for option in options
        ],
        number=seal.number if seal else 0,
        voters=voters,
        blank=counted["blank"],
        sealed_at=seal.sealed_at if seal else None,
        is_final=poll.is_closed,
    )


def own_ballot(poll: Poll, user: Person) -> OwnBallot | None:
    """What ``user`` has voted, for their eyes only. None before voting, and after the close, when the link is gone."""
    return own_ballots([poll], user).get(poll.pk)


def own_ballots(polls: Iterable[Poll], user: Person) -> dict[int, OwnBallot]:
    """What ``user`` has voted in each of these polls, by the poll's id, in two queries."""
    opened = [poll.pk for poll in polls if not poll.is_closed]
    if not opened or not user.is_authenticated:
        return {}
    mine = Q()
    for secret in PollSecret.objects.filter(poll__in=opened):
        mine |= Q(poll=secret.poll_id, pseudonym=pseudonym_of(user.pk, bytes(secret.key)))
    if not mine:
        return {}
    newest_first = Ballot.objects.filter(mine).order_by("poll_id", "-revision").select_related("opening", "leaf")
    return {ballot.poll_id: _own(ballot) for ballot in newest_first.distinct("poll_id")}


def _own(ballot: Ballot) -> OwnBallot:
    leaf = getattr(ballot, "leaf", None)
    return OwnBallot(choices=ballot.opening.choices, revision=ballot.revision, number=leaf.number if leaf else None)
