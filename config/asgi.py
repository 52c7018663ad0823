"""The server's entrance: pages and API to Django, /ws/ to the consumers."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

from config.pacing import paced
from config.stopping import stop_with_the_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

stop_with_the_server()
pages = paced(get_asgi_application())

# Models: not before Django is set up, which the line above does.
from comments import live as threads  # noqa: E402
from config.routing import websockets  # noqa: E402
from voting.live import start as tallies  # noqa: E402


async def application(
    scope: dict[str, Any],
    receive: Any,
    send: Any,
) -> None:
    """ASGI. The first connection starts what runs beside requests: the folder, the announcers, the hubs."""
    if scope["type"] in {"http", "websocket"}:
        tallies.ensure_running()
        threads.ensure_running()
    await (websockets if scope["type"] == "websocket" else pages)(scope, receive, send)
