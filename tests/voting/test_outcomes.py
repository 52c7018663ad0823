"""An outcome in words, for each way in which a poll can end."""

import pytest

from tests.factories import ProposalFactory, UserFactory, choose, make_consultation, make_poll
from tests.voting.reading import page_of
from tests.voting.test_closing import end
from tests.voting.verifying.logs import exported, run
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.models import Poll
from voting.results.decided import winners_of
from voting.results.outcomes import allocation_of, sentence_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def outcome_of(poll, *ballots):
    """The closed poll after these ballots, each a tuple of names."""
    for names in ballots:
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, *names))
    close_if_due(end(poll))
    return Poll.objects.select_related("consultation__budget", "outcome").get(pk=poll.pk)


def sentence(poll, *ballots):
    closed = outcome_of(poll, *ballots)
    return sentence_of(closed, closed.outcome).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("ballots", "says"),
    [
        ([], "Nobody voted."),
        ([("abstain",), ()], "Nobody took a side."),
        ([("for",), ("against",)], "A tie: 1 for and as many against. Nothing is decided."),
        ([("for",), ("for",), ("against",)], "More people were for than against: 66.7% for, 33.3% against."),
        ([("for",), ("against",), ("against",)], "More people were against than for: 66.7% against, 33.3% for."),
        ([("for",), (), ("abstain",)], "More people were for than against: 33.3% for, 0.0% against."),
    ],
)
def test_for_and_against(ballots, says):
    assert sentence(make_poll(), *ballots) == says


@pytest.mark.parametrize(
    ("ballots", "says"),
    [
        ([], "Nobody voted."),
        ([()], "Nobody chose any of the options."),
        ([("Tipa",)], "“Tipa” won, with 1 vote: 100.0% of all who voted."),
        ([("Tipa",), ("Tipa",), ("Ceibo",)], "“Tipa” won, with 2 votes: 66.7% of all who voted."),
    ],
)
def test_single_choice(ballots, says):
    assert sentence(make_poll(method="single_choice", options=["Ceibo", "Tipa"]), *ballots) == says


def test_a_question_alone_on_a_slider_is_not_first_of_anything():
    poll = make_poll(method="slider", options=["Peatonalizar la calle 8"])
    [option] = poll.options.all()
    for mark in (-100, 50):
        cast_ballot(poll=poll, voter=UserFactory(), choices={str(option.pk): mark})
    closed = close_if_due(end(poll))
    assert sentence_of(closed, closed.outcome) == "The marks for “Peatonalizar la calle 8” have a mean of −25.00."


def test_a_lot_that_decided_is_named_with_those_it_decided_between():
    poll = make_poll(method="single_choice", options=["Ceibo", "Tipa"])
    says = sentence(poll, ("Ceibo",), ("Tipa",))

    assert "“Ceibo”" in says
    assert "“Tipa”" in says
    assert "had 1 vote each. The lot, which anybody can draw again, fell on" in says


def test_a_budget_says_what_won_and_why_the_others_did_not():
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost * 100)
        for title, cost in (("Plaza", 60), ("Vereda", 50), ("Puente", 101))
    ]
    poll = make_poll(consultation, method="greedy", options=options)
    closed = outcome_of(poll, ("Plaza", "Puente"), ("Plaza",), ("Vereda",))
    allocation = allocation_of(closed, closed.outcome)

    assert (allocation.budget_cents, allocation.spent_cents) == (100_00, 60_00)
    assert [str(row.option) for row in allocation.winners] == ["Plaza"]
    why = {str(row.option): row.why.replace("\N{NO-BREAK SPACE}", " ") for row in allocation.others}
    assert why == {
        "Vereda": "When its turn came ARS 40 was left, and it costs ARS 50. It needed 1 more vote.",
        "Puente": "It costs more than all the money there is.",
    }
    says = sentence_of(closed, closed.outcome).replace("\N{NO-BREAK SPACE}", " ")
    assert says == "1 of 3 proposals won, for ARS 60 of ARS 100."


@pytest.mark.parametrize("method", ["equal_shares", "phragmen"])
def test_where_no_bar_shows_the_money_the_sentence_says_what_is_left(method):
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [ProposalFactory(consultation=consultation, title=name, cost_cents=60_00) for name in ("Plaza", "Garita")]
    closed = outcome_of(make_poll(consultation, method=method, options=options), ("Plaza",), ("Plaza",))
    says = sentence_of(closed, closed.outcome).replace("\N{NO-BREAK SPACE}", " ")
    assert says == "1 of 2 proposals won, for ARS 60 of ARS 100. ARS 40 is left."


@pytest.mark.parametrize("method", ["greedy", "greedy_per_cost", "equal_shares", "phragmen"])
@pytest.mark.parametrize("ballots", [[], [()]])  # nobody voted, or in blank
def test_money_on_which_nobody_chose_anything_is_not_shared_out(client, tmp_path, method, ballots):
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [ProposalFactory(consultation=consultation, cost_cents=50_00) for _ in range(2)]
    closed = outcome_of(make_poll(consultation, method=method, options=options), *ballots)
    assert (closed.outcome.winners, closed.outcome.ties) == ([], [])
    assert list(winners_of(consultation)) == []
    says = "Nobody chose any proposal, so nothing won and the money was not shared out."
    assert sentence_of(closed, closed.outcome) == says
    assert says in page_of(client, closed)
    assert run(exported(closed, tmp_path)).returncode == 0


def test_what_wins_without_a_single_vote_is_said_to(client):
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [ProposalFactory(consultation=consultation, title=name, cost_cents=50_00) for name in ("Plaza", "Garita")]
    closed = outcome_of(make_poll(consultation, method="greedy", options=options), ("Plaza",))
    assert len(closed.outcome.winners) == 2
    assert "“Garita” won without a single vote: money was left" in page_of(client, closed)


def test_in_spanish_one_winner_takes_the_verb_of_one(settings):
    settings.LANGUAGE_CODE = "es-ar"
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [ProposalFactory(consultation=consultation, title=name, cost_cents=60_00) for name in ("Plaza", "Garita")]
    poll = make_poll(consultation, method="greedy", options=options)
    assert sentence(poll, ("Plaza",)).startswith("Ganó 1 de 2 propuestas por $ 60 de $ 100.")
