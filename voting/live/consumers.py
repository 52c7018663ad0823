"""``/ws/polls/<id>/``: the poll's tally at once, and again whenever it changes. Nothing is expected from the browser.

A plain ASGI application and not a Channels consumer: no receive loop, no channel and no group for each viewer, no
session or user looked up where the count is public; that is most of what a connection would cost.
"""

import logging

from django.db import Error as DatabaseError

from consultations.live.hub import NO_LONGER_PERMITTED
from consultations.live.sockets import NOT_FOUND, TRY_LATER, OpenToAll, Receive, Scope, session_key, watch
from consultations.live.transport import Send
from voting.live import watching
from voting.live.start import ensure_running

logger = logging.getLogger(__name__)

CODES = {watching.Refusal.NOT_PERMITTED: NO_LONGER_PERMITTED, watching.Refusal.NOT_FOUND: NOT_FOUND}


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
    await watch(live.hubs, poll_id, person, receive, send)


# --- Who may watch


async def _admitted(poll_id: int, scope: Scope) -> tuple[int | None, int | None]:
    """Whom the right to watch hangs on (see ``watching.enter``), and the code of a refusal or None."""
    if await _public.allows(poll_id):
        return None, None
    person, refusal = await watching.enter(poll_id, session_key(scope))
    return person, CODES[refusal] if refusal else None


_public = OpenToAll(lambda poll_id, persons: watching.admit(poll_id, persons))
