import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.elections import OWN_FILE, SHARED, greedy_in_order, natural
from voting.formats import pabulib
from voting.methods import METHODS, Limits, Option
from voting.methods.greedy import allocate, lots_that_decided

# As told on the cities' own pages and in studies of them; ours is always there, the others where the data is at hand.
PUBLISHED = [
    (OWN_FILE, "approval", 5, Fraction("99999.99")),
    (SHARED / "Poland_Wieliczka_2023_Green_Budget.pb", "approval", 23, 998_997),
    (SHARED / "Poland_Wroclaw_2018.pb", "approval", 4, 4_000_000),
    (SHARED / "Netherlands_Assen_2024.pb", "approval", 7, 99_200),
    (SHARED / "France_Toulouse_2019.pb", "cumulative", 14, 1_000_000),
    (SHARED / "Poland_Krakow_2020_Debniki.pb", "ordinal", 8, 2_121_000),
]


@st.composite
def budgets(draw):
    """Few projects with few different votes and costs, so that ties and narrow misses are common."""
    ids = [str(number) for number in range(draw(st.integers(1, 8)))]
    votes = {project: draw(st.integers(0, 6)) for project in ids}
    costs = {project: draw(st.integers(0, 6)) for project in ids}
    return votes, costs, draw(st.integers(0, 15)), draw(st.permutations(ids))


def funded(projects):
    return [row["option"] for row in projects["projects"] if row["selected"]]


@pytest.mark.parametrize(("path", "winners", "cost"), greedy_in_order(), ids=lambda value: getattr(value, "stem", ""))
def test_real_elections_come_out_as_others_have_counted_them(path, winners, cost):
    with path.open("rb") as lines:
        election = pabulib.read(lines)
    costs = {project.id: project.cost_cents for project in election.projects}

    projects = allocate(election.scores(), costs, election.budget_cents, sorted(costs, key=natural))

    assert funded(projects) == winners
    assert projects["spent"] == Fraction(cost) * 100


@pytest.mark.parametrize(
    ("path", "vote_type", "how_many", "cost"),
    [facts for facts in PUBLISHED if facts[0].exists()],
    ids=lambda value: getattr(value, "stem", ""),
)
def test_ballots_counted_one_by_one_fund_as_many_projects_as_were_published(path, vote_type, how_many, cost):
    with path.open("rb") as lines:
        election = pabulib.read(lines)
    options = [Option(project.id, cost=project.cost_cents) for project in election.projects]
    lots = sorted((option.id for option in options), key=natural)
    greedy = METHODS["greedy"]
    limits = Limits(max_choices=election.max_length, budget=election.budget_cents)
    tally = greedy.empty_tally(options)
    for vote in election.votes:
        choices = dict.fromkeys(vote.projects, 1)
        if vote_type == "approval":
            greedy.check(choices, options, limits)
            greedy.add(tally, choices)
    if vote_type != "approval":
        tally = {**tally, "counts": election.scores(), "voters": len(election.votes)}

    outcome = greedy.outcome(tally, options, limits, lots)

    assert len(outcome.winners) == how_many
    assert outcome.explanation["spent"] == cost * 100
    assert outcome.explanation["voters"] == len(election.votes)
    assert json.loads(json.dumps(outcome.as_json())) == outcome.as_json()


def test_a_small_budget_is_explained_project_by_project():
    projects = allocate(
        {"park": 9, "pool": 7, "bench": 2, "bridge": 8},
        {"park": 60, "pool": 50, "bench": 40, "bridge": 101},
        100,
        ["park", "pool", "bench", "bridge"],
    )

    assert (projects["budget"], projects["spent"], projects["left"]) == (100, 100, 0)
    assert [
        (row["option"], row["money_left"], row["reason"], row["votes_needed"], row["placed_by"])
        for row in projects["projects"]
    ] == [
        ("park", 100, "fits", None, ""),
        ("bridge", 40, "dearer_than_budget", None, "votes"),
        ("pool", 40, "no_money_left", 2, "votes"),  # 9 votes and cheaper than the park: first
        ("bench", 40, "fits", None, "votes"),
    ]


def test_between_equal_votes_the_cheaper_comes_first_and_then_the_lot():
    votes = {"a": 5, "b": 5, "c": 5, "d": 7}
    costs = {"a": 30, "b": 30, "c": 20, "d": 10}

    projects = allocate(votes, costs, 70, ["b", "a", "c", "d"])

    assert [(row["option"], row["placed_by"]) for row in projects["projects"]] == [
        ("d", ""),
        ("c", "votes"),
        ("b", "cost"),
        ("a", "lot"),
    ]
    assert funded(projects) == ["d", "c", "b"]
    assert lots_that_decided(projects["projects"]) == (("b", "a"),)


def test_a_lot_between_projects_with_the_same_fate_is_not_called_a_tie():
    projects = allocate({"a": 5, "b": 5}, {"a": 30, "b": 30}, 60, ["a", "b"])

    assert lots_that_decided(projects["projects"]) == ()


def test_a_budget_and_a_complete_draw_are_needed():
    options = [Option("a", cost=1), Option("b", cost=2)]
    tally = METHODS["greedy"].empty_tally(options)

    with pytest.raises(ValueError, match="budget"):
        METHODS["greedy"].outcome(tally, options, Limits(), ["a", "b"])
    for lots in ([], ["a"], ["a", "b", "b"], ["a", "c"]):
        with pytest.raises(ValueError, match="lots"):
            METHODS["greedy"].outcome(tally, options, Limits(budget=3), lots)


@given(budgets())
def test_the_budget_is_never_exceeded_and_the_sum_is_told_right(budget_of):
    votes, costs, budget, lots = budget_of
    projects = allocate(votes, costs, budget, lots)

    assert projects["spent"] == sum(costs[option] for option in funded(projects)) <= budget
    assert projects["left"] == budget - projects["spent"]


@given(budgets())
def test_each_skipped_project_really_did_not_fit_when_its_turn_came(budget_of):
    votes, costs, budget, lots = budget_of
    left = budget
    for row in allocate(votes, costs, budget, lots)["projects"]:
        assert row["money_left"] == left
        assert row["selected"] == (row["cost"] <= left)
        left -= row["cost"] if row["selected"] else 0


@given(budgets())
def test_no_project_comes_before_one_with_more_votes(budget_of):
    votes, costs, budget, lots = budget_of
    walk = [row["option"] for row in allocate(votes, costs, budget, lots)["projects"]]

    assert walk == sorted(votes, key=lambda project: (-votes[project], costs[project], lots.index(project)))


@given(budgets())
def test_exactly_the_votes_said_to_be_needed_are_enough_and_one_fewer_is_not(budget_of):
    votes, costs, budget, lots = budget_of
    for row in allocate(votes, costs, budget, lots)["projects"]:
        project, needed = row["option"], row["votes_needed"]
        if row["selected"]:
            assert needed is None
        elif needed is None:
            assert project not in funded(allocate({**votes, project: 1000}, costs, budget, lots))
        else:
            assert needed >= 1
            assert project in funded(allocate({**votes, project: votes[project] + needed}, costs, budget, lots))
            assert project not in funded(allocate({**votes, project: votes[project] + needed - 1}, costs, budget, lots))
