"""Reading the count: for a page, a frame of the socket, the API. Everything here asks the results gate first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.access import Person
from accounts.models import User
from voting.ballots import pseudonym_of
from voting.gate import count_withheld
from voting.models import Ballot, Poll, PollSecret, Seal


@dataclass(frozen=True)
class OptionCount:
    """One bar: ``share`` is of what all voters together could give it (0 to 1), None where there are none."""

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
    """``tally_for`` of several polls, by id, without a query: they were read ``with_last_seal``.

    own: what ``own_ballots`` has found for these polls.
    """
    shown = [poll for poll in polls if not count_withheld(poll, user, voted=poll.pk in own)]
    return {poll.pk: _tally(poll, _last_seal(poll)) for poll in shown}


def with_last_seal(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """Polls that carry their last seal, for ``tallies_for``. All three columns are of one snapshot."""
    last = Seal.objects.filter(poll=OuterRef("pk")).order_by("-number")
    return polls.annotate(
        last_number=Subquery(last.values("number")[:1]),
        last_tally=Subquery(last.values("tally")[:1]),
        last_sealed_at=Subquery(last.values("sealed_at")[:1]),
    )


def _last_seal(poll: Any) -> Seal | None:
    if poll.last_number is None:
        return None
    return Seal(poll=poll, number=poll.last_number, tally=poll.last_tally, sealed_at=poll.last_sealed_at)


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
                share=count / (voters * poll.max_points) if voters else None,
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
    if poll.is_closed:
        return None
    return _own_ballots(PollSecret.objects.filter(poll=poll), user).get(poll.pk)


def own_ballots(polls: Iterable[Poll], user: Person) -> dict[int, OwnBallot]:
    """What ``user`` has voted in each of these polls, by the poll's id: one query for polls that carry their secret."""
    secrets = [getattr(poll, "secret", None) for poll in polls if not poll.is_closed]
    return _own_ballots([secret for secret in secrets if secret], user)


def _own_ballots(secrets: Iterable[PollSecret], user: Person) -> dict[int, OwnBallot]:
    if not isinstance(user, User):
        return {}
    mine = Q()
    for secret in secrets:
        mine |= Q(poll=secret.poll_id, pseudonym=pseudonym_of(user.pk, bytes(secret.key)))
    if not mine:
        return {}
    newest_first = Ballot.objects.filter(mine).order_by("poll_id", "-revision").select_related("opening", "leaf")
    return {ballot.poll_id: _own(ballot) for ballot in newest_first.distinct("poll_id")}


def _own(ballot: Ballot) -> OwnBallot:
    leaf = getattr(ballot, "leaf", None)
    return OwnBallot(choices=ballot.opening.choices, revision=ballot.revision, number=leaf.number if leaf else None)
