"""The ballot of a budget: what it may spend, its order, looking through it, and what is kept of it before the cast."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from comments.moderation.moderating import hide
from consultations.clock import database_now
from consultations.models import Budget, Phase, Proposal
from tests.factories import ProposalFactory, UserFactory, choose, fresh, make_consultation, make_poll
from tests.voting.reading import ballot_url, end, page_of
from tests.voting.verifying.logs import exported, over, run
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.drafts.keeping import keep_draft
from voting.drafts.reminding import remind_of_drafts
from voting.methods.rules import Rules
from voting.models import Ballot, BallotDraft, Poll

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def make_knapsack(count=3, **fields):
    """100,000 to spend; projects of 30,000, 40,000 and 50,000, further ones of 1,000."""
    consultation = make_consultation(now_in="voting", budget_cents=100_000_00)
    costs = [30_000_00, 40_000_00, 50_000_00, *[1_000_00] * (count - 3)]
    proposals = [
        ProposalFactory(
            consultation=consultation, title=f"Obra {n:04}", cost_cents=cost, category=("Salud", "Verde")[n % 2]
        )
        for n, cost in enumerate(costs, start=1)
    ]
    fields = {"rules": Rules(ballot="knapsack"), "results_policy": "after_close", **fields}
    return make_poll(consultation, method="greedy", options=proposals, **fields)


def ids(poll, *numbers):
    found = {option.label: option.pk for option in poll.options.all()}
    return [found[f"Obra {number:04}"] for number in numbers]


def draft_url(poll):
    return reverse("voting:save-draft", args=[poll.pk])


def test_a_ballot_spends_what_there_is_and_no_more(client, rosa, tmp_path):
    poll = make_knapsack()
    page = page_of(client, poll)
    assert "Choose as long as the money lasts" in page
    answer = client.post(ballot_url(poll), {"option": ids(poll, 1, 2, 3)})
    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 400
    assert "You are ARS 20,000 over: what you chose costs ARS 120,000, and there is ARS 100,000." in page
    assert page.count(" checked") == 3  # nothing is lost
    assert not Ballot.objects.exists()

    assert client.post(ballot_url(poll), {"option": ids(poll, 2, 3)}).status_code == 302
    assert "Your vote counts" in page_of(client, poll)
    over(poll)
    assert run(exported(poll, tmp_path)).returncode == 0
    entries = (tmp_path / "entries.jsonl").read_text()
    assert json.loads(entries.splitlines()[0])["form"]["ballot"] == "knapsack"


def test_each_voter_has_an_order_of_their_own_that_stays(client):
    poll = make_knapsack(30)

    def order(browser):
        page = page_of(browser, poll)
        return sorted(ids(poll, *range(1, 31)), key=lambda pk: page.index(f'value="{pk}"'))

    rosa, omar, again = Client(), Client(), Client()
    person = UserFactory()
    rosa.force_login(person)
    again.force_login(person)
    omar.force_login(UserFactory())
    assert order(rosa) == order(again) != order(omar)
    assert order(rosa) != ids(poll, *range(1, 31))
    assert bytes(Poll.objects.get(pk=poll.pk).order_seed)


def test_what_is_ticked_stays_ticked_while_one_searches_and_turns_pages_without_scripts(client, rosa):
    poll = make_knapsack(150)
    first = client.post(draft_url(poll), {"option": ids(poll, 1, 7), "q": "obra 0009", "search": "1"}, follow=True)
    page = first.content.decode()
    assert "1 proposal." in page and 'value="obra 0009"' in page
    assert page.count('type="checkbox"') == 3  # what was found, and above it what is chosen
    assert page.count(" checked") == 2
    assert "This is what you kept for later. It does not count yet." in page
    second = client.post(draft_url(poll), {"option": ids(poll, 1, 7, 9), "category": "Verde", "part": "2"}, follow=True)
    assert "61 to 75 of 75 proposals" in second.content.decode()
    assert second.content.decode().count(" checked") == 3
    client.post(ballot_url(poll), {"option": ids(poll, 1, 7, 9)})
    assert Ballot.objects.get().opening.choices == {str(pk): 1 for pk in ids(poll, 1, 7, 9)}


def test_the_map_shows_what_the_search_finds_in_all_its_parts_and_nothing_of_what_is_hidden(client, rosa):
    poll = make_knapsack(150)
    placed = Proposal.objects.filter(options__poll=poll).exclude(title="Obra 0003")
    placed.update(latitude=-34.6, longitude=-58.4)
    hide(
        target=Proposal.objects.get(title="Obra 0005"), actor=poll.consultation.agency.members.get(), reason="Insulta."
    )
    found = client.get(f"{poll.get_absolute_url()}places.json?category=Verde").json()
    assert [point[3] for point in found["points"]] == [f"Obra {n:04}" for n in range(1, 151, 2) if n not in (3, 5)]
    proposal, latitude, longitude, _title, cents, option, words = found["points"][0]
    assert (latitude, longitude, cents, option) == (-34.6, -58.4, 30_000_00, ids(poll, 1)[0])
    assert words.startswith("ARS") and Proposal.objects.get(pk=proposal).title == "Obra 0001"
    page = page_of(client, poll)
    assert 'places="/polls/' in page and " chooses" in page
    kept = client.post(draft_url(poll), {"q": "obra", "view": "map"}, follow=True).content.decode()
    assert 'class="more ballot-map" open' in kept and "places.json?q=obra" in kept
    poll.consultation.visibility = "private"
    poll.consultation.save()
    assert Client().get(f"{poll.get_absolute_url()}places.json").status_code == 404


def test_a_draft_comes_back_elsewhere_never_counts_and_goes_with_the_cast(client, rosa):
    poll = make_knapsack()
    kept = client.post(draft_url(poll), {"option": ids(poll, 1)}, headers={"accept": "application/json"})
    assert (kept.status_code, kept.json()) == (200, {"kept": True})
    assert not Ballot.objects.exists() and fold(poll.pk) is None
    elsewhere = Client()
    elsewhere.force_login(rosa)
    page = page_of(elsewhere, poll)
    assert page.count(" checked") == 1 and "It does not count yet" in page
    other = Client()
    other.force_login(UserFactory())
    assert " checked" not in page_of(other, poll)

    assert elsewhere.post(ballot_url(poll), {"option": ids(poll, 2)}).status_code == 302
    assert not BallotDraft.objects.exists()
    late = client.post(draft_url(poll), {"option": ids(poll, 2)}, headers={"accept": "application/json"})
    assert late.json() == {"kept": False}  # a slow request of before: it says what counts already
    client.post(draft_url(poll), {"option": ids(poll, 1, 2)})
    page = page_of(client, poll)
    assert "The change does not count yet" in page
    assert page.partition('class="vote-chosen"')[2].partition("</ul>")[0].count("Obra") == 1  # what counts
    client.post(draft_url(poll), {})
    assert not BallotDraft.objects.exists()
    client.post(draft_url(poll), {"option": ids(poll, 3)})
    end(poll)
    assert client.post(draft_url(poll), {"option": ids(poll, 1)}).status_code == 409
    assert close(poll.pk) and not BallotDraft.objects.exists()


def test_a_draft_that_is_none_is_refused(client, rosa):
    poll, other = make_knapsack(), make_knapsack()
    assert client.post(draft_url(poll), {"option": ids(other, 1)}).status_code == 400
    assert client.post(draft_url(poll), {"option": "x"}).status_code == 400
    assert Client().post(draft_url(poll), {"option": ids(poll, 1)}).status_code == 403
    assert not BallotDraft.objects.exists()


def test_whoever_has_a_draft_and_no_vote_is_reminded_once_before_the_close():
    poll = make_knapsack()
    waits, votes, changes = (fresh(UserFactory()) for _ in range(3))
    for person in (waits, votes, changes):
        keep_draft(poll=poll, voter=person, choices={str(ids(poll, 1)[0]): 1})
    for person in (votes, changes):
        cast_ballot(poll=poll, voter=person, choices=choose(poll, "Obra 0002"))
    keep_draft(poll=poll, voter=changes, choices={str(ids(poll, 3)[0]): 1})
    remind_of_drafts(database_now())
    assert not Notice.objects.filter(kind="ballot_draft_waits").exists()  # not yet
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() + timedelta(hours=1))
    for _ in range(2):
        remind_of_drafts(database_now())
    told = Notice.objects.filter(kind="ballot_draft_waits")
    assert [notice.user for notice in told] == [waits]
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() + timedelta(days=9))  # extended
    remind_of_drafts(database_now())
    assert told.count() == 1
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() + timedelta(hours=2))
    for _ in range(2):
        remind_of_drafts(database_now())
    assert [notice.user for notice in told.all()] == [waits, waits]


def test_a_thousand_projects_are_a_page_of_less_than_150_kilobytes_in_the_same_queries(
    client, rosa, django_assert_max_num_queries
):
    poll = make_knapsack(1000)
    client.post(draft_url(poll), {"option": ids(poll, 1, 900)})
    with django_assert_max_num_queries(12):
        answer = client.get(poll.get_absolute_url())
    assert len(answer.content) < 150_000
    assert answer.content.decode().count(" checked") == 2
    assert Budget.objects.count() == 1
    assert len(Client().get(poll.get_absolute_url()).content) < 150_000
