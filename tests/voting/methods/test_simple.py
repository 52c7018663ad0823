"""For and against with a quorum and a majority; score; points; the one press of a cause; the lot."""

from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.methods import METHODS, InvalidBallot, Limits, Option
from voting.methods.grouped import groups_of
from voting.methods.knapsack import Knapsack
from voting.methods.lots import draw, seed_of
from voting.methods.placed import Placed
from voting.methods.rules import Rules

SIDES = [Option("yes", "for"), Option("no", "against"), Option("neither", "abstain")]
OPTIONS = [Option("a"), Option("b"), Option("c")]


def asked(in_favour, against, abstaining, blank=0, **limits):
    groups = [({"yes": 1}, in_favour), ({"no": 1}, against), ({"neither": 1}, abstaining), ({}, blank)]
    return METHODS["for_against_abstain"].count(groups, SIDES, Limits(**limits))


@pytest.mark.parametrize(("quorum", "decided_by"), [(10, "votes"), (11, "no_quorum"), (0, "votes")])
def test_without_its_quorum_of_voters_nothing_is_decided(quorum, decided_by):
    outcome = asked(6, 1, 2, blank=1, quorum=quorum)

    assert outcome.explanation["decided_by"] == decided_by
    assert bool(outcome.winners) == (decided_by == "votes")


@pytest.mark.parametrize(
    ("votes", "majority", "abstentions_count", "needed", "winner"),
    [
        ((6, 3, 9), Fraction(2, 3), False, 6, "yes"),
        ((5, 4, 9), Fraction(2, 3), False, 6, "no"),
        ((6, 3, 9), Fraction(1, 2), True, 10, "no"),
        ((10, 3, 6), Fraction(1, 2), True, 10, "yes"),
        ((5, 5, 0), Fraction(1, 2), False, 6, "no"),
        ((6, 5, 0), Fraction(1, 2), False, 6, "yes"),
        ((6, 2, 0), Fraction(3, 4), False, 6, "yes"),
    ],
)
def test_a_majority_is_reached_exactly_or_the_answer_is_no(votes, majority, abstentions_count, needed, winner):
    outcome = asked(*votes, majority=majority, abstentions_count=abstentions_count)

    assert (outcome.winners, outcome.explanation["needed"]) == ((winner,), needed)


def test_one_for_and_one_against_are_a_tie_and_nobody_on_a_side_is_none():
    assert asked(1, 1, 3).explanation["decided_by"] == "nothing"
    assert asked(1, 1, 3).ties == (("yes", "no"),)
    assert asked(0, 0, 3).explanation["decided_by"] == "no_votes"


def test_without_a_majority_that_is_asked_for_more_for_than_against_is_enough():
    limits = Rules().limits(Limits())
    assert limits.majority is None
    assert METHODS["for_against_abstain"].count([({"yes": 1}, 1), ({"neither": 1}, 9)], SIDES, limits).winners == (
        "yes",
    )


def test_equal_points_go_to_the_lot():
    outcome = METHODS["cumulative"].count([({"a": 2, "b": 2}, 1)], OPTIONS, Limits(), ["b", "a", "c"])
    assert (outcome.winners, outcome.explanation["decided_by"]) == (("b",), "lot")


def test_ticks_that_cost_no_more_than_there_is_keep_to_it_and_to_the_other_limits():
    options = [Option("park", cost=60), Option("pool", cost=40), Option("bench", cost=1)]
    ballot = Knapsack(METHODS["greedy"])
    ballot.check({"park": 1, "pool": 1}, options, Limits(budget=100))
    with pytest.raises(InvalidBallot, match="too_dear"):
        ballot.check({"park": 1, "pool": 1, "bench": 1}, options, Limits(budget=100))
    with pytest.raises(InvalidBallot, match="too_many_choices"):
        ballot.check({"park": 1, "pool": 1}, options, Limits(budget=100, max_choices=1))


def test_places_of_a_budget_are_each_given_once():
    ballot = Placed(METHODS["greedy"], places=3)
    ballot.check({"a": 1, "b": 2}, OPTIONS, Limits(budget=100))
    with pytest.raises(InvalidBallot, match="equal_ranks"):
        ballot.check({"a": 1, "b": 1}, OPTIONS, Limits(budget=100))


def test_equal_ballots_are_kept_together_in_an_order_of_their_own():
    method = METHODS["irv"]
    tally = method.empty_tally(OPTIONS)
    for choices, weight in (({"b": 1}, 3), ({"a": 1}, 1), ({"b": 1}, 2)):
        method.add(tally, choices, weight)
    assert groups_of(tally) == [({"a": 1}, 1), ({"b": 1}, 5)]


def test_a_fraction_of_a_vote_that_is_lacking_is_a_vote():
    assert asked(6, 4, 0, majority=Fraction(2, 3)).winners == ("no",)
    assert asked(7, 3, 0, majority=Fraction(2, 3)).winners == ("yes",)


def test_scores_come_with_their_mean_and_distribution():
    outcome = METHODS["score"].count([({"a": 10, "b": 0}, 2), ({"a": 3}, 1), ({}, 4)], OPTIONS, Limits(), "abc")

    first, second, third = outcome.explanation["ranking"]
    assert outcome.winners == ("a",)
    assert (first["votes"], first["given"], first["mean"]) == (23, 3, Fraction(23, 3))
    assert first["marks"] == {"3": 1, "10": 2}
    assert (second["votes"], second["given"], second["mean"]) == (0, 2, 0)
    assert (third["given"], third["mean"]) == (0, None)


def test_a_slider_can_be_won_below_zero_but_not_by_what_nobody_marked():
    outcome = METHODS["slider"].count([({"a": -25, "b": -50}, 1)], OPTIONS, Limits(), list("abc"))

    assert outcome.winners == ("a",)


def test_points_add_up_within_their_limit():
    limits = Limits(max_sum=7, max_points=4)
    METHODS["cumulative"].check({"a": 4, "b": 3}, OPTIONS, limits)
    for too_many in ({"a": 4, "b": 4}, {"a": 5}):
        with pytest.raises(InvalidBallot):
            METHODS["cumulative"].check(too_many, OPTIONS, limits)

    assert METHODS["cumulative"].count([({"a": 4, "b": 3}, 1), ({"b": 2}, 1)], OPTIONS, limits, "abc").winners == ("b",)


@pytest.mark.parametrize(
    ("supporters", "threshold", "wins"), [(0, 0, False), (1, 0, True), (9, 10, False), (10, 10, True)]
)
def test_a_cause_wins_with_enough_supporters(supporters, threshold, wins):
    outcome = METHODS["cause"].count([({"a": 1}, supporters)], [Option("a")], Limits(threshold=threshold))

    assert bool(outcome.winners) == wins


@pytest.mark.parametrize("code", ["single_choice", "approval", "cumulative", "borda", "irv", "schulze", "stv"])
def test_one_voter_is_enough(code):
    assert METHODS[code].count([({"a": 1}, 1)], OPTIONS, Limits(), "abc").winners == ("a",)


def test_hierarchy_is_borda():
    groups = [({"a": 1, "b": 2, "c": 3}, 3), ({"c": 1}, 4)]

    assert METHODS["hierarchy"].count(groups, OPTIONS, Limits(), "abc") == (
        METHODS["borda"].count(groups, OPTIONS, Limits(), "abc")
    )


@given(st.binary(min_size=32, max_size=32), st.sets(st.text(max_size=4), min_size=1))
def test_anybody_can_draw_the_lot_again(root, options):
    drawn = draw(seed_of(root, "7"), options)

    assert sorted(drawn) == sorted(options)
    seed = sha256(root + b"7").digest()
    tickets = [sha256(seed + option.encode()).digest() for option in drawn]
    assert tickets == sorted(tickets)


def test_equal_scores_go_to_the_lot_and_marks_are_told_from_the_lowest_to_the_highest():
    options = [Option("a"), Option("b")]
    groups = [({"a": 10, "b": 2}, 1), ({"a": 2, "b": 10}, 1)]

    outcome = METHODS["score"].count(groups, options, Limits(), ["b", "a"])

    assert (outcome.winners, outcome.ties) == (("b",), (("b", "a"),))
    assert list(outcome.explanation["ranking"][0]["marks"]) == ["2", "10"]
