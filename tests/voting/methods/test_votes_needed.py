"""What Equal Shares says that a loser needed is the least that would have been enough: tried out, vote by vote."""

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from voting.methods import METHODS, Limits, Option, equal_shares_estimates
from voting.methods.equal_shares import EqualShares
from voting.methods.equal_shares_exact import Run
from voting.methods.equal_shares_needed import votes_needed
from voting.methods.placed import Placed
from voting.methods.support import support_of

IDS = ["a", "b", "c", "d"]


def bought_with(options, groups, endowment, worth_of, extra=None, votes=0, points=1):
    """What is bought from the same endowment with ``votes`` people more who give ``extra`` so many points, alone."""
    more = [({extra: points}, votes)] if votes else []
    support = support_of([*groups, *more], options, IDS)
    run = Run(support, worth_of(support), endowment).buy_all()
    return {support.ids[purchase.project] for purchase in run}


@given(
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.lists(
        st.tuples(st.dictionaries(st.sampled_from(IDS), st.integers(1, 3)), st.integers(1, 4)), min_size=1, max_size=6
    ),
    st.integers(1, 12),
    st.sampled_from(["cost", "cardinality"]),
    st.integers(1, 3),
)
def test_so_many_votes_more_are_enough_and_one_less_is_not(costs, ballots, money, utility, most):
    options = [Option(name, cost=cost) for name, cost in zip(IDS, costs, strict=True)]
    groups = [({name: min(points, most) for name, points in ballot.items()}, weight) for ballot, weight in ballots]
    endowment = Fraction(money, 2)

    def worth_of(support):
        return support.costs if utility == "cost" else (1,) * len(support.costs)

    support = support_of(groups, options, IDS)
    purchases = Run(support, worth_of(support), endowment).buy_all()
    needed_by = votes_needed(support, worth_of(support), endowment, purchases, most)
    assert needed_by.keys() == set(range(len(IDS))) - {purchase.project for purchase in purchases}
    for project, needed in needed_by.items():
        name = IDS[project]
        assert name in bought_with(options, groups, endowment, worth_of, name, needed, most)
        assert needed == 1 or name not in bought_with(options, groups, endowment, worth_of, name, needed - 1, most)


def test_of_a_large_election_the_exact_run_says_what_the_estimates_say(monkeypatch):
    chance = Random(3)
    options = [Option(str(number), cost=chance.randint(100, 9_000)) for number in range(30)]
    ids = [option.id for option in options]
    groups = [
        ({name: chance.randint(1, 3) for name in chance.sample(ids, 4)}, chance.randint(1, 3)) for _ in range(300)
    ]
    method = EqualShares(tell_votes_needed=True)

    def count():
        return method.count(groups, options, Limits(budget=20_000, max_points=3, unit=1), ids).as_json()

    estimated = count()
    monkeypatch.setattr(equal_shares_estimates, "ROUNDING", 0.5)  # so that nothing is certain

    assert count() == estimated


def test_ballots_that_give_points_or_places_are_told_people_and_not_points():
    options = [Option("a", cost=60), Option("b", cost=50)]
    groups = [({"a": 3}, 6), ({"b": 3, "a": 1}, 4)]
    method = EqualShares("cardinality", "none", "nothing", tell_votes_needed=True)
    limits = Limits(budget=100, max_points=3)
    [loser] = method.count(groups, options, limits, ["a", "b"]).explanation["losers"]
    assert (loser["option"], loser["votes_needed"]) == ("b", 3)

    places = Placed(method, places=3).count(
        [({"a": 1}, 6), ({"b": 1, "a": 3}, 4)], options, Limits(budget=100), ["a", "b"]
    )
    assert [row["votes_needed"] for row in places.explanation["losers"]] == [3]


def test_somebody_who_ranks_can_give_all_the_points_of_the_first_place():
    options = [Option("a", cost=40), Option("b", cost=80), Option("c", cost=80)]
    ranked = Placed(EqualShares("cardinality", "none", "nothing", tell_votes_needed=True), places=3)
    outcome = ranked.count([({"c": 1, "b": 2}, 5), ({"a": 1, "c": 2}, 3)], options, Limits(budget=120), ["a", "b", "c"])
    assert {row["option"]: row["votes_needed"] for row in outcome.explanation["losers"]} == {"a": 1, "b": 4}


def test_to_draw_level_is_enough_for_who_comes_first_in_the_lot():
    options = [Option("a", cost=30), Option("b", cost=30)]
    groups = [({"a": 1, "b": 1}, 2), ({"a": 1}, 1)]
    for lots, needed in ((["b", "a"], 1), (["a", "b"], 2)):
        method = EqualShares("cardinality", "none", "nothing", tell_votes_needed=True)
        [loser] = method.count(groups, options, Limits(budget=30), lots).explanation["losers"]
        assert (loser["option"], loser["votes_needed"]) == ("b", needed)


def test_the_rest_can_ask_for_fewer_votes_than_the_shares():
    options = [Option("a", cost=80), Option("b", cost=50), Option("c", cost=50)]
    groups = [({"a": 1}, 9), ({"b": 1}, 3), ({"c": 1}, 2), ({}, 1)]
    method = EqualShares(completion="none", then="greedy", tell_votes_needed=True)
    outcome = method.count(groups, options, Limits(budget=140), ["a", "b", "c"])
    assert outcome.winners == ("a", "b")
    [loser] = [row for row in outcome.explanation["losers"] if row["option"] == "c"]
    assert loser["votes_needed"] == 2  # then the most voted proposal that still fits is this one


def test_the_rest_asks_for_as_many_people_as_it_takes_to_give_the_points():
    """By points: half a person is one more, and nobody can give more than they have."""
    method = EqualShares("cardinality", "none", "greedy", tell_votes_needed=True)

    def needed(costs, groups, **limits):
        options = [Option(name, cost=cost) for name, cost in zip("abc", costs, strict=True)]
        losers = method.count(groups, options, Limits(**limits), ["a", "b", "c"]).explanation["losers"]
        return {row["option"]: row["votes_needed"] for row in losers}

    groups = [({"c": 2}, 5), ({"b": 3}, 1), ({"b": 1}, 4), ({}, 3)]
    assert needed((70, 80, 50), groups, budget=100, max_points=3, max_sum=3)["b"] == 4
    groups = [({"b": 1}, 7), ({"a": 2}, 2)]
    assert needed((70, 80, 50), groups, budget=100, max_points=3, max_sum=2)["a"] == 2


def test_a_count_that_is_not_asked_says_nothing_of_it():
    options = [Option("a", cost=90), Option("b", cost=50)]
    outcome = METHODS["equal_shares"].count([({"a": 1}, 3), ({"b": 1}, 1)], options, Limits(budget=100), ["a", "b"])
    assert all("votes_needed" not in row for row in outcome.explanation["losers"])
