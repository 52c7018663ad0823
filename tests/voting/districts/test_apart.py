"""Several amounts and rounds a year do not mix: two budgets of one agency with equal districts, in two currencies."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.refusals import InvalidInput
from consultations.models import Budget, Proposal
from consultations.proposals.supporting import support
from tests.exports.reading import rows_of
from tests.factories import UserFactory, anonymous, choose, fresh
from tests.voting.districts.conftest import make_budget, poll_of, set_up
from tests.voting.drafts.test_drafts import draft_url
from tests.voting.reading import page_of
from tests.voting.verifying.logs import over
from voting.ballots.casting import cast_ballot
from voting.districts.choosing import choose_district
from voting.districts.where import district_of
from voting.formats import pabulib
from voting.models import Ballot, BallotDraft, Poll
from voting.polls.amending_budget import change_amount
from voting.polls.setting_up import open_poll

pytestmark = pytest.mark.django_db


def make_rounds(**fields):
    """That of autumn, in pesos, and that of spring, in dollars, with the same names throughout."""
    autumn = make_budget(title="Otoño", **fields)
    return autumn, make_budget(agency=autumn.agency, title="Primavera", currency="USD", **fields)


@pytest.fixture
def rounds():
    return make_rounds()


def proposal(consultation, title):
    return Proposal.objects.get(consultation=consultation, title=title)


def vote(consultation, name, *titles, voter=None):
    poll, voter = poll_of(consultation, name), voter or fresh(UserFactory())
    choose_district(consultation=consultation, district=poll.district, user=voter)
    cast_ballot(poll=poll, voter=voter, choices=choose(poll, *titles))
    return voter


def test_a_support_counts_in_its_round():
    autumn, spring = make_rounds(now_in="support")
    support(place=proposal(autumn, "Centro 1"), actor=UserFactory())
    assert [proposal(each, "Centro 1").support_count for each in (autumn, spring)] == [1, 0]


def test_a_district_that_one_chose_and_an_amount_belong_to_one_round(rounds):
    autumn, spring = rounds
    for each in rounds:
        set_up(each)
    rosa = vote(autumn, "Centro", "Centro 1")
    assert district_of(spring, rosa) is None
    vote(spring, "Área Norte", "Área Norte 1", voter=rosa)
    assert district_of(autumn, rosa).name == "Centro"

    change_amount(poll=poll_of(autumn, "Centro"), amount_cents=60_000_00, reason="Recorte.", actor=autumn.editor)
    amounts = [{p.district.name: p.money_cents for p in Poll.objects.filter(consultation=each)} for each in rounds]
    assert amounts[1] == {"Centro": 100_000_00, "Área Norte": 50_000_00, "Toda la ciudad": 200_000_00}
    assert amounts[0] == {**amounts[1], "Centro": 60_000_00}
    assert [Budget.objects.get(consultation=each).amount_cents for each in rounds] == [310_000_00, 350_000_00]


def test_no_ballot_takes_what_belongs_to_another_round_or_district(rounds):
    autumn, spring = rounds
    for each in rounds:
        set_up(each)
    poll, voter = poll_of(autumn, "Centro"), fresh(UserFactory())
    choose_district(consultation=autumn, district=poll.district, user=voter)
    browser = Client()
    browser.force_login(voter)
    for of, name in ((spring, "Centro"), (autumn, "Área Norte"), (autumn, "Toda la ciudad")):
        foreign = choose(poll_of(of, name), f"{name} 1")
        with pytest.raises(InvalidInput):
            cast_ballot(poll=poll, voter=voter, choices=foreign)
        assert browser.post(draft_url(poll), {"option": list(foreign)}).status_code == 400
        with pytest.raises(InvalidInput):
            open_poll(
                consultation=autumn,
                question="¿Y esto?",
                method="greedy",
                options=[proposal(of, f"{name} 1")],
                district=poll.district,
                actor=autumn.editor,
            )
    with pytest.raises(InvalidInput):
        choose_district(consultation=spring, district=poll.district, user=voter)
    assert not Ballot.objects.exists() and not BallotDraft.objects.exists()


def test_results_and_exports_of_a_round_show_and_count_nothing_of_another(rounds, client):
    autumn, spring = rounds
    polls = [poll for each in rounds for poll in set_up(each).values()]
    for _ in range(2):
        vote(autumn, "Centro", "Centro 1")
    vote(autumn, "Área Norte", "Área Norte 2")
    for _ in range(3):
        vote(spring, "Centro", "Centro 3", "Centro 2")
    for poll in polls:
        over(poll)

    said = [page_of(client, poll_of(each, "Centro")) for each in rounds]
    # All that fits is paid; what is told apart is who voted for it, and in which money.
    assert "ARS 70,000 of ARS 100,000" in said[0] and "USD" not in said[0]
    assert "USD 90,000 of USD 100,000" in said[1] and "ARS" not in said[1]
    tallies = [poll_of(each, "Centro").tally.counted["counts"] for each in rounds]
    assert [sorted(counts.values()) for counts in tallies] == [[0, 0, 2], [0, 3, 3]]

    for each, voters in ((autumn, [2, 1, 0]), (spring, [3, 0, 0])):
        own = {str(poll.pk): poll for poll in polls if poll.consultation_id == each.pk}
        assert {row["id"] for row in rows_of(each, "polls", anonymous)} == own.keys()
        assert len(rows_of(each, "ballots", anonymous)) == sum(voters)
        proposals = {str(pk) for pk in each.proposals.values_list("pk", flat=True)}
        assert {row["id"] for row in rows_of(each, "proposals", anonymous)} == proposals
        for pk, expected in zip(sorted(own, key=int), voters, strict=True):
            out = StringIO()
            call_command("export_pabulib", each.slug, poll=int(pk), stdout=out)
            file = pabulib.read(out.getvalue().encode().splitlines(keepends=True))
            assert len(file.votes) == expected
            assert file.meta["currency"] == each.budget.currency
            ids = set(own[pk].options.values_list("pk", flat=True))
            assert {int(project.id) for project in file.projects} == ids
