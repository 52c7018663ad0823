"""One viewer's websocket: joins a hub, and leaves it. Nothing is expected from the browser.

For plain ASGI applications and not Channels consumers: no receive loop, no channel and no group for each viewer, which
is most of what a connection would cost.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import validate_host

from consultations.live.hub import Admit, HubRegistry, Session
from consultations.live.transport import Send, viewer_of

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

# Codes of the close, for the browser; the hub has one more, NO_LONGER_PERMITTED.
NOT_FOUND = 4404
TOO_MUCH_INPUT = 1008
TRY_LATER = 1013

MESSAGES_IGNORED = 8
PUBLIC_FOR = 2.0  # seconds for which "everybody may watch this" is taken as known


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address of a websocket."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_FOUND})


async def watch(hubs: HubRegistry, key: int, session: Session, receive: Receive, send: Send) -> None:
    """Let a viewer who was accepted have the frames of ``key``, until either side leaves or the session may no more."""
    viewer = viewer_of(send)
    hubs.join(key, viewer, session)
    try:
        if viewer.writer is None:
            must_close = await _read(receive)
        else:
            must_close = await _read_while(viewer.writer, receive)
    finally:
        hubs.leave(key, viewer)
    if must_close:
        await send({"type": "websocket.close", "code": TOO_MUCH_INPUT})


async def _read(receive: Receive) -> bool:
    """Until the viewer leaves (False), or has said more than anybody asked for (True)."""
    for _ in range(MESSAGES_IGNORED):
        if (await receive())["type"] == "websocket.disconnect":
            return False
    return True


async def _read_while(writer: asyncio.Task[None], receive: Receive) -> bool:
    """The same, and no longer than the viewer's writer lives."""
    reading = asyncio.create_task(_read(receive))
    try:
        await asyncio.wait({reading, writer}, return_when=asyncio.FIRST_COMPLETED)
        return reading.done() and reading.result()
    finally:
        reading.cancel()
        writer.cancel()
        await asyncio.gather(reading, writer, return_exceptions=True)


class OpenToAll:
    """Whether everybody may watch something, asked once for all who come together: after a restart all come at once."""

    def __init__(self, admit: Admit) -> None:
        self._admit = admit
        self._asked: dict[int, tuple[float, asyncio.Future[bool]]] = {}

    async def allows(self, key: int) -> bool:
        loop, now = asyncio.get_running_loop(), time.monotonic()
        asked_at, answer = self._asked.get(key, (float("-inf"), None))
        if answer is None or now - asked_at > PUBLIC_FOR or answer.get_loop() is not loop:
            self._forget_the_old(now)
            answer = asyncio.ensure_future(self._ask(key))
            self._asked[key] = now, answer
        # Shielded: the one who asked may leave before the answer, which the others wait for too.
        return await asyncio.shield(answer)

    async def _ask(self, key: int) -> bool:
        return None in await self._admit(key, [None])

    def _forget_the_old(self, now: float) -> None:
        self._asked = {key: (at, answer) for key, (at, answer) in self._asked.items() if now - at <= PUBLIC_FOR}


def session_key(scope: Scope) -> str | None:
    """Of the visitor's cookie; none for a page of another site, which must not use it."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if origin is not None and not validate_host(urlsplit(origin).hostname or "", settings.ALLOWED_HOSTS):
        return None
    return parse_cookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)
