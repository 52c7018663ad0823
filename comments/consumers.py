"""``/ws/consultations/<id>/comments/``: the newest comments at once, and again whenever they change."""

import logging

from django.db import Error as DatabaseError

from comments import live, watching
from consultations.live.hub import Session
from consultations.live.sockets import NOT_FOUND, TRY_LATER, OpenToAll, Receive, Scope, session_key, watch
from consultations.live.transport import Send

logger = logging.getLogger(__name__)


async def watch_comments(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one reader until either side leaves. The same permission as the page.

    Refusals come after the accept, so that the browser sees the code: 4404 for a consultation that this person may not
    know of, 4403 when the right is taken away or the session ends meanwhile, 1013 while the database does not answer.
    """
    if (await receive())["type"] != "websocket.connect":
        return
    consultation_id = int(scope["url_route"]["kwargs"]["consultation_id"])
    session: Session = None
    refusal: int | None = None
    try:
        if not await _public.allows(consultation_id):
            session = session_key(scope)
            may_read = session and await watching.admit(consultation_id, [session])
            refusal = None if may_read else NOT_FOUND
    except DatabaseError as why:
        logger.warning("A reader of consultation %s was sent away: no database (%s).", consultation_id, why)
        refusal = TRY_LATER
    await send({"type": "websocket.accept"})
    if refusal:
        await send({"type": "websocket.close", "code": refusal})
        return
    await watch(live.ensure_running().hubs, consultation_id, session, receive, send)


_public = OpenToAll(lambda consultation_id, sessions: watching.admit(consultation_id, sessions))
