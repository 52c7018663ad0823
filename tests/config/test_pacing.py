"""Long answers wait for their reader: over a stand-in for daphne's request, which Twisted would tell to pause."""

import asyncio
from functools import partial

import pytest
from daphne.http_protocol import WebRequest

from config import pacing
from config.pacing import paced

CHUNK = {"type": "http.response.body", "body": b"x", "more_body": True}
END = {"type": "http.response.body", "body": b""}


class Transport:
    aborted = False

    def abortConnection(self):  # noqa: N802
        self.aborted = True


class Request(WebRequest):
    """daphne's request without a network."""

    path = b"/x.csv"
    registered = None

    def __init__(self):
        self.channel = self
        self.transport = Transport()
        self.sent = []

    def registerProducer(self, producer, streaming):  # noqa: N802
        self.registered = producer

    def unregisterProducer(self):  # noqa: N802
        self.registered = None

    def __hash__(self):
        return id(self)


@pytest.fixture
def request_():
    return Request()


async def handle_reply(request, message):
    request.sent.append(message)


async def run(application, request):
    await paced(application)({"type": "http"}, None, partial(handle_reply, request))


async def test_a_full_socket_holds_the_stream_back_until_there_is_room(request_):
    async def application(scope, receive, send):
        await send(CHUNK)
        request_.registered.pauseProducing()
        await send(CHUNK)
        await send(END)

    answering = asyncio.create_task(run(application, request_))
    await asyncio.sleep(0.05)
    assert len(request_.sent) == 1

    request_.registered.resumeProducing()
    await answering

    assert request_.sent == [CHUNK, CHUNK, END]
    assert request_.registered is None


async def test_a_reader_who_takes_nothing_is_let_go(request_, monkeypatch):
    monkeypatch.setattr(pacing, "PATIENCE", 0.05)

    async def application(scope, receive, send):
        await send(CHUNK)
        request_.registered.pauseProducing()
        await send(CHUNK)

    await run(application, request_)

    assert request_.sent == [CHUNK]
    assert request_.transport.aborted
    assert request_.registered is None


async def test_an_answer_that_fails_half_way_breaks_the_connection_and_is_logged(request_, caplog):
    async def application(scope, receive, send):
        await send(CHUNK)
        raise RuntimeError("the database is gone")

    await run(application, request_)

    assert request_.transport.aborted
    assert "the database is gone" in caplog.text


async def test_a_failure_before_the_answer_is_the_servers_matter(request_):
    async def application(scope, receive, send):
        raise RuntimeError("early")

    with pytest.raises(RuntimeError, match="early"):
        await run(application, request_)
    assert not request_.transport.aborted


async def test_a_short_answer_is_not_registered(request_):
    async def application(scope, receive, send):
        await send(END)
        assert request_.registered is None

    await run(application, request_)

    assert request_.sent == [END]


async def test_another_server_is_left_alone():
    sent = []

    async def application(scope, receive, send):
        await send(CHUNK)

    async def send(message):
        sent.append(message)

    await paced(application)({"type": "http"}, None, send)

    assert sent == [CHUNK]
