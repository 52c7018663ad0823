"""Many ballots at once are ballots like any other."""

import secrets

import pytest
from django.db import IntegrityError, transaction

from tests.factories import UserFactory, choose, make_poll
from voting.ballots.bulk import FIRST_BATCH, append_ballots
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.ballots.shapes import commitment_of, pseudonym_of
from voting.models import Ballot, Poll, PollSecret, QueuedBallot
from voting.results.tallies import frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_poll(method="single_choice", options=["Plaza", "Bicisenda"])


def voters(number):
    return [secrets.token_bytes(32) for _ in range(number)]


def test_they_wait_for_the_fold_and_are_then_counted_and_numbered(poll):
    plaza, bikes = choose(poll, "Plaza"), choose(poll, "Bicisenda")
    ballots = [(voter, plaza if n % 3 else bikes) for n, voter in enumerate(voters(9))]
    assert append_ballots(poll, iter(ballots)) == 9
    assert QueuedBallot.objects.filter(poll=poll).count() == 9
    fold(poll.pk)
    assert frame(poll)["counts"] == {next(iter(plaza)): 6, next(iter(bikes)): 3}
    assert frame(poll)["number"] == 9


def test_none_is_lost_where_one_batch_ends_and_the_next_begins(poll):
    count = FIRST_BATCH + 1
    assert append_ballots(poll, ((voter, {}) for voter in voters(count))) == count
    fold(poll.pk)
    assert (frame(poll)["voters"], frame(poll)["blank"]) == (count, count)


def test_each_has_an_opening_that_fits_its_commitment(poll):
    append_ballots(poll, [(voter, choose(poll, "Plaza")) for voter in voters(3)])
    for ballot in Ballot.objects.filter(poll=poll).select_related("opening"):
        assert bytes(ballot.commitment) == commitment_of(bytes(ballot.opening.salt), ballot.opening.choices)
        assert ballot.opening.choices == choose(poll, "Plaza")


def test_no_ballots_are_no_fault(poll):
    assert append_ballots(poll, []) == 0


def test_a_voter_who_came_in_bulk_can_still_think_again(poll):
    ana = UserFactory(name="Ana de Villa Serena")
    key = bytes(PollSecret.objects.get(poll=poll).key)
    append_ballots(poll, [(pseudonym_of(ana.pk, key), choose(poll, "Plaza"))])
    fold(poll.pk)
    assert cast_ballot(poll=poll, voter=ana, choices=choose(poll, "Bicisenda")).revision == 2
    fold(poll.pk)
    assert sorted(frame(poll)["counts"].values()) == [0, 1]
    assert frame(poll)["voters"] == 1


def test_the_database_refuses_a_second_first_ballot_and_keeps_none_of_the_others(poll):
    voter = voters(1)[0]
    append_ballots(poll, [(voter, {})])
    with pytest.raises(IntegrityError, match="not the next revision"), transaction.atomic():
        append_ballots(poll, [(other, {}) for other in [*voters(2), voter]])
    assert Ballot.objects.filter(poll=poll).count() == 1


def test_the_database_refuses_them_after_the_close(poll):
    Poll.objects.filter(pk=poll.pk).update(closed_at="2026-01-01T00:00Z")
    with pytest.raises(IntegrityError, match="the poll is closed"), transaction.atomic():
        append_ballots(poll, [(voters(1)[0], {})])
