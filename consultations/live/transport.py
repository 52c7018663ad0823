"""How a frame reaches one viewer.

Two ways behind one interface, ``Viewer``. ``DirectViewer`` writes the prepared bytes straight to daphne's socket: an
ASGI ``send`` there costs seven times as much for each frame, most of it for registering the socket as writable, which
it nearly always is. It reaches into private objects of daphne, autobahn and Twisted;
where any of them looks different (another server, TLS or compression in the server, a test), ``QueuedViewer`` uses
ASGI. Neither ever makes the sender wait.
"""

import asyncio
import functools
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

logger = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]

PENDING_LIMIT = 64 * 1024  # bytes that wait for one viewer; above this, frames are skipped
PATIENCE = 40  # frames in a row, with nothing taken in between, until a viewer is let go: 10 s at 4 a second

GOING_AWAY = 1001

USED_OF_TWISTED = (
    "abortConnection",
    "connected",
    "dataBuffer",
    "offset",
    "socket",
    "write",
    "_tempDataBuffer",
    "_tempDataLen",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One message for all viewers, encoded once. ``wire`` is the WebSocket text frame as it stands on the wire."""

    text: str
    wire: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wire", text_frame(self.text.encode()))


def text_frame(payload: bytes) -> bytes:
    """A final, unmasked text frame (RFC 6455, 5.2).

    >>> text_frame(b"hi")
    b'\\x81\\x02hi'
    """
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


class Viewer(Protocol):
    """One open socket, as the hub sees it."""

    writer: asyncio.Task[None] | None
    """Its task, where it has one: done when nothing more can be sent."""

    @property
    def is_stuck(self) -> bool:
        """Whether it has taken nothing for so long that it should be let go."""

    def offer(self, frame: Frame) -> bool:
        """Send, or keep for sending, without waiting. False: skipped for now, offer the newest again later."""

    def let_go(self, code: int) -> None:
        """Close the socket, without waiting; with 1001 because it is stuck, otherwise for the viewer to read."""


def viewer_of(send: Send) -> Viewer:
    """The fastest way to the socket behind this ASGI ``send``. Needs a running event loop, after the accept."""
    protocol = _daphne_protocol(send)
    return DirectViewer(protocol) if protocol is not None else QueuedViewer(send)


class DirectViewer:
    """Tries the socket itself while nothing else waits for it, otherwise queues behind what does."""

    __slots__ = ("_expected", "_protocol", "_send", "_transport", "_unmoved")

    writer: asyncio.Task[None] | None = None

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._send = protocol.transport.socket.send
        self._expected = 0  # bytes that would be waiting had nothing moved since the last frame
        self._unmoved = 0

    @property
    def is_stuck(self) -> bool:
        return self._unmoved >= PATIENCE

    def offer(self, frame: Frame) -> bool:
        transport = self._transport
        if self._protocol.state != self._protocol.STATE_OPEN or not transport.connected:
            return True  # closing: it needs nothing more
        if transport.dataBuffer or transport._tempDataBuffer:
            return self._queue(frame.wire)
        self._unmoved = self._expected = 0
        try:
            sent = self._send(frame.wire)
        except BlockingIOError:
            sent = 0
        except OSError:
            return True  # the peer is gone; the reactor will notice and tell the consumer
        if sent < len(frame.wire):
            self._write(frame.wire[sent:])
        return True

    def let_go(self, code: int) -> None:
        if code == GOING_AWAY:
            self._transport.abortConnection()  # it reads nothing, so it would not read a farewell
        else:
            self._protocol.sendClose(code=code)

    def _queue(self, wire: bytes) -> bool:
        pending = self._pending()
        self._unmoved = self._unmoved + 1 if pending >= self._expected > 0 else 0
        self._expected = pending
        if pending + len(wire) > PENDING_LIMIT:
            return False
        self._write(wire)
        return True

    def _write(self, wire: bytes) -> None:
        self._transport.write(wire)
        self._expected = self._pending()

    def _pending(self) -> int:
        transport = self._transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen


class QueuedViewer:
    """A slot for one frame, the newest, emptied by a task of its own as fast as the server's ``send`` lets it."""

    def __init__(self, send: Send) -> None:
        self._asgi_send = send
        self._slot: Frame | None = None
        self._unmoved = 0
        self._wanted = asyncio.Event()
        self._farewell: int | None = None
        self.writer: asyncio.Task[None] | None = asyncio.create_task(self._write())

    @property
    def is_stuck(self) -> bool:
        return self._unmoved >= PATIENCE

    def offer(self, frame: Frame) -> bool:
        self._unmoved = 0 if self._slot is None else self._unmoved + 1
        self._slot = frame
        self._wanted.set()
        return True

    def let_go(self, code: int) -> None:
        """The consumer, which waits for ``writer``, then ends."""
        self._farewell = code
        self._slot = None
        if code == GOING_AWAY and self.writer:
            self.writer.cancel()
        self._wanted.set()

    async def _write(self) -> None:
        while self._farewell is None:
            await self._wanted.wait()
            self._wanted.clear()
            if self._slot is not None:
                frame, self._slot = self._slot, None
                try:
                    await self._asgi_send({"type": "websocket.send", "text": frame.text})
                except Exception:
                    # Servers differ in what they raise for a socket that has gone; the consumer hears of it apart.
                    logger.debug("a viewer went away while a frame was sent", exc_info=True)
                    return
        await self._asgi_send({"type": "websocket.close", "code": self._farewell})


def _daphne_protocol(send: Any) -> Any:
    """daphne's protocol object if this ``send`` is daphne's own and its socket may be written to, else None."""
    if not isinstance(send, functools.partial) or len(send.args) != 1:
        return None
    protocol = send.args[0]
    transport = getattr(protocol, "transport", None)
    # By class and never by attribute: Twisted's TLS transport passes on every attribute of the plain one below it,
    # and what is written to that socket goes out unencrypted. Twisted is not imported here: daphne did it, or nobody.
    tcp, websocket = sys.modules.get("twisted.internet.tcp"), sys.modules.get("autobahn.twisted.websocket")
    if tcp is None or websocket is None:
        return None
    if not isinstance(transport, tcp.Connection) or not isinstance(protocol, websocket.WebSocketServerProtocol):
        return None
    is_plain = getattr(transport, "TLS", True) is False and getattr(protocol, "_perMessageCompress", True) is None
    has_what_we_use = all(hasattr(transport, name) for name in USED_OF_TWISTED)
    return protocol if is_plain and has_what_we_use and not getattr(protocol, "send_queue", True) else None
