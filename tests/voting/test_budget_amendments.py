"""What may change in a budget while people vote: less money, a project less; and the clock passing the close."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from consultations.clock import database_now
from tests.exports.reading import rows_of
from tests.factories import UserFactory, anonymous, choose, fresh, make_poll
from tests.voting.districts.conftest import make_budget, poll_of, set_up
from tests.voting.drafts.test_drafts import draft_url, ids, make_knapsack
from tests.voting.reading import ballot_url, page_of
from tests.voting.verifying.logs import at_the_end, ends, exported, run
from voting.ballots import casting
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.methods.rules import Rules
from voting.models import Ballot, Leaf, Poll
from voting.polls.amending_budget import change_amount, withdraw_option
from voting.results.decided import decide_otherwise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def editor_of(poll):
    return fresh(poll.consultation.agency.members.first())


def again(poll):
    return Poll.objects.select_related("consultation__budget", "phase", "district").get(pk=poll.pk)


def vote(poll, *names):
    return cast_ballot(poll=again(poll), voter=fresh(UserFactory()), choices=choose(poll, *names))


def test_the_amount_is_cut_in_public_what_was_cast_stands_and_the_count_and_verify_take_the_new_one(
    client, rosa, tmp_path, monkeypatch
):
    poll = make_knapsack()  # 100,000; 30,000, 40,000 and 50,000
    for _ in range(2):
        vote(poll, "Obra 0002", "Obra 0003")  # 90,000
    fold(poll.pk)
    with pytest.raises(NotPermitted):
        change_amount(poll=poll, amount_cents=1, reason="Porque sí", actor=UserFactory())
    with pytest.raises(InvalidInput):
        change_amount(poll=poll, amount_cents=1, reason=" ", actor=editor_of(poll))
    url = reverse("voting:change-amount", args=[poll.pk])
    editor = Client()
    editor.force_login(editor_of(poll))
    assert editor.post(url, {"amount": "75,000", "reason": "Recorte del Concejo."}).status_code == 302

    page = page_of(client, poll)
    assert "The money to share out changed from ARS 100,000 to ARS 75,000." in page
    assert "Recorte del Concejo." in page
    with pytest.raises(InvalidInput, match="too_dear"):
        vote(poll, "Obra 0002", "Obra 0003")
    vote(poll, "Obra 0001", "Obra 0002")
    entry = json.loads(Leaf.objects.filter(poll=poll, ballot=None).order_by("number").last().statement)
    assert entry["changes"] == {"budget": {"from": 100_000_00, "to": 75_000_00}}
    assert AuditEntry.objects.filter(event="voting.amount_changed").count() == 1

    at_the_end(poll)
    page = page_of(client, poll)
    assert "2 of 3 proposals won, for ARS 70,000 of ARS 75,000." in page
    answer = run(exported(poll, tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert "Recorte del Concejo." in answer.stdout


@pytest.mark.parametrize("method", ["greedy", "equal_shares"])
def test_a_project_that_is_withdrawn_can_no_longer_win_and_ballots_stand(client, rosa, tmp_path, method, monkeypatch):
    budget = make_budget()
    poll = set_up(budget, method=method)["Toda la ciudad"]
    for _ in range(3):
        vote(poll, "Toda la ciudad 1", "Toda la ciudad 2")
    gone = poll.options.get(label="Toda la ciudad 1")
    url = reverse("voting:withdraw-option", args=[poll.pk])
    editor = Client()
    editor.force_login(budget.editor)
    assert editor.post(url, {"option": gone.pk, "reason": "El terreno se vendió."}).status_code == 302
    with pytest.raises(Conflict, match="option_withdrawn"):
        withdraw_option(option=gone, reason="Otra vez", actor=budget.editor)
    page = page_of(client, poll)
    assert "“Toda la ciudad 1” was withdrawn: it can no longer win, and ballots stand." in page
    assert "Withdrawn: it can no longer win" in page
    refused = client.post(ballot_url(poll), {"option": gone.pk})
    assert refused.status_code == 400 and "Take it off your ballot" in refused.content.decode()
    vote(poll, "Toda la ciudad 3")
    at_the_end(poll)
    poll = again(poll)
    assert str(gone.pk) not in poll.outcome.winners and len(poll.outcome.winners) == 2
    assert Ballot.objects.filter(poll=poll).count() == 4
    answer = run(exported(poll, tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert client.get(poll.get_absolute_url()).status_code == 200


def test_whoever_reads_or_counts_the_outcome_is_told_which_project_was_withdrawn(client, rosa):
    budget = make_budget()
    poll = set_up(budget, method="greedy")["Toda la ciudad"]
    for _ in range(3):
        vote(poll, "Toda la ciudad 1", "Toda la ciudad 2")
    gone = poll.options.get(label="Toda la ciudad 1")
    withdraw_option(option=gone, reason="El terreno se vendió.", actor=budget.editor)
    at_the_end(poll)

    tally = page_of(client, poll).partition('<ul class="tally-rows">')[2].partition("</table>")[0]
    assert tally.count("Withdrawn: it can no longer win") == 2  # beside its bar, and in the table
    told = client.get(f"/api/v1/polls/{poll.pk}/").json()["options"]
    assert {option["label"] for option in told if option["withdrawn_at"]} == {"Toda la ciudad 1"}
    rows = {row["id"]: row for row in rows_of(poll.consultation, "polls", anonymous)}
    exported_options = json.loads(rows[str(poll.pk)]["options"])
    assert {option["label"] for option in exported_options if option["withdrawn_at"]} == {"Toda la ciudad 1"}


@pytest.mark.parametrize("method", ["greedy", "equal_shares"])
def test_who_chose_nothing_but_what_was_withdrawn_has_not_voted_blank(client, rosa, method):
    budget = make_budget()
    poll = set_up(budget, method=method)["Toda la ciudad"]
    vote(poll, "Toda la ciudad 1")
    vote(poll, "Toda la ciudad 2")
    vote(poll)
    withdraw_option(option=poll.options.get(label="Toda la ciudad 1"), reason="Se vendió.", actor=budget.editor)
    at_the_end(poll)

    explanation = again(poll).outcome.explanation
    tally = client.get(f"/api/v1/polls/{poll.pk}/tally/").json()
    assert (explanation["voters"], explanation["blank"]) == (tally["voters"], tally["blank"]) == (3, 1)


def test_what_was_withdrawn_cannot_be_taken_in_after_the_count(client, rosa):
    budget = make_budget()
    poll = set_up(budget, method="greedy")["Toda la ciudad"]
    vote(poll, "Toda la ciudad 1", "Toda la ciudad 2")
    gone = poll.options.get(label="Toda la ciudad 1")
    withdraw_option(option=gone, reason="El terreno se vendió.", actor=budget.editor)
    at_the_end(poll)
    poll, gone = again(poll), poll.options.get(pk=gone.pk)

    with pytest.raises(InvalidInput, match="withdrawn_option"):
        decide_otherwise(poll=poll, option=gone, kind="added", reason="Apareció otro.", actor=fresh(budget.editor))
    client.force_login(budget.editor)
    assert f'value="{gone.pk}"' not in client.get(reverse("voting:deviate", args=[poll.pk])).content.decode()


def test_nothing_is_amended_once_voting_is_over_nor_where_no_money_is_shared_out():
    poll = ends(make_knapsack(), database_now())
    with pytest.raises(Conflict):
        change_amount(poll=poll, amount_cents=1, reason="Tarde", actor=editor_of(poll))
    with pytest.raises(Conflict):
        withdraw_option(option=poll.options.first(), reason="Tarde", actor=editor_of(poll))
    other = make_poll()
    with pytest.raises(Conflict):
        change_amount(poll=other, amount_cents=1, reason="No", actor=editor_of(other))


def test_a_ballot_whose_cast_the_close_overtakes_is_told_so_and_stays_a_draft_until_the_close(
    client, rosa, monkeypatch
):
    poll = make_knapsack(rules=Rules(ballot="knapsack"))
    client.post(draft_url(poll), {"option": ids(poll, 1)})
    really = casting.check_choices

    def overtaken(*arguments):
        ends(poll, database_now())
        return really(*arguments)

    monkeypatch.setattr(casting, "check_choices", overtaken)
    answer = client.post(ballot_url(poll), {"option": ids(poll, 1)})
    assert answer.status_code == 409
    assert not Ballot.objects.exists() and poll.drafts.count() == 1
    monkeypatch.undo()
    ends(poll, database_now())
    assert close(poll.pk) and not poll.drafts.exists()
    late = client.post(ballot_url(poll), {"option": ids(poll, 1)})
    assert late.status_code == 409
    assert "Nothing was received just now" in late.content.decode()
    with pytest.raises(PhaseClosed):
        cast_ballot(poll=again(poll), voter=fresh(rosa), choices={})


def test_the_district_is_told_apart_from_the_whole_where_its_amount_is_cut():
    budget = make_budget()
    poll = set_up(budget)["Centro"]
    change_amount(poll=poll, amount_cents=60_000_00, reason="Menos recaudación.", actor=budget.editor)
    assert poll_of(budget, "Centro").money_cents == 60_000_00
    assert poll_of(budget, "Área Norte").money_cents == 50_000_00
    assert again(poll).consultation.budget.amount_cents == 310_000_00
