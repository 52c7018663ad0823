"""Whoever reads a result learns who was equal, and what told them apart."""

import pytest

from tests.factories import ProposalFactory, UserFactory, make_consultation, make_poll
from tests.voting.reading import page_of
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.methods.rules import POINTS, Rules
from voting.results.outcomes import sentence_of

pytestmark = pytest.mark.django_db

THE_LOT = "The lot, which anybody can draw again, decided between equals."


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def closed(poll, *ballots):
    """The poll after these ballots: each the places of the options in its list, in the order of preference."""
    ids = [str(option.pk) for option in poll.options.all()]
    for places in ballots:
        choices = {ids[place]: rank if poll.ballot_kind == "places" else 1 for rank, place in enumerate(places, 1)}
        cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    return close_if_due(end(poll))


def budget(method, *costs, **fields):
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost * 100)
        for title, cost in zip(("Plaza", "Vereda", "Puente"), costs, strict=False)
    ]
    return make_poll(consultation, method=method, options=options, **fields)


@pytest.mark.parametrize(
    ("method", "fields", "ballots"),
    [
        ("irv", {}, [(0,), (1,)]),
        ("stv", {"rules": Rules(seats=1)}, [(0,), (1,)]),
        ("dhondt", {"rules": Rules(seats=1)}, [(0,), (1,)]),
    ],
)
def test_the_first_sentence_says_that_a_lot_decided(method, fields, ballots):
    poll = closed(make_poll(method=method, options=["Ceibo", "Tipa"], **fields), *ballots)
    assert sentence_of(poll, poll.outcome).endswith(THE_LOT)


@pytest.mark.parametrize("method", ["irv", "stv", "dhondt"])
def test_where_none_did_it_says_nothing_of_it(method):
    rules = Rules() if method == "irv" else Rules(seats=1)
    poll = closed(make_poll(method=method, options=["Ceibo", "Tipa"], rules=rules), (0,), (0,), (1,))
    assert "lot" not in sentence_of(poll, poll.outcome)


@pytest.mark.parametrize("method", ["greedy", "greedy_per_cost"])
def test_of_proposals_with_as_many_votes_the_page_says_what_put_them_in_order(client, method):
    page = page_of(client, closed(budget(method, 60, 60), (0, 1)))
    assert THE_LOT in page
    assert "“Plaza” and “Vereda” were equal, and the lot put them in this order." in page or (
        "“Vereda” and “Plaza” were equal, and the lot put them in this order." in page
    )


def test_the_cheaper_of_equals_is_told_and_those_nobody_chose_are_not(client):
    poll = closed(budget("greedy", 60, 50, 20), (0, 1))
    assert "“Vereda” and “Plaza” were equal, and the cheaper came first." in page_of(client, poll)
    assert "were equal" not in page_of(client, closed(budget("greedy", 60, 50, 20), (0,)))


def test_among_equals_of_several_costs_both_rules_are_told(client):
    page = page_of(client, closed(budget("greedy", 60, 60, 50), (0, 1, 2)))
    assert "were equal: the cheaper came first, and of those that cost the same the lot decided." in page


@pytest.mark.parametrize("method", ["equal_shares", "phragmen"])
@pytest.mark.parametrize(
    ("costs", "ballots", "said"),
    [
        ((60, 60), [(0, 1)], "” came first, by the lot."),
        ((60, 30), [(0,), (0,), (1,)], "“Vereda” and “Plaza” were equal: “Vereda” came first, because it costs less."),
    ],
)
def test_of_proposals_that_could_be_bought_alike_the_page_says_which_came_first(client, method, costs, ballots, said):
    rules = Rules(utility="cardinality", completion="none") if method == "equal_shares" else Rules()
    page = page_of(client, closed(budget(method, *costs, rules=rules), *ballots))
    assert said in page


def test_what_greedy_then_gives_goes_by_votes_for_the_cost_where_the_shares_went_by_it_too(client):
    rest = "went to the proposals that still fitted with the most votes for what they cost."
    for utility, told in (("cardinality", True), ("cost", False)):
        rules = Rules(utility=utility, completion="none")
        page = page_of(client, closed(budget("equal_shares", 60, 30, rules=rules), (0,), (1,), ()))
        assert "What the rest was spent on" in page
        assert (rest in page) is told


def test_of_a_proposal_dearer_than_all_the_money_nobody_reads_how_many_people_more_it_needed(client):
    rules = Rules(completion="none", then="nothing")
    poll = closed(budget("equal_shares", 60, 30, 110, rules=rules), (1,), (2,), (2,), (2,))
    [dear] = [row for row in poll.outcome.explanation["losers"] if row["cost"] == 110_00]
    assert dear["votes_needed"] is None
    assert "It costs more than all the money there is." in page_of(client, poll)


def test_where_the_comparison_gives_greedy_the_win_the_page_says_so_first_and_marks_no_loser(client):
    rules = Rules(completion="none", then="nothing", comparison=True)
    for ballots, told in (
        ([(0,)] * 3 + [(1,)] * 2, "So what “most votes first” funds wins."),
        ([(0,)] * 2 + [(1,)] * 2, "So the outcome of equal shares stands."),
    ):
        page = page_of(client, closed(budget("equal_shares", 100, 30, rules=rules), *ballots))
        compared, paid_for = page.index(told), page.index(">What the shares paid for<")
        has_lost = "funds wins" in told
        assert (compared < paid_for) is has_lost
        assert ('<tr class="is-marked">' in page[paid_for:].partition("</table>")[0]) is not has_lost


def test_who_gave_more_points_is_seen_to_have_paid_more(client):
    rules = Rules(ballot=POINTS, max_sum=5, completion="none", then="nothing")
    poll = budget("equal_shares", 40, 100, rules=rules, max_points=5)
    plaza = str(poll.options.get(proposal__title="Plaza").pk)
    for points in (3, 1, 1):
        cast_ballot(poll=poll, voter=UserFactory(), choices={plaza: points})
    page = page_of(client, close_if_due(end(poll))).replace("\N{NO-BREAK SPACE}", " ")
    assert 'data-label="Each paid">ARS 24; ARS 8<' in page
    assert 'data-label="People who paid that">1; 2<' in page


def test_the_page_of_a_seat_by_quota_says_what_a_quota_is(client):
    poll = make_poll(method="hare", options=["Ceibo", "Tipa", "Sauce"], rules=Rules(seats=2, threshold=2))
    page = page_of(client, closed(poll, (0,), (0,), (0,), (1,), (1,), (2,)))
    assert "A full quota is 2.5: 5 votes divided by 2 seats." in page
    poll = make_poll(method="dhondt", options=["Ceibo", "Tipa"], rules=Rules(seats=2))
    assert "A full quota" not in page_of(client, closed(poll, (0,), (1,)))
