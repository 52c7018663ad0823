"""What the live tallies need from the database: who may watch, what they see, what is to be folded.

Handed to ``voting/live``, which knows no models. The gate is asked for each viewer's session on joining, and for all of
them together while they watch; the frame itself is the same for all.
"""

import time
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from django.db.models import Max

from accounts.sessions import people_of
from consultations.clock import database_now
from consultations.live.hub import Session
from consultations.models import Consultation
from consultations.permissions import public
from voting.ballots import closing, folding
from voting.ballots.scrubbing import scrub_closed_polls
from voting.models import Poll, QueuedBallot, Seal
from voting.results.gate import is_public_count, who_sees_count
from voting.results.tallies import frame

P = ParamSpec("P")
R = TypeVar("R")


def _fetch(poll_id: int) -> dict[str, Any]:
    return frame(Poll.objects.get(pk=poll_id))


def _audience(poll_id: int) -> Hashable:
    """When its count is shown and who may see the poll: both may still be changed before the first ballot."""
    polls = Poll.objects.filter(pk=poll_id)
    return polls.values_list("results_policy", "embargo_until", "consultation__visibility").first()


def _admit(poll_id: int, sessions: Collection[Session]) -> set[Session]:
    """Those of ``sessions`` that may see the count now. Seven queries at the most; one where everybody may."""
    return _who_may(poll_id, sessions).watch


def _enter(poll_id: int, session: Session) -> tuple[bool, bool]:
    """Of one who comes: whether they may know of the poll, and whether they may see its count now."""
    who_may = _who_may(poll_id, [session])
    return session in who_may.know, session in who_may.watch


@dataclass(frozen=True)
class WhoMay:
    """Which sessions may know of a poll, and which may see its count now."""

    know: set[Session] = field(default_factory=set)
    watch: set[Session] = field(default_factory=set)


def _who_may(poll_id: int, sessions: Collection[Session]) -> WhoMay:
    poll = Poll.objects.select_related("phase", "consultation").filter(pk=poll_id).first()
    if poll is None:
        return WhoMay()
    is_in_sight_of_all = public(AnonymousUser(), poll.consultation) is None
    if is_in_sight_of_all and is_public_count(poll):
        return WhoMay(know=set(sessions), watch=set(sessions))
    people = {session: person.pk for session, person in people_of(sessions).items()}
    see_poll = Consultation.objects.filter(pk=poll.consultation_id).seen_by_which(set(people.values()))
    see_count = who_sees_count(poll, see_poll)
    return WhoMay(
        know=set(sessions) if is_in_sight_of_all else {key for key, person in people.items() if person in see_poll},
        watch={key for key, person in people.items() if person in see_count},
    )


# Not thread-sensitive: those calls would all wait for one thread of the whole process.
fetch = database_sync_to_async(_fetch, thread_sensitive=False)
audience = database_sync_to_async(_audience, thread_sensitive=False)
admit = database_sync_to_async(_admit, thread_sensitive=False)
enter = database_sync_to_async(_enter, thread_sensitive=False)


def _with_its_connection(work: Callable[P, R]) -> Callable[P, R]:
    """Give the thread's connection back to the pool afterwards: no request ends here that would do it."""

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return run


def _with_a_connection_apart(work: Callable[P, R]) -> Callable[P, R]:
    """With a connection that is not of the pool, in which the requests of a rush wait in line before us."""

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        of_pool = connections[DEFAULT_DB_ALIAS]
        apart = of_pool.copy()
        apart.settings_dict["OPTIONS"].pop("pool", None)
        connections[DEFAULT_DB_ALIAS] = apart
        try:
            return work(*args, **kwargs)
        finally:
            apart.close()
            connections[DEFAULT_DB_ALIAS] = of_pool

    return run


@_with_a_connection_apart
def fold(poll_id: int) -> bool:
    """Count what waits, and close the poll if its time is over. True if viewers have something new to see."""
    # Asked first: the close takes the poll's lock for itself alone, which would hold up every cast.
    if Poll.objects.due(database_now()).filter(pk=poll_id).exists() and closing.close(poll_id):
        return True
    return folding.fold(poll_id) is not None


@_with_its_connection
def sealed_up_to(polls: set[int]) -> dict[int, int]:
    """The number of the last seal of each of these polls that has one."""
    seals = Seal.objects.filter(poll__in=polls).order_by().values_list("poll")
    return dict(seals.annotate(Max("number"))) if polls else {}


SCRUB_INTERVAL = 10.0  # seconds
_scrubbed_at = 0.0


@_with_its_connection
def due() -> Iterable[int]:
    """Polls with ballots in the queue, whoever cast them, and polls whose time is over."""
    _scrub_now_and_then()
    queued = set(QueuedBallot.objects.values_list("poll_id", flat=True).distinct())
    return queued | set(Poll.objects.due(database_now()).values_list("pk", flat=True))


def _scrub_now_and_then() -> None:
    global _scrubbed_at
    if time.monotonic() - _scrubbed_at >= SCRUB_INTERVAL:
        _scrubbed_at = time.monotonic()
        scrub_closed_polls()
