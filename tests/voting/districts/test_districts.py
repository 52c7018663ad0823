"""A budget by districts: one vote for each, set up in one act; and who votes where."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.models import Budget, District, DistrictChoice
from tests.at_once import at_once
from tests.factories import ProposalFactory, UserFactory, choose, fresh
from tests.voting.districts.conftest import choose_url, make_budget, poll_of, set_up, set_up_url
from tests.voting.reading import ballot_url, page_of
from tests.voting.rolls.conftest import put_on
from tests.voting.verifying.logs import exported, over, run
from voting.ballots.casting import cast_ballot
from voting.districts.choosing import choose_district
from voting.districts.where import district_of
from voting.models import Ballot, EligibleVoter, Leaf, Poll
from voting.rolls.changing import remove_voters

pytestmark = pytest.mark.django_db


def district(consultation, name):
    return District.objects.get(consultation=consultation, name=name)


def test_an_editor_sets_up_the_votes_of_all_districts_in_one_act(client):
    budget = make_budget()
    ProposalFactory(consultation=budget, district=district(budget, "Centro"), title="Sin costo")
    ProposalFactory(consultation=budget, title="De ningún lado", cost_cents=100)
    client.force_login(budget.editor)
    managed = client.get(reverse("consultations:manage", args=[budget.slug])).content.decode()
    assert f'<a href="{set_up_url(budget)}">Set up the votes of the districts</a>' in managed
    page = client.get(set_up_url(budget)).content.decode()
    assert "Set up 3 votes" in page
    assert "1 costs more than there is, and cannot win." not in page
    assert "ARS\N{NO-BREAK SPACE}120,000" in page

    sent = {"question": "¿Qué hacemos?", "method": "greedy", "results_policy": "after_close", "max_choices": "2"}
    assert client.post(set_up_url(budget), sent).status_code == 302
    polls = {poll.district.name: poll for poll in Poll.objects.select_related("district")}
    assert {name: poll.money_cents for name, poll in polls.items()} == {
        "Centro": 100_000_00,
        "Área Norte": 50_000_00,
        "Toda la ciudad": 200_000_00,
    }
    assert [option.label for option in polls["Centro"].options.all()] == ["Centro 1", "Centro 2", "Centro 3"]
    assert polls["Centro"].question == "Centro: ¿Qué hacemos?"
    assert (polls["Centro"].max_choices, polls["Centro"].limits.budget) == (2, 100_000_00)
    assert "set up already" in client.get(set_up_url(budget)).content.decode()
    assert client.post(set_up_url(budget), sent).status_code == 409  # nothing left to set up
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=polls["Centro"].pk).update(district=polls["Área Norte"].district)


def test_who_sets_up_the_votes_is_told_of_a_proposal_that_can_never_win(client):
    budget = make_budget()
    ProposalFactory(consultation=budget, district=district(budget, "Centro"), cost_cents=100_000_01)
    client.force_login(budget.editor)

    page = client.get(set_up_url(budget)).content.decode()
    assert page.count("1 costs more than there is, and cannot win.") == 1


def test_votes_of_districts_are_all_set_up_or_none(client):
    budget = make_budget()
    with pytest.raises(InvalidInput):
        set_up(budget, method="stv")
    with pytest.raises(NotPermitted):
        budget.editor = UserFactory()
        set_up(budget)
    assert not Poll.objects.exists()


def test_a_voter_chooses_a_district_once_and_votes_there_and_in_the_part_for_all(client):
    budget = make_budget()
    polls = set_up(budget)
    rosa = UserFactory(name="Rosa")
    client.force_login(rosa)
    assert "First say in which district you vote" in page_of(client, polls["Centro"])
    assert choose_url(budget) in page_of(client, polls["Centro"])
    assert "You also vote in a district" in client.get(budget.get_absolute_url()).content.decode()
    centro = polls["Centro"].options.first().pk
    refused = client.post(ballot_url(polls["Centro"]), {"option": centro})
    assert (refused.status_code, Ballot.objects.count()) == (403, 0)

    assert "for good" in client.get(choose_url(budget)).content.decode()
    answer = client.post(choose_url(budget), {"district": polls["Centro"].district_id})
    assert answer["Location"] == polls["Centro"].get_absolute_url()
    assert district_of(budget, rosa) == polls["Centro"].district
    assert "You also vote in a district" not in client.get(budget.get_absolute_url()).content.decode()
    for name in ("Centro", "Toda la ciudad"):
        poll = polls[name]
        assert client.post(ballot_url(poll), {"option": poll.options.first().pk}).status_code == 302
        assert f'"{budget.get_absolute_url()}#vote">See whether you still have one to cast' in page_of(client, poll)
    there = page_of(client, polls["Área Norte"])
    assert "You vote in Centro, and this is the vote of Área Norte." in there
    assert "Go to the vote of Centro" in there
    norte = polls["Área Norte"]
    assert client.post(ballot_url(norte), {"option": norte.options.first().pk}).status_code == 403
    assert client.post(choose_url(budget), {"district": norte.district_id}).status_code == 409
    assert "You vote in Centro" in client.get(choose_url(budget)).content.decode()
    assert Ballot.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_choices_at_once_one_stands():
    budget = make_budget()
    set_up(budget)
    rosa = fresh(UserFactory())
    one, other = district(budget, "Centro"), district(budget, "Área Norte")
    answers = at_once(
        lambda: choose_district(consultation=budget, district=one, user=rosa),
        lambda: choose_district(consultation=budget, district=other, user=rosa),
    )
    assert answers == ["district_chosen", "done"]
    assert DistrictChoice.objects.count() == 1


def test_where_the_roll_says_it_a_change_of_the_roll_moves_a_voter_and_a_ballot_stays_where_it_was_cast(client):
    budget = make_budget(rule=Budget.DistrictRule.RESIDENT)
    polls = set_up(budget)
    ana, luz, sol = (fresh(UserFactory(email=f"{name}@example.org")) for name in ("ana", "luz", "sol"))
    put_on(polls["Centro"], "email;distrito\nana@example.org;centro\nluz@example.org;CENTRO\nsol@example.org;Sur")
    assert [getattr(district_of(budget, person), "name", None) for person in (ana, luz, sol)] == [
        "Centro",
        "Centro",
        None,
    ]
    client.force_login(sol)
    assert "The roll does not say in which" in page_of(client, poll_of(budget, "Centro"))
    cast(budget, "Centro", ana)

    # Both move: by a public amendment of the roll, as any change of it.
    for content in ("ana@example.org;area norte", "luz@example.org;area norte"):
        email = content.partition(";")[0]
        roll = poll_of(budget, "Centro").electoral_roll
        remove_voters(roll=roll, fingerprints=[], emails=[email], reason="Se mudó.", actor=budget.editor)
        put_on(poll_of(budget, "Centro"), f"email;distrito\n{content}", reason="Se mudó.")
    assert [entry.district for entry in EligibleVoter.objects.filter(removed_at=None).order_by("pk")] == [
        "area norte",
        "area norte",
        "Sur",
    ]
    cast(budget, "Área Norte", luz)
    with pytest.raises(NotPermitted, match="voted_elsewhere"):
        cast(budget, "Área Norte", ana)
    with pytest.raises(NotPermitted, match="other_district"):
        cast(budget, "Centro", ana)
    client.force_login(ana)
    assert "A vote was cast in Centro from your place on the roll before the roll was changed." in page_of(
        client, poll_of(budget, "Área Norte")
    )
    assert [poll_of(budget, name).ballots.count() for name in ("Centro", "Área Norte")] == [1, 1]


def test_a_document_number_that_is_put_right_gives_nobody_a_second_ballot_in_another_district():
    budget = make_budget(rule=Budget.DistrictRule.RESIDENT)
    set_up(budget)
    ana = UserFactory(email="ana@example.org")
    put_on(poll_of(budget, "Centro"), "email;documento;distrito\nana@example.org;22333444;Centro")
    cast(budget, "Centro", ana)
    roll = poll_of(budget, "Centro").electoral_roll
    remove_voters(roll=roll, fingerprints=[], emails=["ana@example.org"], reason="Mal cargada.", actor=budget.editor)
    right = "email;documento;distrito\nana@example.org;33444555;Área Norte"
    put_on(poll_of(budget, "Centro"), right, reason="Bien cargada.")
    with pytest.raises(Conflict, match="voted_elsewhere"):
        cast(budget, "Área Norte", ana)
    assert [poll_of(budget, name).ballots.count() for name in ("Centro", "Área Norte")] == [1, 0]


def test_a_voter_whom_the_roll_moves_while_they_cast_is_told_to_look_again():
    budget = make_budget(rule=Budget.DistrictRule.RESIDENT)
    set_up(budget)
    ana = fresh(UserFactory(email="ana@example.org"))
    poll = put_on(poll_of(budget, "Centro"), "email;distrito\nana@example.org;Centro")
    assert ana.has_perm("voting.vote_poll", poll)  # as the page asked, a moment before
    EligibleVoter.objects.update(district="Área Norte")
    with pytest.raises(Conflict, match="district_changed"):
        cast_ballot(poll=poll, voter=ana, choices=choose(poll, "Centro 1"))


def test_the_frozen_rules_and_the_export_name_the_district_and_its_money(tmp_path, client):
    budget = make_budget()
    poll = set_up(budget)["Centro"]
    voters = [fresh(UserFactory()) for _ in range(3)]
    for voter in voters:
        choose_district(consultation=budget, district=poll.district, user=voter)
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "Centro 2", "Centro 3"))
    over(poll)
    manifest = json.loads(Leaf.objects.get(poll=poll, number=0).statement)
    assert manifest["district"] == {"name": "Centro", "by": "chosen"}
    assert manifest["limits"]["budget"] == 100_000_00
    assert len(bytes.fromhex(manifest["order"]["seed"])) == 16
    page = page_of(client, poll)
    assert "2 of 3 proposals won, for ARS 90,000 of ARS 100,000." in page
    answer = run(exported(poll_of(budget, "Centro"), tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert "Of the district: Centro." in answer.stdout
    api = client.get(f"/api/v1/polls/{poll.pk}/").json()
    assert api["district"] == "Centro"


def cast(budget, name, person):
    poll = poll_of(budget, name)
    return cast_ballot(poll=poll, voter=fresh(person), choices={str(poll.options.first().pk): 1})


def test_after_the_close_the_results_of_all_districts_stand_side_by_side(client, django_assert_max_num_queries):
    consultation = make_budget()
    polls = set_up(consultation)
    for name, title in (("Centro", "Centro 1"), ("Toda la ciudad", "Toda la ciudad 2")):
        voter = fresh(UserFactory())
        if name == "Centro":
            choose_district(consultation=consultation, district=polls[name].district, user=voter)
        cast_ballot(poll=polls[name], voter=voter, choices=choose(polls[name], title))
    assert "Results by district" not in client.get(consultation.get_absolute_url()).text
    for poll in polls.values():
        over(poll)

    with django_assert_max_num_queries(12):
        page = client.get(consultation.get_absolute_url()).text
    rows = " ".join(strip_tags(page.partition("Results by district")[2].replace("</d", " </d")).split())
    assert "Centro Voters 1 Proposals that won 2 of 3 Spent ARS 70,000 Left ARS 30,000" in rows
    assert "Área Norte Voters 0 Proposals that won 0 of 3 Spent ARS 0 Left ARS 50,000" in rows


def test_under_an_embargo_the_results_of_districts_are_not_shown(client):
    consultation = make_budget()
    polls = set_up(consultation, results_policy="embargo", embargo_until=timezone.now() + timedelta(days=9))
    for poll in polls.values():
        over(poll)
    assert "Results by district" not in client.get(consultation.get_absolute_url()).text
