"""The pages of budgets, and what pages of polls cost in queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from comments.moderation.moderating import hide
from consultations.clock import database_now
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    choose,
    fresh,
    make_consultation,
    make_poll,
)
from tests.voting.reading import ballot_url, end, option, page_of
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.models import Poll

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


# --- Budgets


def budget(proposals=3, **fields):
    consultation = make_consultation(now_in="voting", budget_cents=100_000_00)
    options = [
        ProposalFactory(
            consultation=consultation,
            title=f"Plaza-{n}.",
            cost_cents=(n + 3) * 10_000_00,
            category="Parques",
            place="Sur",
        )
        for n in range(proposals)
    ]
    return make_poll(consultation, method="greedy", options=options, **fields)


def test_after_the_close_the_cards_of_the_proposals_say_which_won(client):
    client.force_login(UserFactory())
    poll = budget(3)  # there is money for two
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "Plaza-0.", "Plaza-1."))
    listed = reverse("consultations:proposals", args=[poll.consultation.slug])
    assert "Winner" not in client.get(listed).text
    end(poll)
    page_of(client, poll)  # closes it

    for address in (listed, poll.consultation.get_absolute_url()):
        cards = [card for card in client.get(address).text.split("<article") if 'id="proposal-' in card]
        assert {("Plaza-2." in card, "Winner" in card) for card in cards} == {(True, False), (False, True)}


def test_under_an_embargo_no_card_says_which_won(client):
    poll = budget(2, results_policy="embargo", embargo_until=database_now() + timedelta(days=9))
    cast_ballot(poll=poll, voter=UserFactory(), choices={str(option(poll, "Plaza-0.")): 1})
    end(poll)
    page_of(client, poll)  # closes it

    assert "Winner" not in client.get(reverse("consultations:proposals", args=[poll.consultation.slug])).text


def test_a_budget_ballot_shows_what_each_proposal_costs_and_where_it_is(client, rosa):
    poll = budget()
    page = page_of(client, poll)

    assert "ARS 30,000 · Parques · Sur" in page
    assert reverse("consultations:proposals", args=[poll.consultation.slug]) in page


@pytest.mark.parametrize("count", [3, 40])
def test_a_budgets_ballot_which_is_kept_as_a_draft_is_on_the_polls_own_page_only(client, rosa, count):
    poll = budget(count, max_choices=3)
    short = page_of(client, poll, poll.consultation)

    assert f"Choose among {count} options" in short
    assert 'name="option"' not in short
    page = page_of(client, poll)
    assert page.count('type="checkbox"') == count
    assert "Keep for later" in page


@pytest.mark.parametrize("method", ["greedy", "approval"])
@pytest.mark.parametrize("has_voted", [False, True])
def test_a_ballot_that_was_refused_says_that_it_does_not_count(client, rosa, method, has_voted):
    poll = budget(3, max_choices=1)
    if method == "approval":
        poll = make_poll(make_consultation(now_in="voting"), method=method, options=["a", "b"], max_choices=1)
    if has_voted:
        cast_ballot(poll=poll, voter=rosa, choices={str(poll.options.first().pk): 1})
    assert 'role="status" hidden>' in page_of(client, poll).partition("data-pending")[2][:30]

    page = client.post(ballot_url(poll), {"option": [each.pk for each in poll.options.all()]}).content.decode()

    assert "does not count yet: send it." in page.partition("data-pending")[2].partition("</p>")[0]
    assert not page.partition("data-pending")[2].startswith(' role="status" hidden')
    assert " pending" in page.partition('<section class="vote ')[2].partition(">")[0]


def test_a_closed_budget_says_what_won_what_is_left_and_why_the_others_got_nothing(client):
    poll = budget()  # 30,000, 40,000 and 50,000 of 100,000
    for names in (["Plaza-0."], ["Plaza-0.", "Plaza-2."], ["Plaza-2."], ["Plaza-2.", "Plaza-1."]):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, *names))
    end(poll)
    page = page_of(client, poll)

    assert "2 of 3 proposals won, for ARS 80,000 of ARS 100,000." in page
    assert page.index("Plaza-2.</a>") < page.index("Plaza-0.</a>") < page.index("Plaza-1.</a>")
    assert "When its turn came ARS 20,000 was left, and it costs ARS 40,000. It needed 2 more votes." in page
    chart = page.partition('class="tally-rows"')[2].partition("</ul>")[0].split("<li")[1:]
    assert [("Plaza-1." in row, "Winner" in row) for row in chart] == [(False, True), (False, True), (True, False)]
    assert "2 of 3 proposals won" in page_of(client, poll, poll.consultation)


def test_the_title_of_a_hidden_proposal_is_not_on_the_ballot_nor_in_the_count(client, rosa):
    poll = budget()
    proposal = poll.options.get(label="Plaza-1.").proposal
    hide(target=proposal, actor=poll.consultation.agency.members.get(), reason="Insulta.")

    page = page_of(client, poll)
    assert f"Proposal {proposal.pk}, hidden by a moderator" in page
    assert "Plaza-1." not in page + page_of(client, poll, poll.consultation)


# --- What it costs


def test_the_consultation_page_costs_twelve_queries_for_a_reader_who_is_logged_in(
    client, rosa, django_assert_max_num_queries
):
    poll = make_poll(results_policy="after_voting")
    CommentFactory(consultation=poll.consultation, author=UserFactory())
    ProposalFactory(consultation=poll.consultation, author=UserFactory())
    client.post(ballot_url(poll), {"option": option(poll, "for")})
    fold(poll.pk)

    with django_assert_max_num_queries(12):
        page_of(client, poll, poll.consultation)


def test_a_consultation_with_many_polls_costs_what_one_with_one_costs(client, rosa, django_assert_num_queries):
    one, many = make_consultation(now_in="voting", title="Una"), make_consultation(now_in="voting", title="Muchas")
    for consultation, number in ((one, 1), (many, 6)):
        for _ in range(number):
            poll = make_poll(consultation, method="approval", options=["Sí", "No"], results_policy="after_voting")
            cast_ballot(poll=poll, voter=rosa, choices=choose(poll, "Sí"))
            fold(poll.pk)

    def cost(consultation):
        with django_assert_num_queries(12, exact=False) as counted:
            client.get(consultation.get_absolute_url())
        return len(counted)

    assert cost(one) == cost(many)


def test_forty_proposals_cost_no_more_queries_than_three(client, rosa, django_assert_num_queries):
    few, many = budget(3), budget(40)
    with django_assert_num_queries(11, exact=False) as counted:
        page_of(client, few)
    with django_assert_num_queries(len(counted)):
        page_of(client, many)


def test_casting_costs_the_same_for_forty_proposals_as_for_three(client, rosa, django_assert_num_queries):
    few, many = budget(3), budget(40)
    with django_assert_num_queries(14, exact=False) as counted:
        client.post(ballot_url(few), {"option": option(few, "Plaza-0.")})
    with django_assert_num_queries(len(counted)):
        client.post(ballot_url(many), {"option": option(many, "Plaza-0.")})


def test_the_line_of_a_proposal_says_its_votes_where_the_count_may_be_seen(rf, rosa):
    from django.template import Context, Template

    def line(poll, person):
        request = rf.get("/")
        request.user = fresh(person)
        proposal = poll.options.get(label="Plaza-0.").proposal
        template = Template("{% load voting %}{% votes_of proposal %}")
        return template.render(Context({"request": request, "proposal": proposal}))

    live, later = budget(), budget(results_policy="after_close")
    for poll in (live, later):
        cast_ballot(poll=poll, voter=rosa, choices=choose(poll, "Plaza-0."))
        fold(poll.pk)
    assert line(live, UserFactory()) == "1 vote"
    assert line(later, rosa) == ""

    end(later)
    close_if_due(Poll.objects.get(pk=later.pk))
    assert line(later, rosa) == "1 vote · Winner"
