"""Against pabutools (GPL-3): greedy, Equal Shares, Phragmén, on thousands of small elections.

Where it differs, and why: docs/counting.md, "Against other programs".
"""

from fractions import Fraction

import pytest
from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    Instance,
    Project,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
from pabutools.tiebreaking import TieBreakingRule

from tests.oracles.elections import budget_election
from voting.methods import METHODS, Limits
from voting.methods.equal_shares import EqualShares
from voting.methods.support import support_of

SEEDS = range(1000)


def theirs(options, ballots, budget, points):
    projects = {option.id: Project(option.id, option.cost) for option in options}
    instance = Instance(projects.values(), budget_limit=budget)
    if points:
        made = [CardinalBallot({projects[option]: of for option, of in choices.items()}) for choices, _ in ballots]
        return instance, CardinalProfile(made, instance=instance)
    made = [ApprovalBallot(projects[option] for option in choices) for choices, _ in ballots]
    return instance, ApprovalProfile(made, instance=instance)


def tie_rule(options, ballots):
    """Ours: lower cost, more votes, then the lot, here the order of ids."""
    ids = [option.id for option in options]
    support = support_of(ballots, options, ids)
    return TieBreakingRule(lambda instance, profile, project: support.tie_key(ids.index(project.name)))


def names(allocation):
    return sorted(project.name for project in allocation)


def ours(method, options, ballots, budget):
    ids = [option.id for option in options]
    return method.count(ballots, options, Limits(budget=budget, unit=1), ids)


@pytest.mark.parametrize(
    ("method", "satisfaction"), [("greedy", Cost_Sat), ("greedy_per_cost", Cardinality_Sat)], ids=["votes", "per cost"]
)
def test_greedy(method, satisfaction):
    for seed in SEEDS:
        options, ballots, budget = budget_election(seed)
        instance, profile = theirs(options, ballots, budget, points=False)
        rule = tie_rule(options, ballots)

        found = greedy_utilitarian_welfare(instance, profile, sat_class=satisfaction, tie_breaking=rule)

        assert sorted(ours(METHODS[method], options, ballots, budget).winners) == names(found), seed


@pytest.mark.parametrize("points", [1, 4], ids=["approvals", "points"])
@pytest.mark.parametrize("completion", ["none", "add1"])
@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_equal_shares(utility, completion, points):
    if points > 1 and utility == "cost":
        satisfaction = None  # pabutools has no points times cost
    else:
        satisfaction = {"cost": Cost_Sat, "cardinality": Cardinality_Sat}[utility]
    if points > 1:
        satisfaction = Additive_Cardinal_Sat
        utility = "cardinality"
    for seed in SEEDS:
        options, ballots, budget = budget_election(seed, points)
        instance, profile = theirs(options, ballots, budget, points=points > 1)
        increment = 1 if completion == "add1" else None

        found = method_of_equal_shares(
            instance,
            profile,
            sat_class=satisfaction,
            tie_breaking=tie_rule(options, ballots),
            voter_budget_increment=increment,
        )

        method = EqualShares(utility, completion, "nothing")
        assert sorted(ours(method, options, ballots, budget).winners) == names(found), seed


def test_phragmen():
    """Two conventions differ. They go on to buy what nobody supports, which we never do; and they stop where any of
    several projects that tie does not fit, where we look at the one that the tie rule puts first."""
    other_ends = 0
    for seed in SEEDS:
        options, ballots, budget = budget_election(seed)
        instance, profile = theirs(options, ballots, budget, points=False)
        supported = {option for choices, _ in ballots for option in choices}

        bought = names(sequential_phragmen(instance, profile, tie_breaking=tie_rule(options, ballots)))
        found = sorted(set(bought) & supported)
        outcome = ours(METHODS["phragmen"], options, ballots, budget)

        if sorted(outcome.winners) != found:
            other_ends += 1
            assert set(found) < set(outcome.winners)
            assert outcome.explanation["rounds"][len(found)]["tied"], seed
    assert other_ends < len(SEEDS) // 10


def test_every_endowment_is_shared_to_the_last_fraction():
    """Nobody pays twice or more than they have, and each project is paid in full."""
    for seed in SEEDS[:200]:
        options, ballots, budget = budget_election(seed, points=3)
        outcome = ours(EqualShares("cardinality", "none", "nothing"), options, ballots, budget)
        assert sum(option.cost for option in options if option.id in outcome.winners) <= budget
        assert all(Fraction(row["cost"]) > 0 for row in outcome.explanation["rounds"])
