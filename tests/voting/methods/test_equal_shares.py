"""Equal Shares: the exact run against a naive one, the intervals against the exact run, and what it promises."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.methods import METHODS, Limits, Option
from voting.methods.equal_shares import EqualShares
from voting.methods.equal_shares_completion import last_step
from voting.methods.equal_shares_exact import Run
from voting.methods.equal_shares_search import Search
from voting.methods.money import Money
from voting.methods.support import support_of


@st.composite
def elections(draw, most_points=3):
    """Few projects with few different costs and few voters, so that ties and narrow misses are common."""
    ids = [str(number) for number in range(draw(st.integers(1, 6)))]
    options = [Option(project, cost=draw(st.integers(0, 6)) * 10) for project in ids]
    ballot = st.dictionaries(st.sampled_from(ids), st.integers(1, most_points))
    groups = draw(st.lists(st.tuples(ballot, st.integers(1, 3)), min_size=1, max_size=7))
    return options, groups, draw(st.integers(1, 12)) * 10, draw(st.permutations(ids))


def naive(support, worth, endowment):
    """The definition, word by word: every project, every voter, every round."""
    purse = [endowment] * len(support.weights)
    free = [number for number, cost in enumerate(support.costs) if not cost and support.scores[number]]
    free.sort(key=support.tie_key)
    bought = []
    while True:
        offers = []
        for project, cost in enumerate(support.costs):
            groups, points = support.supporters[project]
            if not cost or project in bought or sum(support.weights[group] * purse[group] for group in groups) < cost:
                continue
            prices = sorted({purse[group] / (of * worth[project]) for group, of in zip(groups, points, strict=True)})
            low = Fraction(0)
            for high in prices:  # between two such prices the same voters are poor
                rich = [(g, of) for g, of in zip(groups, points, strict=True) if purse[g] >= high * of * worth[project]]
                poor = [g for g, of in zip(groups, points, strict=True) if purse[g] < high * of * worth[project]]
                owed = cost - sum(support.weights[group] * purse[group] for group in poor)
                price = owed / sum(Fraction(support.weights[group] * of * worth[project]) for group, of in rich)
                if low <= price <= high:
                    offers.append((price, support.tie_key(project), project))
                    break
                low = high
        if not offers:
            return free + bought
        price, _, project = min(offers)
        bought.append(project)
        groups, points = support.supporters[project]
        for group, of in zip(groups, points, strict=True):
            purse[group] -= min(purse[group], price * of * worth[project])


def prepared(election, utility):
    options, groups, budget, lots = election
    support = support_of(groups, options, lots)
    worth = support.costs if utility == "cost" else (1,) * len(options)
    return support, worth, Fraction(budget) / (support.voters or 1)


def count(method, election, **limits):
    options, groups, budget, lots = election
    return method.count(groups, options, Limits(budget=budget, unit=1, **limits), lots)


utilities = st.sampled_from(["cost", "cardinality"])


@given(elections(), utilities)
@settings(max_examples=120)
def test_a_run_buys_what_the_definition_says_in_its_order(election, utility):
    support, worth, endowment = prepared(election, utility)

    bought = [purchase.project for purchase in Run(support, worth, endowment).buy_all()]

    assert bought == naive(support, worth, endowment)


def test_points_that_are_not_whole_are_paid_to_the_fraction():
    """Who is short of a part by less than one unit of the smallest money gives all they have, and no more."""
    options = [Option(project, cost=cost) for project, cost in zip("abcd", (2, 2, 4, 6), strict=True)]
    groups = [({"d": Fraction(3, 2), "a": Fraction(1, 2)}, 1), ({"d": Fraction(1, 2)}, 1)]
    support = support_of(groups, options, list("abcd"))
    worth = (1,) * len(options)

    bought = [purchase.project for purchase in Run(support, worth, Fraction(4)).buy_all()]

    assert bought == naive(support, worth, Fraction(4)) == [0, 3]


@pytest.mark.parametrize(("utility", "winners"), [("cost", ("hall",)), ("cardinality", ("bench",))])
def test_what_the_shares_leave_goes_by_votes_or_where_dear_is_worth_no_more_by_votes_per_cost(utility, winners):
    options = [Option("hall", cost=60), Option("bench", cost=20)]
    groups = [({"hall": 1}, 3), ({"bench": 1}, 2), ({}, 5)]
    method = EqualShares(utility, "none", "greedy")

    assert count(method, (options, groups, 60, ["hall", "bench"])).winners == winners


def test_who_paid_is_told_by_points_and_who_had_nothing_left_too():
    options = [Option("a", cost=20), Option("b", cost=6), Option("c", cost=20)]
    groups = [({"a": 1, "c": 1}, 2), ({"b": 1}, 1), ({"b": 2}, 2), ({"a": 1, "b": 1}, 0)]
    method = EqualShares("cardinality", "none", "nothing")
    outcome = count(method, (options, groups, 50, ["a", "b", "c"]))
    rounds = {row["option"]: row for row in outcome.explanation["rounds"]}
    assert [(row["points"], row["voters"]) for row in rounds["b"]["paid_in_full"]] == [(2, 2), (1, 1)]
    assert [row["had_nothing"] for row in rounds.values()] == [0, 0]
    [loser] = outcome.explanation["losers"]
    # Its two people had exactly its cost together, and spent it on the other one.
    assert (loser["option"], loser["dropped_after"], loser["left"], loser["lacking"]) == ("c", 2, 0, 20)


@given(elections(), utilities, st.integers(0, 6), st.integers(0, 3))
@settings(max_examples=120)
def test_what_the_intervals_say_is_true_of_each_endowment_in_the_stretch(election, utility, step, length):
    support, worth, start = prepared(election, utility)
    least = start + step

    said = Search(support, worth).purchases(least, least + length)

    for more in range(length + 1) if said is not None else ():
        exact = [purchase.project for purchase in Run(support, worth, least + more).buy_all()]
        assert said == exact


def test_the_intervals_do_not_claim_to_know_what_the_ends_of_the_stretch_tell_apart():
    """With 6 each, who paid for c and b has nothing left for a; with 10 each there is enough."""
    options = [Option("a", cost=2), Option("b", cost=12), Option("c", cost=8)]
    groups = [({"b": 1, "c": 1}, 2), ({"c": 1}, 1), ({"b": 1, "a": 1}, 1)]
    support = support_of(groups, options, ["a", "b", "c"])

    assert Search(support, support.costs).purchases(Fraction(6), Fraction(10)) is None


def test_the_intervals_do_not_take_somebody_who_is_poor_for_one_who_pays_a_full_part():
    """Of 5 each, one has 2 left after c; so b costs the other one 4 where two could have paid 3 each: as much as a."""
    options = [Option("a", cost=4), Option("b", cost=6), Option("c", cost=3)]
    support = support_of([({"b": 1, "c": 1}, 1), ({"a": 1, "b": 1}, 1)], options, ["a", "b", "c"])
    worth = (1,) * len(options)

    assert [purchase.project for purchase in Run(support, worth, Fraction(5)).buy_all()] == [2, 0]
    assert Search(support, worth).purchases(Fraction(5), Fraction(5)) in (None, [2, 0])


def test_the_intervals_are_sure_where_nothing_is_close():
    options = [Option("a", cost=60), Option("b", cost=50), Option("c", cost=10)]
    support = support_of([({"a": 1, "b": 1}, 5), ({"a": 1}, 3), ({"c": 1}, 2)], options, ["a", "b", "c"])

    assert Search(support, support.costs).purchases(Fraction(10), Fraction(11)) == [0, 2]


@given(elections(), utilities, st.booleans())
@settings(max_examples=120)
def test_steps_taken_many_at_a_time_end_where_single_steps_do(election, utility, stop_when_exhaustive):
    support, worth, start = prepared(election, utility)
    budget = election[2]

    def one_by_one():
        supported = {number for number, score in enumerate(support.scores) if score}
        for step in range(10_000):
            won = {purchase.project for purchase in Run(support, worth, start + step).buy_all()}
            left = budget - sum(support.costs[project] for project in won)
            if left < 0:
                return step - 1
            exhaustive = all(support.costs[project] > left for project in supported - won)
            if won == supported or (stop_when_exhaustive and exhaustive):
                return step
        raise AssertionError("no end")

    found = last_step(support, worth, budget, start, 1, stop_when_exhaustive=stop_when_exhaustive)

    assert found == one_by_one()


@pytest.mark.parametrize(
    ("completion", "steps", "endowment", "winners"),
    [("none", 0, 10, ("y", "z")), ("add1", 0, 10, ("y", "z")), ("add1_run_on", 1, 20, ("x", "z"))],
)
def test_one_completion_stops_as_soon_as_nothing_else_fits_and_the_other_goes_on(completion, steps, endowment, winners):
    """With 10 each, y and z are paid for, and 20 is left, too little for x. With 20 each, the five who want x have its
    60 first, and those of y no longer have 40; with 30 each all three would be bought, for more than there is."""
    options = [Option("x", cost=60), Option("y", cost=40), Option("z", cost=40)]
    groups = [({"x": 1, "y": 1}, 4), ({"x": 1}, 1), ({"z": 1}, 4), ({}, 1)]
    method = EqualShares("cost", completion, "nothing")
    outcome = method.count(groups, options, Limits(budget=100, unit=10), list("xyz"))

    assert (outcome.explanation["steps"], outcome.explanation["endowment"]) == (steps, endowment)
    assert outcome.winners == winners


@given(elections(), utilities)
def test_payments_make_up_each_cost_and_nobody_pays_more_than_the_endowment(election, utility):
    support, worth, endowment = prepared(election, utility)
    paid = [Fraction(0)] * len(support.weights)
    for purchase in Run(support, worth, endowment).buy_all():
        points = dict(zip(*support.supporters[purchase.project], strict=True))
        payments = {group: purchase.price * worth[purchase.project] * points[group] for group in purchase.payers}
        payments |= {group: Fraction(part) / purchase.denominator for group, part in purchase.last_money.items()}
        total = sum(support.weights[group] * payment for group, payment in payments.items())
        assert total == support.costs[purchase.project]
        assert payments.keys() <= points.keys()
        for group, payment in payments.items():
            paid[group] += payment
    assert all(payment <= endowment for payment in paid)


@given(elections(), utilities, st.sampled_from(["none", "add1", "add1_run_on"]), st.sampled_from(["nothing", "greedy"]))
def test_the_budget_is_never_exceeded_and_nobody_wins_twice(election, utility, completion, then):
    outcome = count(EqualShares(utility, completion, then), election)
    costs = {option.id: option.cost for option in election[0]}

    assert len(set(outcome.winners)) == len(outcome.winners)
    assert outcome.explanation["spent"] == sum(costs[option] for option in outcome.winners) <= election[2]
    if then == "greedy":
        left = outcome.explanation["left"]
        assert all(cost > left for option, cost in costs.items() if option not in outcome.winners)


@given(elections(), utilities, st.sampled_from(["none", "add1"]), st.integers(2, 4))
def test_twice_as_many_of_each_ballot_change_nothing_when_the_costs_are_twice_as_high(
    election, utility, completion, times
):
    options, groups, budget, lots = election
    larger = (
        [replace(option, cost=option.cost * times) for option in options],
        [(choices, number * times) for choices, number in groups],
        budget * times,
        lots,
    )
    method = EqualShares(utility, completion, "greedy")

    assert count(method, larger).winners == count(method, election).winners


@given(elections(), utilities, st.data())
def test_names_and_the_order_of_the_list_decide_nothing(election, utility, data):
    options, groups, budget, lots = election
    new = dict(zip(lots, data.draw(st.permutations([f"x{option}" for option in lots])), strict=True))
    renamed = (
        data.draw(st.permutations([replace(option, id=new[option.id]) for option in options])),
        [({new[option]: points for option, points in choices.items()}, number) for choices, number in groups],
        budget,
        [new[option] for option in lots],
    )
    method = EqualShares(utility, "add1", "greedy")

    assert count(method, renamed).winners == tuple(new[option] for option in count(method, election).winners)


@given(elections(), utilities)
def test_what_a_loser_lacked_is_exactly_what_its_supporters_had_too_little(election, utility):
    """Had it cost what they had left when it was dropped, they could have paid for it at that moment."""
    outcome = count(EqualShares(utility, "none", "nothing"), election)
    for row in outcome.explanation["losers"]:
        assert abs(row["cost"] - row["left"] - row["lacking"]) <= 1
        spent = sum(entry["paid"] for entry in row["spent_on"])
        assert abs(row["started_with"] - spent - row["left"]) <= 2 + len(row["spent_on"])
        assert row["lacking"] >= 0
        if row["reason"] == "nobody_supports_it":
            assert row["supporters"] == row["left"] == 0


def test_three_ways_to_break_a_tie_are_named_and_a_lot_is_called_a_tie():
    def first(costs, ballots):
        options = [Option(name, cost=cost) for name, cost in costs.items()]
        outcome = count(EqualShares("cardinality", "none", "nothing"), (options, ballots, 100, list(costs)))
        row = outcome.explanation["rounds"][0]
        return row["option"], row["tied"], row["broken_by"], outcome.ties

    # As many points for the money: 10 for 1, 20 for 2.
    assert first({"b": 20, "a": 10}, [({"b": 1}, 2), ({"a": 1}, 1)]) == ("a", ["a", "b"], "cost", ())
    assert first({"b": 10, "a": 10}, [({"b": 1}, 1), ({"a": 1}, 1)]) == ("b", ["b", "a"], "lot", (("b", "a"),))
    assert first({"b": 10, "a": 10}, [({"b": 1}, 1), ({"a": 1}, 2)])[2] == ""


def test_where_greedy_is_preferred_by_more_voters_the_comparison_step_gives_it_the_win():
    options = [Option("dear", cost=100), Option("cheap", cost=30)]
    election = (options, [({"dear": 1}, 6), ({"cheap": 1}, 4)], 100, ["dear", "cheap"])

    assert count(EqualShares("cost", "none", "nothing"), election).winners == ("cheap",)
    compared = count(EqualShares("cost", "none", "nothing", comparison=True), election)

    assert compared.winners == ("dear",)
    assert (compared.explanation["comparison"]["prefer_greedy"], compared.explanation["spent"]) == (6, 100)


def test_who_has_as_many_of_their_choices_either_way_prefers_neither():
    options = [Option("dear", cost=100), Option("cheap", cost=30)]
    groups = [({"dear": 1}, 6), ({"cheap": 1}, 4), ({"dear": 1, "cheap": 1}, 1), ({}, 2)]
    compared = count(EqualShares("cost", "none", "nothing", comparison=True), (options, groups, 100, ["dear", "cheap"]))

    assert compared.explanation["comparison"] == {
        "prefer_equal_shares": 4,
        "prefer_greedy": 6,
        "greedy": ["dear"],
        "equal_shares": ["cheap"],
    }


def test_an_equal_number_of_voters_on_both_sides_leaves_equal_shares_its_win():
    options = [Option("dear", cost=100), Option("one", cost=30), Option("two", cost=20)]
    election = (options, [({"dear": 1}, 5), ({"one": 1}, 3), ({"two": 1}, 2)], 100, ["dear", "one", "two"])
    compared = count(EqualShares("cost", "none", "nothing", comparison=True), election)

    assert compared.explanation["comparison"]["prefer_equal_shares"] == 5
    assert compared.explanation["comparison"]["prefer_greedy"] == 5
    assert compared.winners == ("one", "two")


def test_a_form_that_does_not_exist_is_refused():
    for form in ({"utility": "love"}, {"completion": "add2"}, {"then": "borda"}):
        with pytest.raises(ValueError, match="No such form"):
            EqualShares(**form)


def test_nobody_at_all_wins_nothing_but_what_greedy_then_funds():
    election = ([Option("a", cost=10)], [], 100, ["a"])

    assert count(EqualShares("cost", "add1", "nothing"), election).winners == ()
    assert METHODS["equal_shares"].money


def test_money_rounds_to_the_nearest_half_upwards():
    assert [Money.nearest(Fraction(part, 4)) for part in (1, 2, 3, 6, 7)] == [0, 1, 1, 2, 2]


def test_equals_are_sorted_by_lower_cost_then_more_votes_then_the_lot():
    options = [Option("a", cost=20), Option("b", cost=10), Option("c", cost=10), Option("d", cost=10)]
    support = support_of([({"a": 1, "b": 1, "c": 1, "d": 1}, 1), ({"c": 1}, 1)], options, ["a", "d", "b", "c"])

    assert [support.ids[number] for number in sorted(range(4), key=support.tie_key)] == ["c", "d", "b", "a"]
    assert [support.broken_by(pair) for pair in ((1, 0), (2, 3), (3, 1), (1,))] == ["cost", "votes", "lot", ""]
