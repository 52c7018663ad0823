"""The results gate: who sees a count, and when. One table, and nobody above it."""

import pytest

from accounts.models import Role
from accounts.permissions import ADMINISTRATORS
from accounts.refusals import NotPermitted
from tests.factories import UserFactory, anonymous, choose, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.reading import tally_for
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.results.gate import ballots_withheld, count_withheld, is_public_count, require_count, who_sees_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


def people(agency):
    """Everybody who might believe to stand above the gate, and a passer-by."""
    from accounts.agencies import appoint_administrator

    administrator = UserFactory()
    appoint_administrator(administrator)
    assert fresh(administrator).groups.filter(name=ADMINISTRATORS).exists()
    return [anonymous, UserFactory(), fresh(administrator), *(member(agency, role) for role in Role)]


@pytest.mark.parametrize(
    ("policy", "before_the_close", "after_voting", "after_the_close"),
    [
        ("live", True, True, True),
        ("after_voting", False, True, True),
        ("after_close", False, False, True),
    ],
)
def test_the_table_of_the_gate(agency, policy, before_the_close, after_voting, after_the_close):
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy=policy)
    rosa = UserFactory(name="Rosa")

    everybody = people(agency)
    assert {count_withheld(poll, person) is None for person in everybody} == {before_the_close}

    cast_ballot(poll=poll, voter=rosa, choices=choose(poll, "for"))
    fold(poll.pk)
    assert (count_withheld(poll, rosa) is None) == after_voting
    assert {tally_for(poll, person) is not None for person in everybody} == {before_the_close}

    assert_asked_for_many(poll, [*everybody, rosa])

    poll = close_if_due(end(poll))
    assert {count_withheld(poll, person) is None for person in [*everybody, rosa]} == {after_the_close}
    assert is_public_count(poll)
    assert_asked_for_many(poll, [*everybody, rosa])


def assert_asked_for_many(poll, people):
    accounts = [person for person in people if person.is_authenticated]
    one_by_one = {person.pk for person in accounts if count_withheld(poll, person) is None}
    assert who_sees_count(poll, {person.pk for person in accounts}) == one_by_one


def test_a_count_that_is_withheld_comes_with_the_reason_and_the_time(agency):
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy="after_close")
    withheld = count_withheld(poll, agency.owner)
    assert withheld.reason.code == "after_close"
    assert withheld.until == poll.phase.ends_at
    with pytest.raises(NotPermitted, match="after_close"):
        require_count(poll, agency.owner)


def test_single_ballots_are_for_nobody_before_the_close_whatever_the_policy(agency):
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy="live")
    assert ballots_withheld(poll, anonymous).reason.code == "before_close"
    assert ballots_withheld(close_if_due(end(poll)), anonymous) is None


def test_a_poll_whose_time_is_over_keeps_its_counts_until_the_last_ballots_are_counted(agency):
    poll = end(make_poll(make_consultation(agency, now_in="voting"), results_policy="after_close"))
    assert count_withheld(poll, anonymous) is not None
    assert count_withheld(close_if_due(poll), anonymous) is None
