"""A budget of two districts and a part for all, in the middle of its voting."""

import pytest
from django.urls import reverse

from accounts.models import Role
from consultations.models import Budget, Consultation, District
from tests.factories import ProposalFactory, fresh, make_agency, make_consultation, member
from voting.districts.setting_up import open_district_polls
from voting.models import Poll

MONEY = {"Centro": 100_000_00, "Área Norte": 50_000_00, "Toda la ciudad": 200_000_00}


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def make_budget(*, agency=None, now_in="voting", per_district=3, rule=Budget.DistrictRule.CHOSEN, **fields):
    """Its proposals cost 30,000, 40,000, 50,000 … and are called "Centro 1" and so on; with its ``editor``."""
    agency = agency or make_agency("Obras")
    fields = {"title": "Presupuesto 2027", "budget_cents": sum(MONEY.values()), **fields}
    consultation = make_consultation(agency, now_in=now_in, **fields)
    Budget.objects.filter(consultation=consultation).update(district_rule=rule)
    for place, (name, amount) in enumerate(MONEY.items(), start=1):
        district = District.objects.create(
            consultation=consultation, position=place, name=name, amount_cents=amount, is_for_all=place == 3
        )
        for number in range(per_district):
            ProposalFactory(
                consultation=consultation,
                district=district,
                title=f"{name} {number + 1}",
                cost_cents=(number + 3) * 10_000_00,
            )
    found = Consultation.objects.select_related("agency", "budget").get(pk=consultation.pk)
    found.editor = fresh(member(agency, Role.EDITOR))
    return found


def set_up(consultation, **rules):
    """The polls by the name of their district."""
    rules = {"method": "greedy", "results_policy": "after_close", **rules}
    open_district_polls(consultation=consultation, actor=consultation.editor, question="¿Qué hacemos?", **rules)
    return {name: poll_of(consultation, name) for name in MONEY}


def poll_of(consultation, name):
    polls = Poll.objects.select_related("consultation__budget", "phase", "district", "electoral_roll")
    return polls.get(consultation=consultation, district__name=name)


def choose_url(consultation):
    return reverse("voting:choose-district", args=[consultation.slug])


def set_up_url(consultation):
    return reverse("voting:open-district-polls", args=[consultation.slug])
