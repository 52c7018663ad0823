"""Sequential Phragmén: small elections by hand, and what it promises."""

from fractions import Fraction

from hypothesis import given

from tests.voting.methods.test_equal_shares import count, elections
from voting.methods import METHODS, Option
from voting.methods.phragmen import Phragmen


def simple(costs, ballots, budget):
    options = [Option(name, cost=cost) for name, cost in costs.items()]
    groups = [(dict.fromkeys(ballot, 1), number) for ballot, number in ballots.items()]
    return count(Phragmen(), (options, groups, budget, list(costs)))


def test_a_project_is_bought_when_its_supporters_have_its_cost_together():
    outcome = simple({"a": 40, "b": 30, "c": 30}, {"ab": 4, "c": 2}, 100)

    # After 7.5 each, the four have 30 for b; after 15 the two have 30 for c; a then needs 10 more from each of four.
    moments = [(row["option"], row["moment"]) for row in outcome.explanation["rounds"]]
    assert moments == [("b", 8), ("c", 15), ("a", 18)]
    assert outcome.winners == ("b", "c", "a")


def test_the_count_ends_at_the_first_project_that_no_longer_fits():
    outcome = simple({"a": 60, "b": 60, "c": 40}, {"a": 6, "b": 3, "c": 1}, 100)

    assert outcome.winners == ("a",)
    assert [(row["option"], row["reason"]) for row in outcome.explanation["losers"]] == [
        ("b", "no_money_left"),
        ("c", "after_the_stop"),
    ]


def test_what_costs_all_there_was_is_not_called_dearer():
    [loser] = simple({"a": 50, "b": 100}, {"a": 5, "b": 2}, 100).explanation["losers"]
    assert (loser["option"], loser["reason"]) == ("b", "no_money_left")


def test_the_whole_budget_may_be_spent():
    assert simple({"a": 60, "b": 40}, {"a": 6, "b": 3}, 100).winners == ("a", "b")


def test_what_nobody_supports_and_what_costs_more_than_all_there_is_is_left_out():
    outcome = simple({"a": 101, "b": 50, "c": 10}, {"a": 50, "b": 1}, 100)

    assert outcome.winners == ("b",)
    assert {row["option"]: row["reason"] for row in outcome.explanation["losers"]} == {
        "a": "dearer_than_budget",
        "c": "nobody_supports_it",
    }


def test_who_becomes_equal_only_by_paying_for_another_is_still_sorted_by_the_tie_rule():
    # x could be bought after 6 each; its two people pay 5 each for p, and then it takes 11, as y does.
    assert simple({"p": 20, "x": 12, "y": 11}, {"px": 2, "p": 2, "y": 1}, 100).winners == ("p", "y", "x")


def test_at_the_same_moment_the_cheaper_comes_first_and_then_the_lot():
    outcome = simple({"b": 20, "a": 10, "c": 10}, {"b": 2, "a": 1, "c": 1}, 40)

    rows = outcome.explanation["rounds"]
    assert [(row["option"], row["tied"], row["broken_by"]) for row in rows] == [
        ("a", ["a", "c", "b"], "lot"),
        ("c", ["c", "b"], "cost"),
        ("b", [], ""),
    ]
    assert outcome.ties == (("a", "c", "b"),)


def naive(options, groups, budget, lots):
    """Every voter's spending, one by one."""
    spent = [Fraction(0)] * len(groups)
    left, won = budget, []
    waiting = {option.id: option.cost for option in options if option.cost <= budget}
    score = {option: sum(number for choices, number in groups if option in choices) for option in waiting}
    while waiting := {option: cost for option, cost in waiting.items() if score[option]}:

        def moment(option, waiting=waiting, spent=tuple(spent)):
            before = sum(number * spent[at] for at, (choices, number) in enumerate(groups) if option in choices)
            return (waiting[option] + before) / Fraction(score[option])

        first = min(waiting, key=lambda option: (moment(option), waiting[option], -score[option], lots.index(option)))
        if waiting[first] > left:
            break
        now = moment(first)
        spent = [now if first in choices else of for of, (choices, _) in zip(spent, groups, strict=True)]
        left -= waiting.pop(first)
        won.append(first)
    return tuple(won)


@given(elections(most_points=1))
def test_it_buys_what_following_each_voters_money_gives(election):
    assert count(METHODS["phragmen"], election).winners == naive(*election)
