"""A websocket as an ASGI application sees it: what a browser sends and reads, without a server in between."""

import asyncio
import contextlib
import json

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from config.asgi import application


def session_of(user):
    """The key of a session in which ``user`` is logged in, as the log-in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.LogInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def end_session(headers):
    """As the log-out does it."""
    SessionStore(headers[0][1].rpartition("sessionid=")[2]).flush()


class Browser:
    """One open socket. ``frames``: what arrived; ``closed_with``: the code of the close, once it came."""

    def __init__(self, path, headers=()):
        self.scope = {
            "type": "websocket",
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in headers],
            "query_string": b"",
            "subprotocols": [],
        }
        self.frames = []
        self.closed_with = None
        self._incoming = asyncio.Queue()
        self._news = asyncio.Event()

    async def __aenter__(self):
        self._incoming.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(application(self.scope, self._incoming.get, self._hear))
        return self

    async def __aexit__(self, *exc):
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self._task, 5)

    def say(self, text):
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    async def _hear(self, message):
        if message["type"] == "websocket.send":
            self.frames.append(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.closed_with = message["code"]
        self._news.set()

    async def until(self, true, seconds=10):
        """Wait until ``true(self)``; fails with what arrived instead."""
        try:
            async with asyncio.timeout(seconds):
                while not true(self):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"frames {self.frames}, closed with {self.closed_with}") from None

    async def frame(self, true=lambda frame: True, seconds=10):
        """The newest frame, once there is one for which ``true(frame)``."""
        await self.until(lambda browser: browser.frames and true(browser.frames[-1]), seconds)
        return self.frames[-1]
