"""The transport on a real daphne, with real websocket clients, some of which do not read."""

import asyncio
import contextlib
import itertools
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode

from websockets.asyncio.client import connect

from tests.voting.elections import ROOT


@contextlib.contextmanager
def room(tmp_path, *, hz=4, tls=False):
    """A running server; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["-b", "127.0.0.1", "-p", str(port)]
    if tls:
        key, certificate = self_signed(tmp_path)
        where = ["-e", f"ssl:{port}:interface=127.0.0.1:privateKey={key}:certKey={certificate}"]
    log = (tmp_path / "daphne.log").open("w")
    environment = {**os.environ, "ROOM_HZ": str(hz)}
    command = [sys.executable, "-m", "daphne", "-v", "0", *where, "tests.voting.live.room:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert server.poll() is None, (tmp_path / "daphne.log").read_text()
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def self_signed(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    names = ["-subj", "/CN=localhost", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
    command = ["openssl", "req", "-x509", *names, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def stats(port, scheme="http"):
    context = ssl._create_unverified_context() if scheme == "https" else None
    with urllib.request.urlopen(f"{scheme}://127.0.0.1:{port}/stats", context=context) as answer:
        return json.load(answer)


async def ask(port):
    return await asyncio.to_thread(stats, port)


def silent_viewer(port, size):
    """A socket that shakes hands and then reads nothing; its own buffers are as small as they can be."""
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    viewer.connect(("127.0.0.1", port))
    key = b64encode(os.urandom(16)).decode()
    viewer.sendall(
        f"GET /ws/{size}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return viewer


async def numbers(viewer, seconds):
    """The tallies that arrive, each with how late it was."""
    heard = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                frame = json.loads(await viewer.recv())
                heard.append((frame["number"], time.time() - frame["sent_at"]))
    return heard


async def test_viewers_of_daphne_are_written_to_directly_and_read_whole_frames_in_order(tmp_path):
    with room(tmp_path, hz=8) as port:
        async with contextlib.AsyncExitStack() as stack:
            viewers = [await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/ws/70000/")) for _ in range(20)]
            for viewer in viewers:
                shown = [json.loads(await viewer.recv())["number"] for _ in range(8)]
                assert shown == sorted(set(shown))

            assert (await ask(port))["kinds"] == {"DirectViewer": 20}
        for _ in range(100):
            if not (after := await ask(port))["hubs"]:
                break
            await asyncio.sleep(0.1)
        assert (after["kinds"], after["left"]) == ({}, {"DirectViewer": 20})


async def test_frames_of_every_length_arrive_whole(tmp_path):
    with room(tmp_path) as port:
        for size in (1, 60, 126, 65_500, 300_000):
            async with connect(f"ws://127.0.0.1:{port}/ws/{size}/", max_size=None) as viewer:
                for _ in range(2):
                    assert json.loads(await viewer.recv())["padding"] == "x" * size


async def test_viewers_who_do_not_read_cost_bounded_memory_and_delay_nobody_and_are_let_go(tmp_path):
    with room(tmp_path, hz=20) as port:
        async with connect(f"ws://127.0.0.1:{port}/ws/60000/", max_size=None) as healthy:
            await numbers(healthy, 0.5)
            before = (await ask(port))["resident"]
            silent = [await asyncio.to_thread(silent_viewer, port, 60_000) for _ in range(15)]
            pending, resident, heard, began = [], [], [], time.monotonic()
            while (now := await ask(port))["kinds"] != {"DirectViewer": 1} or len(heard) < 20:
                assert time.monotonic() - began < 20, now
                pending.append(now["pending"])
                resident.append(now["resident"])
                heard += await numbers(healthy, 0.25)
            took = time.monotonic() - began

        assert now["left"] == {"DirectViewer": 15}
        assert 0 < max(pending) <= 64 * 1024
        assert max(resident) - before < 10_000_000  # some 60 MB were for the silent ones
        assert len(heard) > took * 20 / 2
        assert sorted(late for _, late in heard)[len(heard) // 2] < 0.1
        for viewer in silent:
            viewer.close()


async def test_a_slow_viewer_who_reads_again_gets_the_newest_tally_and_not_all_that_were_missed(tmp_path):
    with room(tmp_path, hz=8) as port:
        viewer = await asyncio.to_thread(silent_viewer, port, 600_000)
        await asyncio.sleep(3)
        missed = (await ask(port))["number"]

        received, deadline = bytearray(), time.monotonic() + 1.5
        while time.monotonic() < deadline:
            received += await asyncio.to_thread(viewer.recv, 1 << 20)
        shown = [int(part.split(b",")[0]) for part in bytes(received).split(b'"number":')[1:]]

        assert shown == sorted(set(shown))
        assert shown[-1] > missed
        assert max(later - earlier for earlier, later in itertools.pairwise(shown)) > 50  # a second and more, skipped
        viewer.close()


async def test_where_daphne_itself_speaks_tls_frames_go_the_ordinary_way(tmp_path):
    with room(tmp_path, tls=True) as port:
        context = ssl._create_unverified_context()
        async with connect(f"wss://127.0.0.1:{port}/ws/200/", ssl=context) as viewer:
            heard = await numbers(viewer, 2)

            assert len(heard) >= 4
            assert (await asyncio.to_thread(stats, port, "https"))["kinds"] == {"QueuedViewer": 1}
