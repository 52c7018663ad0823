"""Many voters through several connections, with re-votes, while others fold: CASTS=10000 VOTERS=500 for the whole."""

import os
import random
import threading

import pytest
from django.db import connections

from tests.factories import UserFactory, make_poll
from tests.faults.voting import verify_and_close
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.ledger.tree import verify_consistency
from voting.log.reading import consistency, head_of
from voting.models import Ballot, Leaf, Opening, Poll, Seal, Tally

CASTS = int(os.environ.get("CASTS", "120"))
VOTERS = int(os.environ.get("VOTERS", "12"))
CASTERS = int(os.environ.get("CASTERS", "4"))

METHODS = {
    "for_against_abstain": {},
    "single_choice": {"options": ["Ceibo", "Tipa", "Lapacho"]},
    "approval": {"options": ["Ceibo", "Tipa", "Lapacho"], "max_choices": 2},
}


@pytest.mark.django_db(transaction=True)
def test_every_cast_is_in_the_log_one_stands_for_each_voter_and_the_heads_are_of_one_log():
    polls = [make_poll(method=method, question=method, **fields) for method, fields in METHODS.items()]
    options = {poll.pk: [str(option.pk) for option in poll.options.all()] for poll in polls}
    people = UserFactory.create_batch(VOTERS)
    faults: list[BaseException] = []
    casting = threading.Event()
    casting.set()

    def cast(number: int) -> None:
        chance = random.Random(number)
        try:
            for _ in range(CASTS // CASTERS):
                poll = chance.choice(polls)
                most = 2 if poll.method == "approval" else 1
                chosen = chance.sample(options[poll.pk], chance.randint(0, most))
                cast_ballot(poll=poll, voter=chance.choice(people), choices=dict.fromkeys(chosen, 1))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    def keep_folding() -> None:
        try:
            while casting.is_set():
                for poll in polls:
                    fold(poll.pk)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    casters = [threading.Thread(target=cast, args=(number,)) for number in range(CASTERS)]
    folders = [threading.Thread(target=keep_folding) for _ in range(2)]
    for thread in casters + folders:
        thread.start()
    for thread in casters:
        thread.join()
    casting.clear()
    for thread in folders:
        thread.join()

    assert faults == []
    assert Ballot.objects.count() == CASTS // CASTERS * CASTERS
    for poll in polls:
        fold(poll.pk)
        check(poll)
        verify_and_close(poll)


def check(poll: Poll) -> None:
    voters = Ballot.objects.filter(poll=poll, revision=1).count()
    numbers = list(Leaf.objects.filter(poll=poll).values_list("number", flat=True))
    assert numbers == list(range(Ballot.objects.filter(poll=poll).count() + 1))
    openings = list(Opening.objects.filter(ballot__poll=poll).values_list("choices", flat=True))
    tally = Tally.objects.get(poll=poll).counted
    assert len(openings) == tally["voters"] == voters
    assert sum(map(len, openings)) == sum(tally["counts"].values())
    assert sum(not choices for choices in openings) == tally["blank"]

    heads = [head_of(seal) for seal in Seal.objects.filter(poll=poll).order_by("number")]
    last = heads[-1]
    for head in random.Random(1).sample(heads, min(len(heads), 20)):
        proof = consistency(poll, head.size, last.size)
        assert verify_consistency(head.size, last.size, head.root, last.root, proof)
