"""The announcement "number N changed" (of the polls, of the threads): heard once by each process, and by nobody else.

The own process hears it directly. Others hear it through the Channels layer, on which each process listens with one
task, to one group. While the layer is down (Redis restarts) nobody who announces notices: what is owed is kept and sent
later, and until the own messages come back again, everything that is watched is looked at every few seconds.
"""

import asyncio
import logging
import secrets
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)

BEAT_INTERVAL = 5.0  # seconds between two messages of a process to itself, which tell it that the layer still works
MISSED_BEATS = 2
LAYER_TIMEOUT = 2.0  # a layer that takes longer for one message counts as down
RETRY_FROM, RETRY_UP_TO = 0.5, 5.0
PROCESSES_KNOWN = 1000


class Layer(Protocol):
    """What is used of a Channels layer."""

    async def new_channel(self) -> str: ...
    async def receive(self, channel: str) -> dict[str, Any]: ...
    async def group_add(self, group: str, channel: str) -> None: ...
    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...


class Announcer:
    """Tells and hears what changed, of one kind of things. Belongs to one event loop.

    group: names the kind, among all processes.

    changed(key): called once for each announcement, of this process or another one.
    all_changed(): called when announcements may have been missed.
    """

    def __init__(
        self,
        layer: Layer,
        *,
        group: str,
        changed: Callable[[int], None],
        all_changed: Callable[[], None],
        beat: float = BEAT_INTERVAL,
    ) -> None:
        self._layer = layer
        self.group = group
        self._changed = changed
        self._all_changed = all_changed
        self._beat = beat
        self._name = secrets.token_hex(8)
        self._told = 0  # messages sent, or tried: each carries its number, so that others see a gap
        self._numbers: dict[str, int] = {}  # process -> number of its last message heard
        self._owed: set[int] = set()  # announced here, not yet told to the others
        self._to_tell = asyncio.Event()
        self._heard_at = 0.0
        self._is_up = True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: int | None = None

    async def run(self) -> None:
        """Listen and tell, until cancelled. Nothing that the layer does ends it."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_listening(), name=f"{self.group}: listen")
            tasks.create_task(self._keep_telling(), name=f"{self.group}: tell")

    def announce(self, key: int) -> None:
        """On the event loop. Returns at once and raises nothing, whatever the layer does."""
        self._changed(key)
        self._owed.add(key)
        self._to_tell.set()

    def announce_soon(self, key: int) -> None:
        """The same from any thread."""
        if self._loop is None or self._thread == threading.get_ident():
            self.announce(key)
            return
        try:
            self._loop.call_soon_threadsafe(self.announce, key)
        except RuntimeError:  # the loop is closed: this process is ending, and shows nothing any more
            logger.debug("announcement of %s %s after the end of the loop", self.group, key)

    # --- Telling

    async def _keep_telling(self) -> None:
        """Send what is owed, as one message however much it names, and now and then a sign of life."""
        retry = RETRY_FROM
        while True:
            try:
                async with asyncio.timeout(self._beat):
                    await self._to_tell.wait()
            except TimeoutError:
                pass
            self._to_tell.clear()
            keys, self._owed = self._owed, set()
            self._told += 1
            if await self._tried(
                self._layer.group_send(self.group, _message(self.group, self._name, self._told, keys))
            ):
                retry = RETRY_FROM
            else:
                self._owed |= keys
                self._to_tell.set()
                self._all_changed()  # the others cannot be heard either
                await asyncio.sleep(retry)
                retry = min(retry * 2, RETRY_UP_TO)

    # --- Listening

    async def _keep_listening(self) -> None:
        """Listen; when nothing comes any more, not even from oneself, start over with a new channel."""
        retry = RETRY_FROM
        while True:
            channel = await self._joined()
            if channel is None:
                await asyncio.sleep(retry)
                retry = min(retry * 2, RETRY_UP_TO)
                continue
            retry = RETRY_FROM
            self._all_changed()  # whatever was said while nobody listened
            listening = asyncio.create_task(self._listen(channel), name=f"{self.group}: receive")
            try:
                await self._watch_over(listening, channel)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _joined(self) -> str | None:
        """A channel that hears the group, or None while the layer is down."""
        channel: str | None = None

        async def join() -> None:
            nonlocal channel
            name = await self._layer.new_channel()
            await self._layer.group_add(self.group, name)
            channel = name

        await self._tried(join())
        return channel

    async def _listen(self, channel: str) -> None:
        while True:
            message = await self._layer.receive(channel)
            self._heard_at = asyncio.get_running_loop().time()
            sender = message["from"]
            if self._has_gap(sender, message["number"]):
                self._all_changed()
            if sender == self._name:
                self._note(is_up=True)
                continue  # it has told itself already
            for key in message["keys"]:
                self._changed(key)

    def _has_gap(self, sender: str, number: int) -> bool:
        """Whether a message of this process was lost, as happens while a connection to Redis is renewed unseen."""
        last = self._numbers.get(sender)
        if len(self._numbers) > PROCESSES_KNOWN:
            self._numbers.clear()
        self._numbers[sender] = number
        return last is not None and number != last + 1

    async def _watch_over(self, listening: asyncio.Task[None], channel: str) -> None:
        """Return when the layer has gone silent, or the listening has failed."""
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        while not listening.done():
            await asyncio.wait({listening}, timeout=self._beat)
            if loop.time() - self._heard_at > self._beat * (MISSED_BEATS + 1):
                self._note(is_up=False, why=TimeoutError("own messages do not come back"))
                return
            # The in-memory layer forgets members after a day; for Redis this is a look into a set.
            if not await self._tried(self._layer.group_add(self.group, channel)):
                return
        if not listening.cancelled() and listening.exception():
            self._note(is_up=False, why=listening.exception())

    # --- What the layer does wrong

    async def _tried(self, call: Awaitable[Any]) -> bool:
        try:
            async with asyncio.timeout(LAYER_TIMEOUT):
                await call
        except Exception as why:
            self._note(is_up=False, why=why)
            return False
        return True

    def _note(self, *, is_up: bool, why: BaseException | None = None) -> None:
        """Say it once when it goes down, and once when it is back."""
        if is_up and not self._is_up:
            logger.warning("The channel layer works again.")
            self._all_changed()
        elif not is_up and self._is_up:
            logger.warning(
                "The channel layer does not answer (%s: %s). What other processes announce arrives late until it does.",
                type(why).__name__,
                why,
            )
        self._is_up = is_up


def _message(group: str, sender: str, number: int, keys: set[int]) -> dict[str, Any]:
    return {"type": f"{group}.changed", "from": sender, "number": number, "keys": sorted(keys)}


_announcers: dict[str, Announcer] = {}


def install(group: str, announcer: Announcer | None) -> None:
    """Make it the one that this process announces through, for this group; None for no one."""
    if announcer is None:
        _announcers.pop(group, None)
    else:
        _announcers[group] = announcer


def announce_soon(group: str, key: int) -> None:
    """Say that ``key`` changed, from any thread of any process; raises nothing. Call it after the commit."""
    announcer = _announcers.get(group)
    if announcer is not None:
        announcer.announce_soon(key)
        return
    layer = get_channel_layer()
    if not isinstance(layer, InMemoryChannelLayer):  # which nobody hears outside of this process
        _tell_once(group, key, layer)


def _tell_once(group: str, key: int, layer: Layer) -> None:
    """From a process that has no announcer of its own: a command."""

    async def tell() -> None:
        async with asyncio.timeout(LAYER_TIMEOUT):
            await layer.group_send(group, _message(group, secrets.token_hex(8), 1, {key}))

    try:
        async_to_sync(tell)()
    except Exception as why:
        logger.warning("The servers were not told of %s %s; they will see it later (%s).", group, key, why)
