"""Reading the count: for a page, a frame of the socket, the API. Everything here asks the results gate first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from accounts.access import Person
from accounts.models import User
from accounts.prepared import prepared
from voting.ballots.shapes import account_mark, pseudonym_of
from voting.methods.base import weight_of
from voting.models import Ballot, Poll, PollSecret, Tally
from voting.results.gate import count_withheld
from voting.rolls.eligible import voter_name


@dataclass(frozen=True)
class OptionCount:
    """One bar: ``share`` is of what all ballots together could give it (0 to 1), None where there are none.
    is_withdrawn: it cannot win, whatever it was given."""

    id: int
    label: str
    kind: str
    count: int
    share: float | None
    is_withdrawn: bool = False


@dataclass(frozen=True)
class TallyView:
    """The count as of ballot ``number``. ``voters``: standing ballots, blank ones included. ``weight``: what they weigh
    together; None where each weighs 1. ``spoilt``: paper ballots that could not be counted; None where none came in."""

    options: list[OptionCount]
    number: int
    voters: int
    blank: int
    sealed_at: datetime | None
    is_final: bool
    weight: int | None = None
    spoilt: int | None = None

    @property
    def whole(self) -> int:
        """What shares are of."""
        return self.voters if self.weight is None else self.weight


@dataclass(frozen=True)
class OwnBallot:
    """A voter's own ballot while the poll is open. ``number``: its place in the log, None until it is sealed."""

    id: UUID
    choices: dict[str, int]
    revision: int
    number: int | None
    weight: int = 1


def tallies_for(polls: Iterable[Poll], user: Person, own: dict[int, OwnBallot]) -> dict[int, TallyView]:
    """The counts that ``user`` may see now, by the poll's id: no query for polls that were read with their tally.

    own: what ``own_ballots`` has found for these polls.
    """
    shown = [poll for poll in polls if not count_withheld(poll, user, voted=poll.pk in own)]
    return {poll.pk: _view(poll, getattr(poll, "tally", None), getattr(poll, "spoilt_found", None)) for poll in shown}


def frame(poll: Poll) -> dict[str, Any]:
    """What the socket sends and the API shows, JSON-ready. The caller has asked the gate."""
    # Not what the poll may have been read with. Spoilt ballots are known with their batch.
    found = Tally.objects.filter(poll=poll).annotate(spoilt_found=Sum("poll__paper_batches__spoilt_count")).first()
    tally = _view(poll, found, getattr(found, "spoilt_found", None))
    return {
        "poll": poll.pk,
        "number": tally.number,
        "voters": tally.voters,
        **({} if tally.weight is None else {"weight": tally.weight}),
        "blank": tally.blank,
        **({} if tally.spoilt is None else {"spoilt": tally.spoilt}),
        "counts": {str(option.id): option.count for option in tally.options},
        "sealed_at": tally.sealed_at.isoformat() if tally.sealed_at else None,
        "final": tally.is_final,
    }


def _view(poll: Poll, tally: Tally | None, spoilt: int | None) -> TallyView:
    options = list(poll.options.all())
    counted = tally.shown if tally else poll.counting.running_tally([option.as_counted() for option in options])
    whole = weight_of(counted)
    return TallyView(
        options=[
            OptionCount(
                id=option.pk,
                label=str(option),
                kind=option.kind,
                count=(count := counted["counts"].get(str(option.pk), 0)),
                share=count / (whole * poll.most_each) if whole else None,
                is_withdrawn=option.withdrawn_at is not None,
            )
            for option in options
        ],
        number=tally.shown_number if tally else 0,
        voters=counted["voters"],
        blank=counted["blank"],
        sealed_at=tally.shown_at if tally and tally.shown_number else None,
        is_final=poll.is_closed,
        weight=counted.get("weight"),
        spoilt=spoilt,
    )


def own_ballot(poll: Poll, user: Person) -> OwnBallot | None:
    """What ``user`` has voted, for their eyes only. None before voting, and after the close, when the link is gone."""
    if poll.is_closed:
        return None
    secret = PollSecret.objects.filter(poll=poll).first()
    return _found([(poll, secret)] if secret else [], user).own.get(poll.pk)


def own_ballots(polls: Iterable[Poll], user: Person) -> dict[int, OwnBallot]:
    """What ``user`` has voted in each of these polls, by the poll's id: one query for polls that carry their secret."""
    return ballots_under_name(polls, user).own


def ballots_under_name(polls: Iterable[Poll], user: Person) -> "UnderName":
    """The ballots that ``user`` would replace by voting: one query for polls that carry their secret."""
    secrets = [(poll, getattr(poll, "secret", None)) for poll in polls if not poll.is_closed]
    return _found([(poll, secret) for poll, secret in secrets if secret], user)


class UnderName(NamedTuple):
    """``own``: what the user has voted, by the poll's id. ``of_another``: polls in which somebody voted with what is
    now the user's entry on the roll, from another account: what they chose is not for the user's eyes."""

    own: dict[int, OwnBallot]
    of_another: set[int]


def _found(secrets: Iterable[tuple[Poll, PollSecret]], user: Person) -> UnderName:
    found = UnderName({}, set())
    if not isinstance(user, User):
        return found
    marks: dict[int, bytes] = {}
    pseudonyms: dict[int, bytes] = {}
    for poll, secret in secrets:
        name, key = voter_name(poll, user), bytes(secret.key)
        if name is not None:
            marks[poll.pk], pseudonyms[poll.pk] = account_mark(user.pk, key), pseudonym_of(name, key)
    names = {f"name_{at}": name for at, name in enumerate(chain(*pseudonyms.items()))}
    for ballot in _newest_of(**names) if names else ():
        if bytes(ballot.opening.account_mark or b"") == marks[ballot.poll_id]:
            found.own[ballot.poll_id] = _own(ballot)
        else:
            found.of_another.add(ballot.poll_id)
    return found


@prepared
def _newest_of(**names: Any) -> QuerySet[Ballot]:
    """names: pairs of a poll and of somebody's pseudonym in it, one after the other."""
    values = iter(names.values())
    wanted = Q()
    for poll, pseudonym in zip(values, values, strict=True):
        wanted |= Q(poll=poll, pseudonym=pseudonym)
    newest_first = Ballot.objects.filter(wanted).order_by("poll_id", "-revision").select_related("opening", "leaf")
    return newest_first.distinct("poll_id")


def ballot_left(poll: Poll, user: Person) -> OwnBallot | None:
    """The ballot of somebody who was taken off the roll since, as long as it stands. One query."""
    secret = getattr(poll, "secret", None)
    if secret is None or poll.is_closed or not isinstance(user, User):
        return None
    mark = account_mark(user.pk, bytes(secret.key))
    cast = Ballot.objects.filter(opening__account_mark=mark).select_related("opening", "leaf").order_by("-revision")
    ballot = cast.first()
    return _own(ballot) if ballot else None


def _own(ballot: Ballot) -> OwnBallot:
    leaf = getattr(ballot, "leaf", None)
    return OwnBallot(
        id=ballot.pk,
        choices=ballot.opening.choices,
        revision=ballot.revision,
        number=leaf.number if leaf else None,
        weight=ballot.weight,
    )
