"""The server's entrance: pages and API to Django, /ws/ to the consumers."""

import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.pacing import paced
from config.stopping import stop_with_the_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class InOneThread(ASGIHandler):
    """Django's handler for pages and middleware that are all synchronous: a request goes to its thread once.

    Django's own comes back to the event loop inside the middleware, for each of them that looks at the view and for the
    view, and back to the thread. With many requests at once each of those ways waits for the interpreter.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


django.setup(set_prefix=False)
stop_with_the_server()
pages = paced(InOneThread())

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
