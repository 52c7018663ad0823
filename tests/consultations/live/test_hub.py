import asyncio
import itertools
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.live import hub as hub_module
from consultations.live.hub import HubRegistry
from tests.voting.live.clock import now, run


class Tally:
    """What would be read from the database: a number, and how long reading takes."""

    def __init__(self, takes=0.0):
        self.number = 0
        self.takes = takes
        self.reads = 0
        self.fault = None
        self.not_welcome = set()
        self.asked = []
        self.asking_takes = 0.0

    async def fetch(self, poll_id):
        self.reads += 1
        read = self.number
        await asyncio.sleep(self.takes)
        if self.fault:
            raise self.fault
        return {"poll": poll_id, "number": read}

    async def admit(self, poll_id, sessions):
        self.asked.append(set(sessions))
        await asyncio.sleep(self.asking_takes)
        return set(sessions) - self.not_welcome

    def hubs(self):
        return HubRegistry(self.fetch, self.admit)


class Viewer:
    """Takes what it is offered, while it can."""

    writer = None

    def __init__(self):
        self.heard = []
        self.can_take = True
        self.is_stuck = False
        self.closed_with = None

    def offer(self, frame):
        if self.can_take:
            self.heard.append((now(), frame))
        return self.can_take

    def let_go(self, code):
        self.closed_with = code

    @property
    def texts(self):
        return [frame.text for _, frame in self.heard]


def frame(number, poll=1):
    return f'{{"poll":{poll},"number":{number}}}'


def test_a_viewer_gets_the_tally_on_joining_and_each_change():
    async def story():
        tally, viewer = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        await asyncio.sleep(1)
        assert viewer.texts == [frame(0)]

        tally.number = 1
        hubs.changed(1)
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        assert viewer.texts == [frame(0), frame(1)]

    run(story())


def test_who_joins_later_gets_the_newest_frame_at_once_without_reading_it_again():
    async def story():
        tally, late = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, Viewer(), None)
        await asyncio.sleep(1)
        hubs.join(1, late, None)

        assert late.texts == [frame(0)]
        assert tally.reads == 1

    run(story())


def test_the_tally_is_read_once_and_encoded_once_however_many_watch():
    async def story():
        tally, viewers = Tally(), [Viewer() for _ in range(1200)]
        hubs = tally.hubs()
        for viewer in viewers:
            hubs.join(1, viewer, None)
        await asyncio.sleep(1)
        tally.number = 1
        hubs.changed(1)
        await asyncio.sleep(1)

        assert tally.reads == 2
        assert {tuple(viewer.texts) for viewer in viewers} == {(frame(0), frame(1))}
        assert len({id(heard) for viewer in viewers for _, heard in viewer.heard}) == 2

    run(story())


def test_nothing_is_sent_when_the_tally_did_not_change():
    async def story():
        tally, viewer = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        for _ in range(5):
            await asyncio.sleep(1)
            hubs.changed(1)
            hubs.all_changed()

        assert viewer.texts == [frame(0)]

    run(story())


def test_each_poll_has_viewers_of_its_own():
    async def story():
        tally, one, other = Tally(), Viewer(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, one, None)
        hubs.join(2, other, None)
        await asyncio.sleep(1)
        tally.number = 1
        hubs.changed(2)
        await asyncio.sleep(1)

        assert (one.texts, other.texts) == ([frame(0)], [frame(0, poll=2), frame(1, poll=2)])

    run(story())


@given(
    pauses=st.lists(st.sampled_from([0, 0.001, 0.05, 0.1, 0.249, 0.25, 0.251, 0.6]), max_size=40),
    takes=st.sampled_from([0, 0.01, 0.2, 0.4]),
    slow=st.sets(st.integers(0, 40)),
)
def test_at_most_four_frames_a_second_and_always_the_newest_in_the_end(pauses, takes, slow):
    """Whenever changes come, however long the reading takes, and also for a viewer who at times takes nothing."""

    async def story():
        tally, viewer, sometimes_slow = Tally(takes), Viewer(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        hubs.join(1, sometimes_slow, None)
        for step, pause in enumerate(pauses):
            sometimes_slow.can_take = step not in slow
            await asyncio.sleep(pause)
            tally.number += 1
            hubs.changed(1)
        sometimes_slow.can_take = True
        await asyncio.sleep(2)

        assert viewer.texts[-1] == sometimes_slow.texts[-1] == frame(tally.number)
        times = [at for at, _ in viewer.heard]
        assert all(later - earlier >= 0.25 - 1e-9 for earlier, later in itertools.pairwise(times))
        numbers = [int(text.split(":")[2][:-1]) for text in viewer.texts]
        assert numbers == sorted(set(numbers))

    run(story())


def test_a_change_in_quiet_times_is_shown_without_waiting():
    async def story():
        tally, viewer = Tally(takes=0.02), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        await asyncio.sleep(5)
        tally.number = 1
        changed_at = now()
        hubs.changed(1)
        await asyncio.sleep(1)

        assert viewer.heard[-1][0] - changed_at == pytest.approx(0.02)

    run(story())


def test_who_skipped_a_frame_gets_the_newest_though_nothing_changes_any_more():
    async def story():
        tally, viewer = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        await asyncio.sleep(1)
        viewer.can_take = False
        tally.number = 7
        hubs.changed(1)
        await asyncio.sleep(3)
        viewer.can_take = True
        await asyncio.sleep(0.3)

        assert viewer.texts == [frame(0), frame(7)]

    run(story())


def test_a_stuck_viewer_is_let_go_and_the_others_stay():
    async def story():
        tally, stuck, other = Tally(), Viewer(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, stuck, None)
        hubs.join(1, other, None)
        await asyncio.sleep(1)
        stuck.is_stuck = True
        tally.number = 1
        hubs.changed(1)
        await asyncio.sleep(1)

        assert (stuck.closed_with, other.closed_with) == (1001, None)

    run(story())


def test_a_viewer_that_fails_does_not_keep_the_others_from_their_frame(caplog):
    async def story():
        tally, other = Tally(), Viewer()
        broken = Viewer()
        broken.offer = lambda frame: 1 / 0
        hubs = tally.hubs()
        hubs.join(1, broken, None)
        hubs.join(1, other, None)
        await asyncio.sleep(1)

        assert other.texts == [frame(0)]
        assert broken.closed_with == 1011

    run(story())


def test_sending_to_very_many_lets_others_have_their_turn():
    async def story():
        tally, turns = Tally(), []
        hubs = tally.hubs()
        for _ in range(2600):
            hubs.join(1, Viewer(), None)
        await asyncio.sleep(1)

        class Last(Viewer):
            def offer(self, frame):
                turns.append("sent to all")
                return True

        hubs.join(1, Last(), None)
        turns.clear()
        tally.number = 1
        hubs.changed(1)
        while "sent to all" not in turns:
            turns.append("somebody else")
            await asyncio.sleep(0)

        assert turns.count("somebody else") >= 2600 // 500

    run(story())


def test_while_the_tally_cannot_be_read_it_is_tried_less_and_less_often_and_then_shown(caplog):
    async def story():
        tally, viewer = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        await asyncio.sleep(1)
        tally.fault = OSError("the database is down")
        tally.number = 3
        hubs.changed(1)
        await asyncio.sleep(60)
        assert tally.reads < 15
        tally.fault = None
        await asyncio.sleep(hub_module.LONGEST_RETRY)

        assert viewer.texts == [frame(0), frame(3)]

    with caplog.at_level(logging.WARNING):
        run(story())
    assert [record.levelname for record in caplog.records].count("ERROR") == 1  # one traceback, not one each


def test_with_its_last_viewer_a_hub_is_gone_and_nothing_is_read_any_more():
    async def story():
        tally, viewer, other = Tally(), Viewer(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, viewer, None)
        hubs.join(1, other, None)
        await asyncio.sleep(1)
        hubs.leave(1, viewer)
        hubs.leave(1, viewer)  # twice is harmless
        assert 1 in hubs
        hubs.leave(1, other)
        assert len(hubs) == 0
        reads = tally.reads
        hubs.changed(1)
        await asyncio.sleep(20)

        assert tally.reads == reads
        assert [task.get_name() for task in asyncio.all_tasks() if "hub" in task.get_name()] == []

    run(story())


def test_nothing_is_read_for_a_poll_that_nobody_watches():
    async def story():
        tally = Tally()
        hubs = tally.hubs()
        hubs.changed(1)
        hubs.all_changed()
        await asyncio.sleep(1)

        assert (tally.reads, len(hubs)) == (0, 0)

    run(story())


def test_who_may_not_watch_any_more_is_let_go_within_ten_seconds_and_sees_no_frame_after_that():
    async def story():
        tally, public, member, former = Tally(), Viewer(), Viewer(), Viewer()
        hubs = tally.hubs()
        for viewer, session in ((public, None), (member, "one"), (former, "two")):
            hubs.join(1, viewer, session)
        await asyncio.sleep(1)
        tally.not_welcome = {"two"}
        await asyncio.sleep(10)
        tally.number = 1
        hubs.changed(1)
        await asyncio.sleep(1)

        assert [viewer.closed_with for viewer in (public, member, former)] == [None, None, 4403]
        assert former.texts == [frame(0)]
        assert public.texts == member.texts == [frame(0), frame(1)]

    run(story())


def test_a_right_taken_away_counts_before_a_change_that_comes_in_the_same_moment():
    async def story():
        tally, former = Tally(), Viewer()
        hubs = tally.hubs()
        hubs.join(1, former, None)
        await asyncio.sleep(9.9)
        tally.not_welcome = {None}
        await asyncio.sleep(0.1)
        tally.number = 1
        hubs.changed(1)
        await asyncio.sleep(1)

        assert former.texts == [frame(0)]

    run(story())


def test_the_right_of_thousands_is_asked_once_in_each_interval():
    async def story():
        tally = Tally()
        hubs = tally.hubs()
        for number in range(3000):
            hubs.join(1, Viewer(), f"session {number}")
        await asyncio.sleep(25)

        assert [len(sessions) for sessions in tally.asked] == [3000, 3000]

    run(story())


def test_who_comes_while_rights_are_asked_stays():
    async def story():
        tally, late = Tally(), Viewer()
        tally.asking_takes = 1.0
        hubs = tally.hubs()
        hubs.join(1, Viewer(), "early")
        await asyncio.sleep(10.5)
        hubs.join(1, late, "late")
        await asyncio.sleep(5)

        assert tally.asked == [{"early"}]
        assert late.closed_with is None

    run(story())
