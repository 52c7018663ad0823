"""What the first ballot fixes is changed in the very moment in which it is cast: one of the two comes first."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Role
from consultations.models import Consultation, Phase
from consultations.opening.changing import change_consultation
from consultations.running.closing import close_early
from consultations.running.dates import extend_phase
from tests.at_once import at_once
from tests.factories import UserFactory, choose, make_agency, make_consultation, make_poll, member
from voting.ballots.casting import cast_ballot

ACTS = {
    "who may take part": lambda consultation, actor: change_consultation(
        consultation=consultation, actor=actor, eligibility=Consultation.Eligibility.VERIFIED
    ),
    "until when": lambda consultation, actor: extend_phase(
        consultation=consultation,
        kind=Phase.Kind.VOTING,
        ends_at=consultation.phases.get(kind=Phase.Kind.VOTING).ends_at + timedelta(days=1),
        reason="Hay más tiempo.",
        actor=actor,
    ),
    "the end, now": lambda consultation, actor: close_early(
        consultation=consultation, reason="Se suspende.", actor=actor
    ),
    "how much money": lambda consultation, actor: change_consultation(
        consultation=consultation, actor=actor, budget_cents=5_000_00
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_change_waits_for_a_ballot_that_is_being_cast_and_is_refused(act):
    agency = make_agency()
    editor, voter = member(agency, Role.EDITOR), UserFactory()
    poll = make_poll(make_consultation(agency, now_in="voting", budget_cents=1_000_00))
    is_cast, goes_on = threading.Event(), threading.Event()

    def cast():
        with transaction.atomic():
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
            is_cast.set()
            goes_on.wait(20)

    def change():
        is_cast.wait(20)
        threading.Timer(0.5, goes_on.set).start()
        act(poll.consultation, editor)

    [refused] = set(at_once(cast, change)) - {"done"}
    assert refused in ("eligibility_voted", "voting_begun", "budget_voted_on")
    assert poll.ballots.count() == 1
