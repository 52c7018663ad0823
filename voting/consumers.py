"""``/ws/polls/<id>/``: the poll's tally at once, and again whenever it changes. Nothing is expected from the browser.

A plain ASGI application and not a Channels consumer: no receive loop, no channel and no group for each viewer, no
session or user looked up where the count is public; that is most of what a connection would cost.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie
from django.http.request import validate_host

from voting import watching
from voting.live.hub import NO_LONGER_PERMITTED, HubRegistry
from voting.live.start import ensure_running
from voting.live.transport import Send, viewer_of

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

NOT_FOUND = 4404
CODES = {watching.Refusal.NOT_PERMITTED: NO_LONGER_PERMITTED, watching.Refusal.NOT_FOUND: NOT_FOUND}
TOO_MUCH_INPUT = 1008
TRY_LATER = 1013

MESSAGES_IGNORED = 8
PUBLIC_FOR = 2.0  # seconds for which "everybody may watch this poll" is taken as known


async def watch_poll(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one viewer until either side leaves.

    Refusals come after the accept, so that the browser sees the code: 4404 for a poll that this person may not know of,
    4403 for a count that they may not see (now, or not any more), 1013 while the database does not answer.
    """
    if (await receive())["type"] != "websocket.connect":
        return
    poll_id = int(scope["url_route"]["kwargs"]["poll_id"])
    live = ensure_running()
    try:
        person, refusal = await _admitted(poll_id, scope)
    except DatabaseError as why:
        logger.warning("A viewer of poll %s was sent away: the database does not answer (%s).", poll_id, why)
        person, refusal = None, TRY_LATER
    await send({"type": "websocket.accept"})
    if refusal:
        await send({"type": "websocket.close", "code": refusal})
        return
    await _watch(live.hubs, poll_id, person, receive, send)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address of a websocket."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_FOUND})


async def _watch(hubs: HubRegistry, poll_id: int, person: int | None, receive: Receive, send: Send) -> None:
    viewer = viewer_of(send)
    hubs.join(poll_id, viewer, person)
    try:
        if viewer.writer is None:
            must_close = await _read(receive)
        else:
            must_close = await _read_while(viewer.writer, receive)
    finally:
        hubs.leave(poll_id, viewer)
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


# --- Who may watch


async def _admitted(poll_id: int, scope: Scope) -> tuple[int | None, int | None]:
    """Whom the right to watch hangs on (see ``watching.enter``), and the code of a refusal or None."""
    if await _public.allows(poll_id):
        return None, None
    person, refusal = await watching.enter(poll_id, _session_key(scope))
    return person, CODES[refusal] if refusal else None


class _PublicPolls:
    """Whether everybody may watch a poll, asked once for all who come together: after a restart all come at once."""

    def __init__(self) -> None:
        self._asked: dict[int, tuple[float, asyncio.Future[bool]]] = {}

    async def allows(self, poll_id: int) -> bool:
        loop, now = asyncio.get_running_loop(), time.monotonic()
        asked_at, answer = self._asked.get(poll_id, (float("-inf"), None))
        if answer is None or now - asked_at > PUBLIC_FOR or answer.get_loop() is not loop:
            self._forget_the_old(now)
            answer = asyncio.ensure_future(self._ask(poll_id))
            self._asked[poll_id] = now, answer
        # Shielded: the one who asked may leave before the answer, which the others wait for too.
        return await asyncio.shield(answer)

    async def _ask(self, poll_id: int) -> bool:
        return None in await watching.admit(poll_id, [None])

    def _forget_the_old(self, now: float) -> None:
        self._asked = {poll: (at, answer) for poll, (at, answer) in self._asked.items() if now - at <= PUBLIC_FOR}


_public = _PublicPolls()


def _session_key(scope: Scope) -> str | None:
    """Of the visitor's cookie; none for a page of another site, which must not use it."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if origin is not None and not validate_host(urlsplit(origin).hostname or "", settings.ALLOWED_HOSTS):
        return None
    return parse_cookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)
