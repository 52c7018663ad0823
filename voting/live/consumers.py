"""``/ws/polls/<id>/``: the poll's tally at once, and again whenever it changes. Nothing is expected from the browser.

A plain ASGI application and not a Channels consumer: no receive loop, no channel and no group for each viewer, no
session or user looked up where the count is public; that is most of what a connection would cost.
"""

import logging

from django.db import Error as DatabaseError

from consultations.live.hub import NO_LONGER_PERMITTED, Session
from consultations.live.sockets import NOT_FOUND, TRY_LATER, OpenToAll, Receive, Scope, session_key, watch
from consultations.live.transport import Send
from voting.live import watching
from voting.live.start import ensure_running

logger = logging.getLogger(__name__)


async def watch_poll(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one viewer until either side leaves.

    Refusals come after the accept, so that the browser sees the code: 4404 for a poll that this person may not know of,
    4403 for a count that they may not see (now, or not any more, as when their session is over), 1013 while the
    database does not answer.
    """
    if (await receive())["type"] != "websocket.connect":
        return
    poll_id = int(scope["url_route"]["kwargs"]["poll_id"])
    live = ensure_running()
    try:
        session, refusal = await _admitted(poll_id, scope)
    except DatabaseError as why:
        logger.warning("A viewer of poll %s was sent away: the database does not answer (%s).", poll_id, why)
        session, refusal = None, TRY_LATER
    await send({"type": "websocket.accept"})
    if refusal:
        await send({"type": "websocket.close", "code": refusal})
        return
    await watch(live.hubs, poll_id, session, receive, send)


# --- Who may watch


async def _admitted(poll_id: int, scope: Scope) -> tuple[Session, int | None]:
    """What the right to watch hangs on, and the code of a refusal or None."""
    if await _public.allows(poll_id):
        return None, None
    session = session_key(scope)
    may_know, may_watch = await watching.enter(poll_id, session)
    if may_know:
        return session, None if may_watch else NO_LONGER_PERMITTED
    return session, NOT_FOUND


_public = OpenToAll(lambda poll_id, sessions: watching.admit(poll_id, sessions))
