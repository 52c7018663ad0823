"""What the live tallies need from the database: who may watch, what they see, what is to be folded.

Handed to ``voting/live``, which knows no models. The gate is asked for each person on joining and again while they
watch; the frame itself is the same for all.
"""

import time
from collections.abc import Callable, Collection, Iterable
from enum import Enum, auto
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from django.db.models import Max

from accounts.access import Person
from accounts.models import User
from consultations.clock import database_now
from consultations.live.sockets import person_of
from voting.ballots import closing, folding
from voting.ballots.scrubbing import scrub_closed_polls
from voting.models import Poll, QueuedBallot, Seal
from voting.results.gate import count_withheld, is_public_count
from voting.results.tallies import frame

P = ParamSpec("P")
R = TypeVar("R")


class Refusal(Enum):
    NOT_FOUND = auto()  # a poll that this person may not know of, or none
    NOT_PERMITTED = auto()  # the gate withholds the count


def _fetch(poll_id: int) -> dict[str, Any]:
    return frame(Poll.objects.get(pk=poll_id))


def _admit(poll_id: int, persons: Collection[int | None]) -> set[int | None]:
    """Those of ``persons`` who may see the count now. None stands for everybody, known or not."""
    welcome: set[int | None] = set()
    if None in persons and _may_watch(poll_id, AnonymousUser(), as_anybody=True):
        welcome.add(None)
    known = User.objects.filter(pk__in=[person for person in persons if person is not None], is_active=True)
    welcome.update(user.pk for user in known if _may_watch(poll_id, user))
    return welcome


def _may_watch(poll_id: int, person: Person, *, as_anybody: bool = False) -> bool:
    poll = Poll.objects.visible_to(person).select_related("phase").filter(pk=poll_id).first()
    if poll is None:
        return False
    return is_public_count(poll) if as_anybody else count_withheld(poll, person) is None


def _enter(poll_id: int, session_key: str | None) -> tuple[int | None, Refusal | None]:
    """Whom the right to watch hangs on (a user's id; None: everybody has it), or why this person may not."""
    person = person_of(session_key)
    poll = Poll.objects.visible_to(person).select_related("phase").filter(pk=poll_id).first()
    if poll is None:
        return None, Refusal.NOT_FOUND
    if count_withheld(poll, person):
        return None, Refusal.NOT_PERMITTED
    return person.pk, None


# Not thread-sensitive: those calls would all wait for one thread of the whole process.
fetch = database_sync_to_async(_fetch, thread_sensitive=False)
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
