"""Greedy without skipping, with a threshold, by votes per cost, with conflicts: by hand, and against a recount."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voting.methods.test_greedy import budgets, funded
from voting.methods import METHODS, Limits, Option
from voting.methods.greedy import Rule, allocate

rules = st.builds(
    Rule,
    skip=st.booleans(),
    per_cost=st.booleans(),
    threshold=st.integers(0, 4),
    conflicts=st.lists(st.sets(st.sampled_from("0123"), min_size=2).map(frozenset), max_size=2).map(tuple),
)

PARK_OR_POOL = (frozenset({"park", "pool"}),)


def walk(votes, costs, budget, lots, rule):
    """The same rule in other words."""

    def place(option):
        if not rule.per_cost:
            return (-votes[option], costs[option], lots.index(option))
        if not costs[option]:
            return (0, 0, -votes[option], lots.index(option))
        return (1, -Fraction(votes[option], costs[option]), costs[option], lots.index(option))

    won, left = [], budget
    for option in sorted(votes, key=place):
        if votes[option] < rule.threshold or any(option in group and group & set(won) for group in rule.conflicts):
            continue
        if costs[option] <= left:
            won.append(option)
            left -= costs[option]
        elif not rule.skip:
            break
    return won


@given(budgets(), rules)
@settings(max_examples=120)
def test_what_is_funded_is_what_the_rule_says_in_its_order(budget_of, rule):
    if not rule.skip:
        rule = replace(rule, conflicts=())
    assert funded(allocate(*budget_of, rule)) == walk(*budget_of, rule)


@given(budgets(), rules)
@settings(max_examples=120)
def test_exactly_the_votes_said_to_be_needed_are_enough_and_one_fewer_is_not(budget_of, rule):
    votes, costs, budget, lots = budget_of

    def wins(option, more):
        return option in funded(allocate({**votes, option: votes[option] + more}, costs, budget, lots, rule))

    for row in allocate(votes, costs, budget, lots, rule)["projects"]:
        option, needed = row["option"], row["votes_needed"]
        if row["selected"]:
            assert needed is None
        elif needed is None:
            assert not wins(option, 1000)
        else:
            assert wins(option, needed)
            assert not wins(option, needed - 1)


@pytest.mark.parametrize(
    ("code", "limits", "winners"),
    [
        ("greedy", {}, ("park", "bench")),
        ("greedy_no_skip", {}, ("park",)),
        ("greedy_threshold", {"threshold": 3}, ("park",)),
        ("greedy_threshold", {"threshold": 2}, ("park", "bench")),
        ("greedy_per_cost", {}, ("park", "bench")),
        ("greedy", {"conflicts": PARK_OR_POOL}, ("park", "bench")),
        ("greedy", {"conflicts": (frozenset({"park", "bench"}),)}, ("park",)),
        ("greedy_threshold", {"budget": 150, "threshold": 1, "conflicts": PARK_OR_POOL}, ("park", "bench")),
        ("greedy_no_skip", {"budget": 150}, ("park", "pool", "bench")),
        ("greedy_no_skip", {"budget": 150, "threshold": 3}, ("park", "pool")),
        ("greedy_no_skip", {"budget": 150, "conflicts": PARK_OR_POOL}, ("park", "bench")),
        ("greedy_per_cost", {"budget": 150, "threshold": 3}, ("park", "pool")),
        ("greedy_per_cost", {"budget": 150, "conflicts": PARK_OR_POOL}, ("park", "bench")),
    ],
)
def test_each_form_by_hand(code, limits, winners):
    options = [Option("park", cost=60), Option("pool", cost=50), Option("bench", cost=40)]
    groups = [({"park": 1}, 9), ({"pool": 1}, 7), ({"bench": 1}, 2)]

    outcome = METHODS[code].count(groups, options, Limits(**{"budget": 100, **limits}), ["park", "pool", "bench"])

    assert outcome.winners == winners


@pytest.mark.parametrize(("code", "winners"), [("greedy", ("hall",)), ("greedy_per_cost", ("bench",))])
def test_by_votes_for_its_cost_a_cheap_project_comes_before_a_popular_one(code, winners):
    options = [Option("hall", cost=60), Option("bench", cost=20)]
    groups = [({"hall": 1}, 3), ({"bench": 1}, 2)]

    assert METHODS[code].count(groups, options, Limits(budget=60), ["hall", "bench"]).winners == winners


def test_the_reasons_are_told_apart():
    votes, costs = {"a": 9, "b": 8, "c": 7, "d": 6, "e": 1}, {"a": 60, "b": 30, "c": 50, "d": 5, "e": 5}
    rule = Rule(skip=False, threshold=2, conflicts=(frozenset("ab"),))

    rows = allocate(votes, costs, 100, list("abcde"), rule)["projects"]

    assert [row["reason"] for row in rows] == ["fits", "conflict", "no_money_left", "after_the_stop", "below_threshold"]


def test_what_costs_all_there_was_came_too_late_and_only_what_costs_more_is_too_dear():
    rows = allocate({"a": 9, "b": 8, "c": 7}, {"a": 60, "b": 100, "c": 101}, 100, list("abc"))["projects"]

    assert [row["reason"] for row in rows] == ["fits", "no_money_left", "dearer_than_budget"]


def test_equals_are_named_with_what_told_them_apart():
    votes = {"a": 5, "b": 5, "c": 5, "d": 7, "e": 2, "f": 2}
    costs = {"a": 30, "b": 30, "c": 20, "d": 1, "e": 9, "f": 9}

    rows = allocate(votes, costs, 100, list("bacdfe"))["projects"]

    assert [(row["tied"], row["broken_by"]) for row in rows if row["tied"]] == [
        (["c", "b", "a"], "cost"),
        (["f", "e"], "lot"),
    ]
