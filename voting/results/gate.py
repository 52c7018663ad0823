"""The results gate: whether the count of a poll may be seen now, by this person. The only place that decides it.

Pages, sockets, the API and exports ask it; nobody is above it: no role sees a count before its time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.models import User
from accounts.refusals import NotPermitted, Reason
from consultations.clock import database_now
from voting.ballots.own import marks_that_voted
from voting.ballots.shapes import account_mark
from voting.models import Poll, PollSecret, RollEntry

AFTER_VOTING = Reason("after_voting", _("You see the count once you have voted. Everybody sees it after the close."))
AFTER_CLOSE = Reason("after_close", _("The count is shown after the close, to everybody at the same time."))
EMBARGO = Reason("embargo", _("The count is under embargo: everybody sees it at the same time."))
BEFORE_CLOSE = Reason("before_close", _("Single ballots are published after the close."))
FOR_AUDITORS = Reason("for_auditors", _("Only accredited observers see the single ballots of this vote."))


@dataclass(frozen=True)
class Withheld:
    """That the count may not be seen: why, and from when it may (None: no date is set)."""

    reason: Reason
    until: datetime | None


class CountWithheld(NotPermitted):
    """The count may not be seen now; ``until`` as in ``Withheld``."""

    def __init__(self, withheld: Withheld):
        super().__init__(withheld.reason)
        self.until = withheld.until


def count_withheld(poll: Poll, user: Person, *, voted: bool | None = None) -> Withheld | None:
    """None if ``user`` may see the poll's counts now. Assumes that they may see the poll itself.

    voted: whether they have, where the caller has looked already (``tallies.own_ballots``).
    Costs no query but for AFTER_VOTING before the close, where ``voted`` is not given, and for the time of an embargo.
    """
    if poll.results_policy == Poll.ResultsPolicy.EMBARGO:
        return _embargo(poll)
    if poll.is_closed or poll.results_policy == Poll.ResultsPolicy.LIVE:
        return None
    if poll.results_policy == Poll.ResultsPolicy.AFTER_VOTING:
        voted = has_voted(poll, user) if voted is None else voted
        return None if voted else Withheld(AFTER_VOTING, poll.phase.ends_at)
    return Withheld(AFTER_CLOSE, poll.phase.ends_at)


def _embargo(poll: Poll) -> Withheld | None:
    """Until its end and the close, whichever is later; the agency's own people and administrators wait too."""
    assert poll.embargo_until is not None
    if not poll.is_closed:
        ends = [moment for moment in (poll.phase.ends_at, poll.embargo_until) if moment]
        return Withheld(EMBARGO, max(ends))
    return Withheld(EMBARGO, poll.embargo_until) if database_now() < poll.embargo_until else None


def under_embargo(poll: str = "") -> Q:
    """The same as a condition of a query that reads many polls. ``poll``: the way to it, as "poll__"."""
    return Q(**{f"{poll}results_policy": Poll.ResultsPolicy.EMBARGO, f"{poll}embargo_until__gt": ClockTimestamp()})


class ClockTimestamp(Func):
    """The database's wall clock."""

    template = "clock_timestamp()"
    output_field = DateTimeField()


def is_public_count(poll: Poll) -> bool:
    """Whether everybody who may see the poll may see its counts: no need to know who asks."""
    if poll.results_policy == Poll.ResultsPolicy.EMBARGO:
        return _embargo(poll) is None
    return poll.is_closed or poll.results_policy == Poll.ResultsPolicy.LIVE


def who_sees_count(poll: Poll, people: Collection[int]) -> set[int]:
    """Those of these accounts for whom ``count_withheld`` is None: asked of many at once. Three queries at the most."""
    if is_public_count(poll):
        return set(people)
    return _voters_among(poll, people) if poll.results_policy == Poll.ResultsPolicy.AFTER_VOTING else set()


def _voters_among(poll: Poll, people: Collection[int]) -> set[int]:
    """Those who have voted, before the close: ``has_voted`` for many."""
    secret = PollSecret.objects.filter(poll=poll).first()
    if secret is None:
        return set()
    marks = {person: account_mark(person, bytes(secret.key)) for person in people}
    found = marks_that_voted(marks.values())
    return {person for person, mark in marks.items() if mark in found}


def require_count(poll: Poll, user: Person) -> None:
    """Raise CountWithheld, with the reason, unless ``user`` may see the counts now."""
    withheld = count_withheld(poll, user)
    if withheld:
        raise CountWithheld(withheld)


def ballots_withheld(poll: Poll, user: Person) -> Withheld | None:
    """None where ``user`` may see single ballots: after the close and the count, everybody or observers alone."""
    if not poll.is_closed:
        return Withheld(BEFORE_CLOSE, poll.phase.ends_at)
    if poll.disclosure == Poll.Disclosure.AUDITORS and not user.has_perm("voting.observe_poll", poll):
        return Withheld(FOR_AUDITORS, None)
    return count_withheld(poll, user)


def has_voted(poll: Poll, user: Person) -> bool:
    """Whether ``user`` has cast a ballot; after the close, from the roll."""
    if not isinstance(user, User):
        return False
    if poll.is_closed:
        return RollEntry.objects.filter(poll=poll, user=user).exists()
    return user.pk in _voters_among(poll, [user.pk])
