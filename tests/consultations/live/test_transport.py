"""Frames, and the ordinary way to a viewer; the fast one is tested on a real daphne."""

import asyncio
import functools

import pytest

from consultations.live.transport import PATIENCE, Frame, QueuedViewer, text_frame, viewer_of
from tests.voting.live.clock import run


class Server:
    """An ASGI ``send`` that can be slow, as uvicorn's is for a viewer who does not read."""

    def __init__(self, takes=0.0):
        self.takes = takes
        self.sent = []

    async def __call__(self, message):
        await asyncio.sleep(self.takes)
        self.sent.append(message.get("text", message.get("code")))


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_frames_are_headed_as_the_standard_says(length, head):
    assert text_frame(b"x" * length) == head + b"x" * length


def test_a_frame_is_its_text_in_utf_8():
    assert Frame("¿Sí?").wire == b"\x81\x06" + "¿Sí?".encode()


def test_a_slow_viewer_gets_the_newest_and_skips_what_was_in_between():
    async def story():
        server = Server(takes=1)
        viewer = QueuedViewer(server)
        for number in range(10):
            assert viewer.offer(Frame(str(number)))
            await asyncio.sleep(0.25)
        await asyncio.sleep(5)

        assert server.sent == ["0", "3", "7", "9"]
        viewer.writer.cancel()

    run(story())


def test_a_viewer_who_takes_nothing_is_stuck_after_a_while_and_one_who_takes_is_not():
    async def story():
        never, slow = QueuedViewer(Server(takes=10_000)), QueuedViewer(Server(takes=1))
        for _ in range(PATIENCE + 3):
            never.offer(Frame("x"))
            slow.offer(Frame("x"))
            await asyncio.sleep(0.25)

        assert (never.is_stuck, slow.is_stuck) == (True, False)
        never.let_go(1001)
        await asyncio.wait([never.writer], timeout=1)
        assert never.writer.done()
        slow.writer.cancel()

    run(story())


def test_who_is_let_go_is_told_why_and_gets_no_frame_any_more():
    async def story():
        server = Server(takes=1)
        viewer = QueuedViewer(server)
        viewer.offer(Frame("before"))
        await asyncio.sleep(0.5)
        viewer.offer(Frame("waiting"))
        viewer.let_go(4403)
        await viewer.writer

        assert server.sent == ["before", 4403]

    run(story())


def test_a_viewer_who_has_gone_ends_its_writer_quietly():
    async def story():
        async def gone(message):
            raise OSError("the connection is closed")

        viewer = QueuedViewer(gone)
        viewer.offer(Frame("x"))
        await viewer.writer

    run(story())


def test_what_is_not_daphne_is_served_the_ordinary_way():
    async def story():
        async def handle_reply(protocol, message): ...

        for send in (Server(), functools.partial(handle_reply, object()), functools.partial(handle_reply)):
            viewer = viewer_of(send)
            assert isinstance(viewer, QueuedViewer)
            viewer.writer.cancel()

    run(story())
