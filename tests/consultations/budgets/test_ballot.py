"""What is put to the vote: proposals that stand and have a cost, of one district or of all."""

import pytest

from consultations.budgets.ballot import eligible_for_ballot
from consultations.clock import database_now
from consultations.models import District
from tests.factories import ProposalFactory, make_agency, make_consultation

pytestmark = pytest.mark.django_db


def test_only_what_stands_and_has_a_cost_is_put_to_the_vote():
    agency = make_agency()
    found = make_consultation(agency, budget_cents=900_00)
    north, south = (
        District.objects.create(consultation=found, position=n, name=name, amount_cents=450_00)
        for n, name in enumerate(["Norte", "Sur"])
    )

    def proposal(district=north, cost_cents=100_00, **facts):
        return ProposalFactory(consultation=found, district=district, cost_cents=cost_cents, **facts)

    plaza, lights = proposal(), proposal(district=south)
    now = database_now()
    proposal(cost_cents=None)
    proposal(withdrawn_at=now)
    proposal(held_at=now)
    proposal(hidden_at=now, hidden_by=agency.owner, hidden_reason="Datos de otra persona.")
    proposal(merged_into=plaza)
    ProposalFactory(consultation=make_consultation(agency, title="Otra"), cost_cents=5_00)

    assert set(eligible_for_ballot(found)) == {plaza, lights}
    assert list(eligible_for_ballot(found, south)) == [lights]
