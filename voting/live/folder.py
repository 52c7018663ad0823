"""The folder's loop: one in each server process, so that what was cast is counted and shown.

A cast wakes it; it folds in a thread, at once when the poll is quiet, otherwise at most every 250 ms; then announces.
Every second it also looks for what nobody woke it for: ballots queued by a process that died, polls whose time is over.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from asgiref.sync import sync_to_async

logger = logging.getLogger(__name__)

TICK = 1.0
FOLD_INTERVAL = 0.25  # seconds from one fold of a poll to its next
FOLDS_AT_A_TIME = 4  # polls; each takes a thread and a database connection
RETRY_FROM, RETRY_UP_TO = 0.5, 30.0


class Folder:
    """Belongs to one event loop; only ``wake`` may be called from elsewhere.

    fold(poll_id): does the work, in a thread. True if there is something new to show.
    due(): ids of polls that need a fold although nobody woke the folder for them, in a thread.
    announce(poll_id): tells whoever watches.
    """

    def __init__(
        self,
        *,
        fold: Callable[[int], bool],
        due: Callable[[], Iterable[int]],
        announce: Callable[[int], None],
        tick: float = TICK,
        interval: float = FOLD_INTERVAL,
    ) -> None:
        self._fold = sync_to_async(fold, thread_sensitive=False)
        self._due = sync_to_async(lambda: list(due()), thread_sensitive=False)
        self._announce = announce
        self._tick = tick
        self._interval = interval
        self._wanted: set[int] = set()
        self._busy: set[int] = set()
        self._failures: dict[int, int] = {}
        self._slots = asyncio.Semaphore(FOLDS_AT_A_TIME)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: int | None = None

    async def run(self) -> None:
        """Tick until cancelled. Nothing that ``fold`` or ``due`` raise ends it: it logs, backs off and goes on."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        for poll_id in self._wanted - self._busy:
            self._start(poll_id)
        failures = 0
        try:
            while True:
                try:
                    for poll_id in await self._due():
                        self._want(poll_id)
                    failures = 0
                except Exception:
                    failures += 1
                    _log(failures, "The folder cannot see which polls are due")
                await asyncio.sleep(_pause(failures) if failures else self._tick)
        finally:
            for task in self._tasks:
                task.cancel()

    def wake(self, poll_id: int) -> None:
        """From any thread: something was appended to this poll. Returns at once."""
        if self._loop is None or self._thread == threading.get_ident():
            self._want(poll_id)
            return
        try:
            self._loop.call_soon_threadsafe(self._want, poll_id)
        except RuntimeError:  # the loop is closed, this process is ending; the queue is in the database
            logger.debug("poll %s woke the folder after the end of its loop", poll_id)

    def _want(self, poll_id: int) -> None:
        self._wanted.add(poll_id)
        if self._loop is not None and poll_id not in self._busy:
            self._start(poll_id)

    def _start(self, poll_id: int) -> None:
        self._busy.add(poll_id)
        self._keep(self._fold_while_wanted(poll_id))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="folder")
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)

    async def _fold_while_wanted(self, poll_id: int) -> None:
        """Fold until nobody asks for more, never two folds of one poll at once, and not faster than the interval."""
        loop = asyncio.get_running_loop()
        try:
            while poll_id in self._wanted:
                began = loop.time()
                self._wanted.discard(poll_id)  # before the fold: whatever comes during it asks for another one
                await self._fold_once(poll_id)
                failures = self._failures.get(poll_id, 0)
                await asyncio.sleep(began + (_pause(failures) if failures else self._interval) - loop.time())
        finally:
            self._busy.discard(poll_id)

    async def _fold_once(self, poll_id: int) -> None:
        try:
            async with self._slots:
                has_news = await self._fold(poll_id)
        except Exception:
            self._failures[poll_id] = self._failures.get(poll_id, 0) + 1
            self._wanted.add(poll_id)
            _log(self._failures[poll_id], f"Poll {poll_id} could not be folded")
            return
        self._failures.pop(poll_id, None)
        if has_news:
            try:
                self._announce(poll_id)
            except Exception:
                logger.exception("The fold of poll %s could not be announced", poll_id)


class LeftAlone:
    """For a server beside a folder of its own process: what is due and was not sealed since the last time it asked.

    So the ballots are counted within two ticks though that process is gone.
    """

    def __init__(self, due: Callable[[], Iterable[int]], sealed_up_to: Callable[[set[int]], dict[int, int]]) -> None:
        self._due = due
        self._sealed_up_to = sealed_up_to
        self._before: dict[int, int] = {}

    def __call__(self) -> list[int]:
        now = dict.fromkeys(self._due(), 0)
        now.update(self._sealed_up_to(set(now)))
        alone = [poll_id for poll_id, number in now.items() if self._before.get(poll_id) == number]
        self._before = now
        return alone


_folder: Folder | None = None


def install(folder: Folder | None) -> None:
    """Make it the one that ``wake`` wakes in this process; None for no one."""
    global _folder
    _folder = folder


def wake(poll_id: int) -> None:
    """Tell this process's folder, from any thread, that a ballot was appended. Without one (a command, a test) nothing
    happens here: the ballot is in the queue, and the next tick of any server process finds it."""
    if _folder is not None:
        _folder.wake(poll_id)


def _pause(failures: int) -> float:
    return min(RETRY_FROM * 2.0 ** min(failures - 1, 10), RETRY_UP_TO)


def _log(failures: int, what: str) -> None:
    """The first failure with its traceback, what follows in one line each, further and further apart."""
    if failures == 1:
        logger.exception("%s", what)
    else:
        logger.warning("%s (%s times in a row)", what, failures)
