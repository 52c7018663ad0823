"""Announcements between processes over a real Redis, which is killed and comes back."""

import asyncio
import contextlib
import socket
import subprocess
import time

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from tests.consultations.live.test_announce import processes
from tests.servers import redis_program


@pytest.fixture
def redis(tmp_path):
    """A server that can be started and killed: ``redis.start()``, ``redis.kill()``, ``redis.url``."""
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


class Redis:
    def __init__(self, directory):
        self.directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.directory)]
        self.process = subprocess.Popen([redis_program(), *options], stdout=subprocess.DEVNULL)
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self.process.poll() is None, "redis-server did not start"
            time.sleep(0.05)
        raise AssertionError("redis-server does not listen")

    def kill(self):
        self.process.kill()
        self.process.wait(10)


async def until(true, seconds=15):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def test_a_change_in_one_process_is_heard_in_the_other_at_once(redis):
    layers = [RedisPubSubChannelLayer(hosts=[redis.url]) for _ in range(2)]
    async with processes(*layers) as (one, other):
        await until(lambda: other.looked_at_all)
        one.announcer.announce(7)
        await until(lambda: other.heard == [7], seconds=1)

        assert one.heard == [7]


async def test_redis_may_be_killed_and_come_back_and_nobody_who_announces_notices(redis):
    layers = [RedisPubSubChannelLayer(hosts=[redis.url]) for _ in range(2)]
    async with processes(*layers) as (one, other):
        await until(lambda: other.looked_at_all)
        redis.kill()
        one.announcer.announce(7)
        assert one.heard == [7]  # its own viewers see it at once
        looked = other.looked_at_all
        await until(lambda: other.looked_at_all > looked + 1, seconds=20)  # and those of the other a little later
        assert other.heard == []

        redis.start()
        await until(lambda: other.heard == [7], seconds=20)
        one.announcer.announce(8)
        await until(lambda: other.heard == [7, 8], seconds=2)
