"""What Equal Shares says that a loser needed is the least that would have been enough: tried out, vote by vote."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from voting.methods import METHODS, Limits, Option
from voting.methods.equal_shares import EqualShares
from voting.methods.equal_shares_exact import Run
from voting.methods.equal_shares_needed import votes_needed
from voting.methods.support import support_of

IDS = ["a", "b", "c", "d"]


def bought_with(options, groups, endowment, worth_of, extra=None, votes=0):
    """What is bought from the same endowment with ``votes`` people more who choose ``extra`` alone."""
    more = [({extra: 1}, votes)] if votes else []
    support = support_of([*groups, *more], options, IDS)
    run = Run(support, worth_of(support), endowment).buy_all()
    return {support.ids[purchase.project] for purchase in run}


@given(
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.lists(st.tuples(st.sets(st.sampled_from(IDS)), st.integers(1, 4)), min_size=1, max_size=6),
    st.integers(1, 12),
    st.sampled_from(["cost", "cardinality"]),
)
def test_so_many_votes_more_are_enough_and_one_less_is_not(costs, ballots, money, utility):
    options = [Option(name, cost=cost) for name, cost in zip(IDS, costs, strict=True)]
    groups = [(dict.fromkeys(sorted(ballot), 1), weight) for ballot, weight in ballots]
    endowment = Fraction(money, 2)

    def worth_of(support):
        return support.costs if utility == "cost" else (1,) * len(support.costs)

    support = support_of(groups, options, IDS)
    bought = {purchase.project for purchase in Run(support, worth_of(support), endowment).buy_all()}
    for project, needed in votes_needed(support, worth_of(support), endowment, bought).items():
        name = IDS[project]
        assert name in bought_with(options, groups, endowment, worth_of, name, needed)
        assert needed == 1 or name not in bought_with(options, groups, endowment, worth_of, name, needed - 1)


def test_the_rest_can_ask_for_fewer_votes_than_the_shares():
    options = [Option("a", cost=80), Option("b", cost=50), Option("c", cost=50)]
    groups = [({"a": 1}, 9), ({"b": 1}, 3), ({"c": 1}, 2), ({}, 1)]
    method = EqualShares(completion="none", then="greedy", tell_votes_needed=True)
    outcome = method.count(groups, options, Limits(budget=140), ["a", "b", "c"])
    assert outcome.winners == ("a", "b")
    [loser] = [row for row in outcome.explanation["losers"] if row["option"] == "c"]
    assert loser["votes_needed"] == 2  # then the most voted proposal that still fits is this one


def test_a_count_that_is_not_asked_says_nothing_of_it():
    options = [Option("a", cost=90), Option("b", cost=50)]
    outcome = METHODS["equal_shares"].count([({"a": 1}, 3), ({"b": 1}, 1)], options, Limits(budget=100), ["a", "b"])
    assert all("votes_needed" not in row for row in outcome.explanation["losers"])
