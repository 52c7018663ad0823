"""Greedy: money goes to the projects with the most votes, as far as it reaches. What most cities use for a budget."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from voting.methods.base import Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, require_chosen_at_most

Row = Mapping[str, Any]

FITS = "fits"
NO_MONEY_LEFT = "no_money_left"
DEARER_THAN_BUDGET = "dearer_than_budget"


class Greedy(CountingMethod):
    """Approval ballots, or points; the budget goes to the most voted project first; one that no longer fits is skipped.

    Equal votes: the cheaper project first, then the one that comes first in ``lots``. There is no threshold: a project
    that nobody chose is funded too where money is left for it. Explanation: that of ``allocate``, with ``voters`` and
    ``blank``. Ties: see ``lots_that_decided``.
    """

    code: ClassVar[str] = "greedy"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, limits.max_choices, limits.max_points)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        if limits.budget is None:
            raise ValueError("A budget to allocate is needed")
        costs = {option.id: option.cost for option in options}
        explanation = allocate(tally["counts"], costs, limits.budget, lots)
        return Outcome(
            winners=tuple(row["option"] for row in explanation["projects"] if row["selected"]),
            ties=lots_that_decided(explanation["projects"]),
            explanation={**explanation, "voters": tally["voters"], "blank": tally["blank"]},
        )


def allocate(votes: Mapping[str, int], costs: Mapping[str, int], budget: int, lots: Sequence[str]) -> dict[str, Any]:
    """Walk the projects from the most votes to the fewest and fund each one that still fits.

    votes: project id -> votes, or points where ballots give points. costs: the same ids -> cost, in the unit of
    ``budget``, 0 or more. lots: all the ids, as drawn.

    Returns ``budget``, ``spent``, ``left`` and ``projects``, in the order of the walk, each with ``option``, ``votes``,
    ``cost``, ``money_left`` (when its turn came), ``placed_by`` (what put it after the one before: votes, cost or lot;
    empty for the first), ``selected``, ``reason`` and ``votes_needed``: how many more votes would have been enough, all
    other counts being equal; None if it was selected, or costs more than the whole budget.

    >>> votes, costs = {"park": 9, "pool": 7, "bench": 2}, {"park": 60, "pool": 50, "bench": 40}
    >>> walk = allocate(votes, costs, budget=100, lots=["park", "pool", "bench"])["projects"]
    >>> [(row["option"], row["money_left"], row["selected"], row["votes_needed"]) for row in walk]
    [('park', 100, True, None), ('pool', 40, False, 2), ('bench', 40, True, None)]
    """
    order = sorted(votes, key=_walk_key(votes, costs, lots))
    projects: list[dict[str, Any]] = []
    left = budget
    for option in order:
        fits = costs[option] <= left
        projects.append(
            {
                "option": option,
                "votes": votes[option],
                "cost": costs[option],
                "money_left": left,
                "placed_by": _placed_by(option, projects, votes, costs),
                "selected": fits,
                "reason": FITS if fits else NO_MONEY_LEFT if costs[option] <= budget else DEARER_THAN_BUDGET,
            }
        )
        left -= costs[option] if fits else 0
    lot = {option: place for place, option in enumerate(lots)}
    for project in projects:
        project["votes_needed"] = _votes_needed(project, projects, lot)
    return {"budget": budget, "spent": budget - left, "left": left, "projects": projects}


def lots_that_decided(projects: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Groups with equal votes and equal cost of which some were funded and some not: there the lot alone decided."""
    groups: dict[tuple[int, int], list[Row]] = {}
    for project in projects:
        groups.setdefault((project["votes"], project["cost"]), []).append(project)
    return tuple(
        tuple(project["option"] for project in group)
        for group in groups.values()
        if len({project["selected"] for project in group}) == 2
    )


def _walk_key(votes: Mapping[str, int], costs: Mapping[str, int], lots: Sequence[str]) -> Any:
    if sorted(lots) != sorted(votes):
        raise ValueError("The lots must hold each project once")
    lot = {option: place for place, option in enumerate(lots)}
    return lambda option: (-votes[option], costs[option], lot[option])


def _placed_by(option: str, before: Sequence[Row], votes: Mapping[str, int], costs: Mapping[str, int]) -> str:
    if not before:
        return ""
    if before[-1]["votes"] != votes[option]:
        return "votes"
    return "cost" if before[-1]["cost"] != costs[option] else "lot"


def _votes_needed(project: Row, walk: Sequence[Row], lot: Mapping[str, int]) -> int | None:
    """Enough to come before the first funded project after which the money no longer reached for this one.

    Exact: what was skipped took no money, so the walk up to there is the same with and without this project; and money
    only shrinks along the walk, so a place further back is never enough, and one further ahead never worse.
    """
    if project["selected"] or project["reason"] == DEARER_THAN_BUDGET:
        return None
    rival = next(row for row in walk if row["selected"] and row["money_left"] - row["cost"] < project["cost"])
    ahead_when_equal = (project["cost"], lot[project["option"]]) < (rival["cost"], lot[rival["option"]])
    return int(rival["votes"] - project["votes"] + (0 if ahead_when_equal else 1))
