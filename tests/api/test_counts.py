"""No count leaves before its time, at any door of the API, whoever asks."""

from datetime import timedelta

import pytest

from accounts.models import Role
from consultations.clock import database_now
from consultations.models import Phase
from tests.api.conftest import problem
from tests.factories import UserFactory, choose, make_agency, make_consultation, make_poll, member
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold


@pytest.fixture
def agency(db):
    return make_agency("Obras")


@pytest.fixture
def polls(agency):
    """A poll of each policy with 3 ballots of one voter and 4 others: 7 for, which nothing else here is."""
    consultation = make_consultation(agency, now_in="voting", title="Plan")
    polls = {
        policy: make_poll(consultation, question=policy, results_policy=policy)
        for policy in ("live", "after_voting", "after_close")
    }
    for poll in polls.values():
        for _ in range(7):
            cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        fold(poll.pk)
    return polls


def people(agency):
    return [None, UserFactory(), *[member(agency, role) for role in Role]]


def test_a_withheld_tally_says_why_and_until_when(api, agency, polls):
    poll = polls["after_close"]
    for person in people(agency):
        refused = problem(api(person).get(f"polls/{poll.pk}/tally/"), 403)
        assert refused["code"] == "after_close"
        assert refused["until"] == poll.phase.ends_at.isoformat()
        assert "counts" not in refused


def test_who_has_voted_sees_the_count_that_is_shown_after_voting(api, polls):
    poll = polls["after_voting"]
    voter = api(UserFactory())
    assert problem(voter.get(f"polls/{poll.pk}/tally/"), 403)["code"] == "after_voting"

    voter.post(f"polls/{poll.pk}/ballot/", {"choices": choose(poll, "against")})

    assert voter.get(f"polls/{poll.pk}/tally/").json()["voters"] == 7
    assert problem(api(UserFactory()).get(f"polls/{poll.pk}/tally/"), 403)["code"] == "after_voting"


def test_the_close_shows_every_count_and_the_outcome(api, polls):
    now = database_now()
    Phase.objects.filter(kind="voting").update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(seconds=1))

    for poll in polls.values():
        tally = api().get(f"polls/{poll.pk}/tally/").json()
        assert (tally["voters"], tally["final"]) == (7, True)
        assert api().get(f"polls/{poll.pk}/").json()["outcome"]["winners"] == list(choose(poll, "for"))


def test_lists_and_details_are_the_same_with_ballots_and_without(api, agency, polls):
    """Whatever could give a count away would differ."""
    consultation = polls["live"].consultation
    empty = make_poll(consultation, question="after_close", results_policy="after_close")

    for person in people(agency):
        full, none = (api(person).get(f"polls/{poll.pk}/").json() for poll in (polls["after_close"], empty))
        same = {"id": 0, "options": 0, "turnout": 0}  # how many voted is always told
        assert {**full, **same} == {**none, **same}
        assert set(full["options"][0]) == {"id", "label", "kind", "proposal", "withdrawn_at"}


@pytest.mark.parametrize("ordering", ["ordering=count", "ordering=-tally", "order_by=seals__tally", "ballots__gt=0"])
def test_no_order_or_filter_gives_a_count_away(api, polls, ordering):
    assert api().get(f"polls/?{ordering}").json() == {**api().get("polls/").json()}
