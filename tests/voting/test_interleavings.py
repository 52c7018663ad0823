"""Casts, repeated requests, folds and closes in any order, some with a cast not yet committed: no ballot is lost.

Schedules are made up by hypothesis and run on the real database; SCHEDULES=1000 tries more of them.
"""

import os
import threading
from collections import Counter

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Conflict, PhaseClosed
from consultations.clock import database_now
from consultations.models import Phase
from tests.factories import UserFactory, make_poll
from voting.ballots.casting import Once, cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.ledger.tree import leaf_hash, root_of
from voting.log.export import _entries
from voting.log.reading import head_of
from voting.models import Ballot, Leaf, Opening, Poll, QueuedBallot, RollEntry, Seal, Tally

VOTERS = range(3)
CHOICES = range(4)  # the last one is blank
WAIT = 20  # seconds

steps = st.lists(
    st.one_of(
        st.tuples(st.just("cast"), st.sampled_from(VOTERS), st.sampled_from(CHOICES)),
        st.tuples(st.just("cast with a key"), st.sampled_from(VOTERS), st.sampled_from(CHOICES), st.sampled_from("ab")),
        st.tuples(st.just("begin to cast"), st.sampled_from(VOTERS), st.sampled_from(CHOICES)),
        st.tuples(st.just("finish"), st.sampled_from(VOTERS), st.booleans()),
        st.tuples(st.just("fold")),
        st.tuples(st.just("close")),
        st.tuples(st.just("end")),
    ),
    max_size=25,
)


class UnderWay(threading.Thread):
    """A cast whose transaction stays open until it is told how to end."""

    def __init__(self, vote, run):
        super().__init__(daemon=True)
        self.run_it, self.vote = run, vote
        self.appended, self.told = threading.Event(), threading.Event()
        self.ballot, self.is_committed, self.fault = None, True, None
        self.start()
        assert self.appended.wait(WAIT)

    def run(self):
        try:
            with transaction.atomic():
                try:
                    self.ballot = self.run_it()
                finally:
                    self.appended.set()
                assert self.told.wait(WAIT)
                transaction.set_rollback(not self.is_committed)
        except PhaseClosed:
            self.ballot = None
        except BaseException as fault:
            self.fault = fault
        finally:
            connection.close()

    def finish(self, *, is_committed):
        self.is_committed = is_committed
        self.told.set()
        self.join(WAIT)
        assert not self.is_alive() and self.fault is None, self.fault
        return self.ballot if is_committed else None


class Vote:
    """A poll, and what its voters were told: the model that the log is compared with."""

    def __init__(self):
        self.poll = make_poll(method="single_choice", options=["Ceibo", "Tipa", "Lapacho"])
        self.options = [str(option.pk) for option in self.poll.options.all()]
        self.people = UserFactory.create_batch(len(VOTERS))
        self.received = {voter: [] for voter in VOTERS}  # (id, choices) as they were answered
        self.by_key = {}
        self.under_way = {}
        self.is_over = False

    def choices(self, number):
        return {self.options[number]: 1} if number < len(self.options) else {}

    def post(self, voter, number, once=None):
        return cast_ballot(poll=self.poll, voter=self.people[voter], choices=self.choices(number), once=once)

    def do(self, deed, *arguments):
        getattr(self, deed.replace(" ", "_"))(*arguments)

    def cast(self, voter, number):
        if voter in self.under_way:  # the same voter would wait for themselves
            return
        try:
            self.received[voter].append((self.post(voter, number).pk, self.choices(number)))
            assert not self.is_over
        except PhaseClosed:
            assert self.is_over

    def cast_with_a_key(self, voter, number, key):
        if voter in self.under_way:
            return
        before = self.by_key.get((voter, key))
        try:
            ballot = self.post(voter, number, Once(key))
        except PhaseClosed:
            assert self.is_over
            return
        except Conflict:  # the same key with other choices
            assert before and before[1] != self.choices(number)
            return
        if before:
            assert before == (ballot.pk, self.choices(number))
        else:
            self.by_key[voter, key] = (ballot.pk, self.choices(number))
            self.received[voter].append((ballot.pk, self.choices(number)))

    def begin_to_cast(self, voter, number):
        if voter not in self.under_way:
            self.under_way[voter] = UnderWay(self.choices(number), lambda: self.post(voter, number))

    def finish(self, voter, is_committed):
        cast = self.under_way.pop(voter, None)
        ballot = cast and cast.finish(is_committed=is_committed)
        if ballot:
            self.received[voter].append((ballot.pk, cast.vote))

    def fold(self):
        fold(self.poll.pk)
        self.compare()

    def end(self):
        now = database_now()
        Phase.objects.filter(pk=self.poll.phase_id, ends_at__gt=now).update(ends_at=now)
        self.is_over = True

    def close(self):
        is_held_up = any(cast.ballot for cast in self.under_way.values())
        try:
            closed = close(self.poll.pk, attempts=1)
        except OperationalError:  # it waits for nobody long: whoever calls tries again
            assert is_held_up
            return
        assert not closed or (self.is_over and not is_held_up)

    def finish_all(self):
        for voter in list(self.under_way):
            self.finish(voter, True)
        self.end()
        close(self.poll.pk)

    def compare(self):
        """One ballot stands for each voter, the tally is the recount, the heads are of one tree."""
        in_log = list(
            Leaf.objects.filter(poll=self.poll, ballot__isnull=False)
            .order_by("number")
            .values_list("ballot", flat=True)
        )
        told = {pk: (voter, choices) for voter, ballots in self.received.items() for pk, choices in ballots}
        assert len(in_log) == len(set(in_log))
        assert set(in_log) == told.keys(), "lost, or counted though nobody was told"
        standing = [ballots[-1] for ballots in self.received.values() if ballots]
        openings = dict(
            Opening.objects.filter(ballot__poll=self.poll, ballot__leaf__isnull=False).values_list("pk", "choices")
        )
        assert openings == dict(standing)
        tally = Tally.objects.filter(poll=self.poll).first()
        if standing:
            recount = Counter(option for _, choices in standing for option in choices)
            assert {option: number for option, number in tally.counted["counts"].items() if number} == recount
            assert tally.counted["voters"] == len(standing)
        leaves = [
            bytes(leaf)
            for leaf in Leaf.objects.filter(poll=self.poll).order_by("number").values_list("hash", flat=True)
        ]
        assert leaves == [leaf_hash(entry) for entry in _entries(self.poll, len(leaves))]
        for seal in Seal.objects.filter(poll=self.poll):
            head = head_of(seal)
            assert head.root == root_of(leaves[: head.size])


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=int(os.environ.get("SCHEDULES", "12")), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(schedule=steps)
def test_in_every_order_what_was_received_is_counted_once_and_nothing_else(schedule):
    vote = Vote()
    try:
        for deed, *arguments in schedule:
            vote.do(deed, *arguments)
    finally:
        vote.finish_all()
    vote.compare()
    assert Poll.objects.get(pk=vote.poll.pk).is_closed
    assert not QueuedBallot.objects.filter(poll=vote.poll).exists()
    voted = {vote.people[voter].pk for voter, ballots in vote.received.items() if ballots}
    assert set(RollEntry.objects.filter(poll=vote.poll).values_list("user", flat=True)) == voted
    for voter in VOTERS:
        with pytest.raises(PhaseClosed):
            vote.post(voter, 0)
    assert Ballot.objects.filter(poll=vote.poll).count() == sum(map(len, vote.received.values()))
