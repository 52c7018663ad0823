"""Long answers at the reader's pace: daphne by itself takes whatever a stream gives and keeps in memory what waits.

Twisted, below daphne, says when the socket's buffer is full; this holds the stream back until it is not. It also ends
an answer that breaks half-way by breaking the connection, so that nobody takes half a file for a whole one: daphne
would try to begin a second answer, and its housekeeping would stop for good. With another server than daphne this does
nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from daphne.http_protocol import WebRequest

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATIENCE = 60  # seconds in which a reader must take something


class ReaderStalled(Exception):
    """Nothing was taken within PATIENCE."""


def paced(application: Application) -> Application:
    """``application``, whose long answers wait for their reader."""

    async def at_the_readers_pace(scope: Scope, receive: Receive, send: Send) -> None:
        request = _request_of(send)
        if request is None:
            await application(scope, receive, send)
            return
        answer = PacedAnswer(request, send)
        try:
            await application(scope, receive, answer.send)
        except Exception as error:
            if not answer.has_begun:
                raise
            _break_off(request, error)
        finally:
            answer.unregister()

    return at_the_readers_pace


class PacedAnswer:
    """One answer, as Twisted knows it: something that can be told to pause (an ``IPushProducer``)."""

    def __init__(self, request: WebRequest, send: Send):
        self._request = request
        self._send = send
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_registered = False
        self.has_begun = False

    async def send(self, message: Message) -> None:
        if message.get("more_body"):
            self._register()
            await self._room()
        else:
            self.unregister()
        self.has_begun = self.has_begun or message["type"] == "http.response.body"
        await self._send(message)

    async def _room(self) -> None:
        try:
            await asyncio.wait_for(self._has_room.wait(), PATIENCE)
        except TimeoutError:
            raise ReaderStalled from None

    def _register(self) -> None:
        if not self._is_registered and self._request.channel is not None:
            self._request.registerProducer(self, True)
            self._is_registered = True

    def unregister(self) -> None:
        if self._is_registered and self._request.channel is not None:
            self._request.unregisterProducer()
        self._is_registered = False

    # What Twisted calls

    def pauseProducing(self) -> None:  # noqa: N802
        self._has_room.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._has_room.set()

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is lost; Django hears of it by another way. Nobody must wait here meanwhile."""
        self._has_room.set()


def _request_of(send: Send) -> WebRequest | None:
    """daphne's request behind an ASGI ``send``: it is bound to it. None where another server made the ``send``."""
    bound = send.args[0] if isinstance(send, partial) and send.args else None
    return bound if isinstance(bound, WebRequest) else None


def _break_off(request: WebRequest, error: Exception) -> None:
    if isinstance(error, ReaderStalled):
        logger.warning("%s: the reader took nothing for %d seconds and was let go", request.path, PATIENCE)
    else:
        logger.error("%s broke off: %s", request.path, error, exc_info=error)
    if request.channel is not None:
        request.channel.transport.abortConnection()
