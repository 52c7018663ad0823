import asyncio
import logging
import threading
import time
from contextlib import asynccontextmanager

from channels.layers import InMemoryChannelLayer

from consultations.live import announce
from consultations.live.announce import Announcer
from tests.voting.live.clock import run

GROUP = "tallies"


class Process:
    """One server process: what it heard, and its announcer."""

    def __init__(self, layer):
        self.heard = []
        self.looked_at_all = 0
        self.announcer = Announcer(layer, group=GROUP, changed=self.heard.append, all_changed=self._all_changed)

    def _all_changed(self):
        self.looked_at_all += 1


@asynccontextmanager
async def processes(*layers):
    """As many running processes as layers."""
    all_of_them = [Process(layer) for layer in layers]
    tasks = [asyncio.create_task(process.announcer.run()) for process in all_of_them]
    await asyncio.sleep(0.1)
    yield all_of_them
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class FlakyLayer(InMemoryChannelLayer):
    """Channels' layer in memory, which can be down (it raises) or deaf (it swallows what is sent)."""

    def __init__(self):
        super().__init__()
        self.is_down = self.is_deaf = False

    async def group_send(self, group, message):
        if self.is_down:
            raise ConnectionError("refused")
        if not self.is_deaf:
            await super().group_send(group, message)

    async def group_add(self, group, channel):
        if self.is_down:
            raise ConnectionError("refused")
        await super().group_add(group, channel)


def test_every_process_hears_an_announcement_once_also_the_one_that_made_it():
    async def story():
        layer = InMemoryChannelLayer()
        async with processes(layer, layer, layer) as (one, *others):
            one.announcer.announce(7)
            assert one.heard == [7]  # at once
            await asyncio.sleep(1)

            assert [process.heard for process in (one, *others)] == [[7], [7], [7]]

    run(story())


def test_many_announcements_at_once_travel_as_one_message():
    async def story():
        layer = InMemoryChannelLayer()
        sent = []
        original = layer.group_send
        layer.group_send = lambda group, message: sent.append(message["keys"]) or original(group, message)
        async with processes(layer, layer) as (one, other):
            for poll in (3, 1, 2, 1, 1):
                one.announcer.announce(poll)
            await asyncio.sleep(1)

            assert other.heard == [1, 2, 3]
            assert [polls for polls in sent if polls] == [[1, 2, 3]]

    run(story())


def test_while_the_layer_is_down_nobody_who_announces_notices_and_all_is_heard_when_it_is_back(caplog):
    async def story():
        layer = FlakyLayer()
        async with processes(layer, layer) as (one, other):
            layer.is_down = True
            one.announcer.announce(7)
            await asyncio.sleep(20)
            one.announcer.announce(8)
            await asyncio.sleep(100)
            assert one.heard == [7, 8]
            assert other.heard == []
            assert other.looked_at_all >= 120 / announce.RETRY_UP_TO - 2  # so its viewers are late, not lost

            layer.is_down = False
            await asyncio.sleep(10)
            assert other.heard == [7, 8]
            looked = other.looked_at_all
            await asyncio.sleep(100)
            assert other.looked_at_all == looked  # all is well: nothing is looked at unasked

    with caplog.at_level(logging.INFO):
        run(story())
    assert len(caplog.records) == 4  # each of the two says once that it is down, and once that it works


def test_a_layer_that_is_down_from_the_start_is_joined_when_it_comes():
    async def story():
        layer = FlakyLayer()
        layer.is_down = True
        async with processes(layer, layer) as (one, other):
            await asyncio.sleep(30)
            layer.is_down = False
            await asyncio.sleep(10)
            one.announcer.announce(7)
            await asyncio.sleep(1)

            assert other.heard == [7]

    run(story())


def test_a_layer_that_takes_messages_but_brings_none_is_noticed():
    async def story():
        layer = FlakyLayer()
        async with processes(layer) as (one,):
            await asyncio.sleep(60)
            assert one.looked_at_all == 1
            layer.is_deaf = True
            await asyncio.sleep(60)
            assert one.looked_at_all >= 3

    run(story())


def test_a_lost_message_is_noticed_by_the_number_of_the_next():
    async def story():
        layer = FlakyLayer()
        async with processes(layer, layer) as (one, other):
            await asyncio.sleep(announce.BEAT_INTERVAL + 1)
            looked = other.looked_at_all
            layer.is_deaf = True
            one.announcer.announce(7)
            await asyncio.sleep(0.1)
            layer.is_deaf = False
            assert (other.heard, other.looked_at_all) == ([], looked)
            await asyncio.sleep(announce.BEAT_INTERVAL)

            assert other.looked_at_all > looked

    run(story())


def test_days_later_it_still_listens():
    """Channels' layer in memory forgets members of a group after a day."""

    async def story():
        layer = InMemoryChannelLayer()
        async with processes(layer, layer) as (one, other):
            (members,) = layer.groups.values()
            for channel in members:
                members[channel] -= layer.group_expiry - 60  # forgotten in a minute
            await asyncio.sleep(announce.BEAT_INTERVAL * 4)
            assert min(members.values()) > time.time() - 60
            one.announcer.announce(7)
            await asyncio.sleep(1)

            assert other.heard == [7]

    run(story())


async def test_an_announcement_may_come_from_any_thread():
    async with processes(InMemoryChannelLayer()) as (process,):
        thread = threading.Thread(target=process.announcer.announce_soon, args=[7])
        thread.start()
        thread.join()
        assert process.heard == []  # on the loop, not in the thread
        await asyncio.sleep(0.05)
        assert process.heard == [7]


def test_an_announcement_after_the_end_of_the_loop_raises_nothing():
    async def story():
        async with processes(InMemoryChannelLayer()) as (process,):
            return process.announcer

    announcer = run(story())
    threading.Thread(target=announcer.announce_soon, args=[7]).start()


class TestFromACommand:
    """A process without an announcer of its own."""

    def test_the_servers_are_told(self, monkeypatch):
        told = []

        class Layer:
            async def group_send(self, group, message):
                told.append((group, message["keys"]))

        monkeypatch.setattr(announce, "get_channel_layer", Layer)
        announce.announce_soon(GROUP, 7)

        assert told == [(GROUP, [7])]

    def test_a_layer_that_is_down_raises_nothing(self, monkeypatch, caplog):
        class Layer:
            async def group_send(self, group, message):
                raise ConnectionError("refused")

        monkeypatch.setattr(announce, "get_channel_layer", Layer)
        announce.announce_soon(GROUP, 7)

        assert "tallies 7" in caplog.text

    def test_where_there_is_only_one_process_nobody_is_told(self, monkeypatch):
        layer = InMemoryChannelLayer()
        layer.group_send = None
        monkeypatch.setattr(announce, "get_channel_layer", lambda: layer)
        announce.announce_soon(GROUP, 7)
