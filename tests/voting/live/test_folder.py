import asyncio
import itertools
import logging
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.live.clock import now, run
from voting.live import folder as folder_module
from voting.live.folder import Folder, LeftAlone


class Polls:
    """Queues of polls: what was cast, what was folded when, what was announced."""

    def __init__(self, takes=0.0):
        self.queue = {}
        self.due_now = []
        self.folds = []
        self.announced = []
        self.fault = None
        self.due_fault = None
        self.takes = takes
        self.at_work = set()

    async def fold(self, poll):
        assert poll not in self.at_work, "two folds of one poll at once"
        self.at_work.add(poll)
        self.folds.append((now(), poll))
        taken = self.queue.pop(poll, 0)
        await asyncio.sleep(self.takes)
        self.at_work.discard(poll)
        if self.fault and self.fault[0] == poll:
            self.queue[poll] = taken
            raise self.fault[1]
        return taken > 0

    def due(self):
        if self.due_fault:
            raise self.due_fault
        return self.due_now

    def cast(self, poll, folder):
        self.queue[poll] = self.queue.get(poll, 0) + 1
        folder.wake(poll)

    def times_of(self, poll):
        return [at for at, folded in self.folds if folded == poll]


def told(story, **fields):
    """Run a story about a running folder. Its threads are left out: on a jumping clock they would have no time."""
    polls = Polls(**fields)

    async def on_the_loop():
        folder = Folder(fold=polls.fold, due=polls.due, announce=polls.announced.append)
        task = asyncio.create_task(folder.run())
        await asyncio.sleep(0)
        await story(polls, folder)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder_module, "sync_to_async", no_thread)
        run(on_the_loop())
    return polls


def no_thread(call, **options):
    async def directly(*args):
        result = call(*args)
        return await result if asyncio.iscoroutine(result) else result

    return directly


def test_a_cast_in_quiet_times_is_folded_and_announced_at_once():
    async def story(polls, folder):
        await asyncio.sleep(10.1)
        polls.cast(1, folder)
        await asyncio.sleep(0.001)
        assert polls.announced == [1]

    told(story)


def test_a_fold_that_found_nothing_is_not_announced():
    async def story(polls, folder):
        folder.wake(1)
        await asyncio.sleep(1)

    polls = told(story)
    assert (len(polls.folds), polls.announced) == (1, [])


@given(
    pauses=st.lists(st.sampled_from([0, 0.001, 0.1, 0.24, 0.25, 0.26, 2]), max_size=30),
    takes=st.sampled_from([0, 0.05, 0.3]),
)
def test_a_busy_poll_is_folded_at_most_four_times_a_second_and_every_ballot_in_the_end(pauses, takes):
    async def story(polls, folder):
        for pause in pauses:
            await asyncio.sleep(pause)
            polls.cast(1, folder)
        await asyncio.sleep(2)
        assert polls.queue == {}

    polls = told(story, takes=takes)
    times = polls.times_of(1)
    assert all(later - earlier >= 0.25 - 1e-9 for earlier, later in itertools.pairwise(times))
    assert bool(pauses) == bool(polls.announced)


def test_a_poll_that_takes_long_does_not_hold_up_the_others():
    async def story(polls, folder):
        polls.cast(1, folder)
        await asyncio.sleep(0.001)
        polls.takes = 0
        polls.cast(2, folder)
        await asyncio.sleep(0.001)
        assert polls.announced == [2]

    told(story, takes=5)


def test_not_more_than_a_few_folds_are_under_way_at_once():
    most = []

    async def story(polls, folder):
        for poll in range(20):
            polls.cast(poll, folder)
        while polls.queue:
            await asyncio.sleep(0.05)
            most.append(len(polls.at_work))

    told(story, takes=0.1)
    assert max(most) == folder_module.FOLDS_AT_A_TIME


def test_polls_that_are_due_are_folded_though_nobody_woke_the_folder():
    async def story(polls, folder):
        await asyncio.sleep(3.5)
        polls.queue[9] = 1
        polls.due_now = [9]
        await asyncio.sleep(1)
        assert polls.announced == [9]

    told(story)


def test_a_poll_whose_fold_fails_is_tried_again_less_and_less_often_while_the_others_go_on(caplog):
    async def story(polls, folder):
        polls.fault = (1, OSError("the database is down"))
        polls.cast(1, folder)
        await asyncio.sleep(100)
        polls.cast(2, folder)
        await asyncio.sleep(1)
        assert polls.announced == [2]
        assert 5 <= len(polls.times_of(1)) <= 12
        polls.fault = None
        await asyncio.sleep(folder_module.RETRY_UP_TO)
        assert polls.announced == [2, 1]

        polls.cast(1, folder)  # and is as quick as ever
        await asyncio.sleep(0.3)
        assert polls.announced == [2, 1, 1]

    with caplog.at_level(logging.WARNING):
        told(story)
    assert sum(record.exc_info is not None for record in caplog.records) == 1


def test_when_nobody_can_say_what_is_due_it_waits_longer_and_goes_on_afterwards(caplog):
    async def story(polls, folder):
        polls.due_fault = OSError("the database is down")
        await asyncio.sleep(60)
        polls.due_fault = None
        polls.queue[9], polls.due_now = 1, [9]
        await asyncio.sleep(folder_module.RETRY_UP_TO + 2)
        assert 9 in polls.announced

    with caplog.at_level(logging.WARNING):
        told(story)
    assert 4 <= len(caplog.records) <= 10


def test_an_announcement_that_fails_does_not_end_the_loop(caplog):
    async def story(polls, folder):
        folder._announce = lambda poll: 1 / 0
        polls.cast(1, folder)
        await asyncio.sleep(1)
        folder._announce = polls.announced.append
        polls.cast(1, folder)
        await asyncio.sleep(1)
        assert polls.announced == [1]

    told(story)


async def test_it_is_woken_from_any_thread_and_works_in_another():
    folded_in, announced = [], asyncio.Event()
    folder = Folder(
        fold=lambda poll: bool(folded_in.append((poll, threading.get_ident())) or True),
        due=lambda: (),
        announce=lambda poll: announced.set(),
    )
    task = asyncio.create_task(folder.run())
    await asyncio.sleep(0.05)
    waker = threading.Thread(target=folder.wake, args=[7])
    waker.start()
    await asyncio.wait_for(announced.wait(), 5)

    (poll, thread), *_ = folded_in
    assert poll == 7
    assert thread not in {threading.get_ident(), waker.ident}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_waking_where_no_folder_runs_is_harmless():
    folder_module.install(None)
    folder_module.wake(7)


async def test_what_woke_it_before_it_ran_is_not_forgotten():
    announced = asyncio.Event()
    folder = Folder(fold=lambda poll: True, due=lambda: (), announce=lambda poll: announced.set())
    folder.wake(7)
    task = asyncio.create_task(folder.run())
    await asyncio.wait_for(announced.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_beside_a_folder_of_its_own_process_a_server_takes_what_was_not_sealed_since_it_last_looked():
    due, sealed = {1, 2}, {1: 10}
    left_alone = LeftAlone(lambda: due, lambda polls: {poll: sealed[poll] for poll in polls & sealed.keys()})
    assert left_alone() == []  # the other one may be at it
    sealed[1] = 11
    assert left_alone() == [2]
    assert left_alone() == [1, 2]
    due = set()
    assert left_alone() == []
    due = {1}
    assert left_alone() == []
