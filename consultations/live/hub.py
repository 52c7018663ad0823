"""One hub for each watched thing and process: hears that it changed, fetches it once, sends one frame to all.

What it costs is frames times viewers; how many vote does not appear in it. A frame is state and not a log: whoever
cannot keep up skips frames, and always gets the newest one in the end.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Any

from consultations.live.transport import GOING_AWAY, Frame, Viewer

logger = logging.getLogger(__name__)

Fetch = Callable[[int], Awaitable[Mapping[str, Any]]]
"""Key -> what its viewers may see now, ready for JSON."""

Session = str | None
"""What the right to watch hangs on: the key of the viewer's session, or None where everybody has the right."""

Admit = Callable[[int, Collection[Session]], Awaitable[Collection[Session]]]
"""Key and sessions -> those of them that may watch it now, in as many queries for thousands as for one.

Not those of sessions that are over: whoever logs out in one tab watches no longer in the other.
"""

Audience = Callable[[int], Awaitable[Hashable]]
"""Key -> for whom it is, whoever they are: of a poll, when its count is shown. Where that becomes another, the right to
watch is asked again before the next frame, and not only after the interval.
"""

FRAME_INTERVAL = 0.25  # seconds between two frames of one thing: at most 4 a second
ADMISSION_INTERVAL = 10.0  # seconds after which the right to watch is asked again
VIEWERS_AT_A_TIME = 500  # then others get their turn on the event loop
LONGEST_RETRY = 15.0

# Codes of the close, for the browser: 4000 and above are the application's own (RFC 6455, 7.4.2).
INTERNAL_ERROR = 1011
NO_LONGER_PERMITTED = 4403


class Hub:
    """The viewers of one thing in this process. Lives from its first viewer to its last."""

    def __init__(
        self,
        key: int,
        fetch: Fetch,
        admit: Admit,
        *,
        audience: Audience | None = None,
        interval: float = FRAME_INTERVAL,
        what: str = "poll",
    ) -> None:
        self.key = key
        self.what = what
        self.frame: Frame | None = None
        self._fetch = fetch
        self._admit = admit
        self._audience = audience
        self._is_for: Hashable = None
        self._interval = interval
        self._viewers: dict[Viewer, Session] = {}
        self._behind: set[Viewer] = set()  # skipped the newest frame
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._sent_at = float("-inf")

    def __len__(self) -> int:
        return len(self._viewers)

    def join(self, viewer: Viewer, session: Session) -> None:
        """Let ``viewer`` have the newest frame at once and all that follow, while the session may."""
        self._viewers[viewer] = session
        if self.frame is not None:
            self._offer(viewer, self.frame)
        if self._task is None:
            self._changed.set()
            self._task = asyncio.create_task(self._run(), name=f"hub of {self.what} {self.key}")

    def leave(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer, None)
        self._behind.discard(viewer)
        if not self._viewers and self._task is not None:
            self._task.cancel()
            self._task = None
            self.frame = None

    def changed(self) -> None:
        """What they watch is, or may be, another one. May be called any number of times."""
        self._changed.set()

    async def publish(self) -> None:
        """Fetch what is new, and send it to all who still may see it, unless nothing changed. Raises what ``fetch``
        raises."""
        text = json.dumps(await self._fetch(self.key), ensure_ascii=False, separators=(",", ":"))
        if self.frame is not None and self.frame.text == text:
            return
        if self._audience is not None:
            is_for = await self._audience(self.key)  # asked after the fetch: whatever that saw came before
            if is_for != self._is_for:  # at first too: that everybody may watch was known for a moment already
                await self._let_go_of_the_unwelcome()
            self._is_for = is_for
        self.frame = Frame(text)
        self._sent_at = asyncio.get_running_loop().time()
        await self._send_to(list(self._viewers))

    # --- Its task

    async def _run(self) -> None:
        """Publish on each change, no sooner than the interval after the last frame; see to who is behind or must go."""
        loop = asyncio.get_running_loop()
        failures = 0
        ask_again_at = loop.time() + ADMISSION_INTERVAL
        while True:
            await self._wait_for_change(until=loop.time() + self._interval if self._behind else ask_again_at)
            began = loop.time()
            try:
                if began >= ask_again_at:
                    await self._let_go_of_the_unwelcome()
                    ask_again_at = loop.time() + ADMISSION_INTERVAL
                if self._changed.is_set():
                    self._changed.clear()
                    await self.publish()
                if self._behind:
                    await self._send_to(list(self._behind))
                failures = 0
            except Exception:
                self._changed.set()  # so that what was announced is not lost
                failures += 1
                logger.log(
                    logging.ERROR if failures == 1 else logging.WARNING,
                    "What is new of %s %s could not be shown (failure %s in a row).",
                    self.what,
                    self.key,
                    failures,
                    exc_info=failures == 1,
                )
            pause = min(self._interval * 2 ** min(failures, 10), LONGEST_RETRY)
            await asyncio.sleep(max(began, self._sent_at) + pause - loop.time())

    async def _wait_for_change(self, until: float) -> None:
        try:
            async with asyncio.timeout_at(until):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _send_to(self, viewers: list[Viewer]) -> None:
        frame = self.frame
        if frame is None:
            return
        for number, viewer in enumerate(viewers, start=1):
            if viewer in self._viewers:  # it may have left meanwhile
                self._offer(viewer, frame)
            if number % VIEWERS_AT_A_TIME == 0:
                await asyncio.sleep(0)

    def _offer(self, viewer: Viewer, frame: Frame) -> None:
        """Never waits; nothing that goes wrong with one viewer reaches the others."""
        try:
            if viewer.offer(frame):
                self._behind.discard(viewer)
            else:
                self._behind.add(viewer)
            if viewer.is_stuck:
                self._let_go(viewer, GOING_AWAY)
        except Exception:
            logger.exception("A viewer of %s %s could not be sent to.", self.what, self.key)
            self._let_go(viewer, INTERNAL_ERROR)

    async def _let_go_of_the_unwelcome(self) -> None:
        """A right may be taken away, and a session end, while the socket is open: ask again, once for all."""
        asked = set(self._viewers.values())
        unwelcome = asked.difference(await self._admit(self.key, asked))
        for viewer, session in list(self._viewers.items()):
            if session in unwelcome:  # and not whoever came meanwhile, of whom nobody has asked
                self._let_go(viewer, NO_LONGER_PERMITTED)

    def _let_go(self, viewer: Viewer, code: int) -> None:
        self._viewers.pop(viewer, None)
        self._behind.discard(viewer)
        try:
            viewer.let_go(code)
        except Exception:
            logger.exception("A viewer of %s %s could not be let go.", self.what, self.key)


class HubRegistry:
    """Key -> its hub, while anybody watches in this process. Belongs to one event loop."""

    def __init__(
        self,
        fetch: Fetch,
        admit: Admit,
        *,
        audience: Audience | None = None,
        interval: float = FRAME_INTERVAL,
        what: str = "poll",
    ) -> None:
        self._what = what
        self._fetch = fetch
        self._admit = admit
        self._audience = audience
        self._interval = interval
        self._hubs: dict[int, Hub] = {}

    def __len__(self) -> int:
        return len(self._hubs)

    def __contains__(self, key: int) -> bool:
        return key in self._hubs

    def join(self, key: int, viewer: Viewer, session: Session) -> None:
        hub = self._hubs.get(key)
        if hub is None:
            hub = self._hubs[key] = Hub(
                key, self._fetch, self._admit, audience=self._audience, interval=self._interval, what=self._what
            )
        hub.join(viewer, session)

    def leave(self, key: int, viewer: Viewer) -> None:
        """Forget ``viewer``, and with the last one the hub. Harmless for somebody who is not there."""
        hub = self._hubs.get(key)
        if hub is not None:
            hub.leave(viewer)
            if not len(hub):
                del self._hubs[key]

    def changed(self, key: int) -> None:
        hub = self._hubs.get(key)
        if hub is not None:
            hub.changed()

    def all_changed(self) -> None:
        """Announcements may have been lost: look at everything that is watched."""
        for hub in self._hubs.values():
            hub.changed()
