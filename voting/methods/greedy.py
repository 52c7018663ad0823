"""Greedy: money goes to the projects with the most votes, as far as it reaches. What most cities use for a budget."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, ClassVar

from voting.methods.base import Amount, Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, require_chosen_at_most, require_sum_at_most
from voting.methods.money import Money

Row = Mapping[str, Any]

FITS = "fits"
NO_MONEY_LEFT = "no_money_left"
DEARER_THAN_BUDGET = "dearer_than_budget"
BELOW_THRESHOLD = "below_threshold"
AFTER_THE_STOP = "after_the_stop"
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Rule:
    """How the walk goes. skip: past what does not fit, and on; otherwise it ends there. per_cost: in the order of votes
    for each unit of money, not of votes. threshold: the votes that a project needs at all. conflicts: groups of which
    at most one project is funded, the one that comes first."""

    skip: bool = True
    per_cost: bool = False
    threshold: Amount = 0
    conflicts: tuple[frozenset[str], ...] = ()


class Greedy(CountingMethod):
    """Approval ballots, or points; the budget goes to the most voted project first; one that no longer fits is skipped.

    Equal votes: the cheaper project first, then the one that comes first in ``lots``. There is no threshold: a project
    that nobody chose is funded too where money is left for it. Explanation: that of ``allocate``, with ``voters`` and
    ``blank``. Ties: see ``lots_that_decided``.
    """

    code: ClassVar[str] = "greedy"
    money: ClassVar[bool] = True

    def rule(self, limits: Limits) -> Rule:
        return Rule(conflicts=limits.conflicts)

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, limits.max_choices, limits.max_points)
        if limits.max_points > 1:
            require_sum_at_most(choices, limits.max_sum)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        if limits.budget is None:
            raise ValueError("A budget to allocate is needed")
        costs = {option.id: option.cost for option in options}
        explanation = allocate(tally["counts"], costs, limits.budget, lots, self.rule(limits))
        return Outcome(
            winners=tuple(row["option"] for row in explanation["projects"] if row["selected"]),
            ties=lots_that_decided(explanation["projects"]),
            explanation={**explanation, "voters": tally["voters"], "blank": tally["blank"]},
        )


def allocate(
    votes: Mapping[str, Amount],
    costs: Mapping[str, int],
    budget: int,
    lots: Sequence[str],
    rule: Rule = Rule(),
) -> dict[str, Any]:
    """Walk the projects from the most votes to the fewest and fund each one that still fits.

    votes: project id -> votes, or points where ballots give points. costs: the same ids -> cost, in the unit of
    ``budget``, 0 or more. lots: all the ids, as drawn.

    Returns ``budget``, ``spent``, ``left`` and ``projects``, in the order of the walk, each with ``option``, ``votes``,
    ``cost``, ``money_left`` (when its turn came), ``placed_by`` (what put it after the one before: votes, cost or lot;
    empty for the first), ``tied`` and ``broken_by`` (on the first of several equals: all of them), ``selected``,
    ``reason`` and ``votes_needed``: how many more votes would have been enough, all other counts being equal; None if
    it was selected, or if no number of votes would have been.

    >>> votes, costs = {"park": 9, "pool": 7, "bench": 2}, {"park": 60, "pool": 50, "bench": 40}
    >>> walk = allocate(votes, costs, budget=100, lots=["park", "pool", "bench"])["projects"]
    >>> [(row["option"], row["money_left"], row["selected"], row["votes_needed"]) for row in walk]
    [('park', 100, True, None), ('pool', 40, False, 2), ('bench', 40, True, None)]
    """
    key = _walk_key(costs, lots, rule)
    projects: list[dict[str, Any]] = []
    left = budget
    stopped = False
    for option in sorted(votes, key=lambda option: key(option, votes[option])):
        reason = _reason(option, projects, votes[option], costs, left, budget, stopped, rule)
        projects.append(
            {
                "option": option,
                "votes": votes[option],
                "cost": Money(costs[option]),
                "money_left": Money(left),
                "placed_by": _placed_by(option, projects, votes, costs, rule),
                "selected": reason == FITS,
                "reason": reason,
            }
        )
        left -= costs[option] if reason == FITS else 0
        stopped = stopped or (not rule.skip and reason in (NO_MONEY_LEFT, DEARER_THAN_BUDGET))
    for number, project in enumerate(projects):
        project["votes_needed"] = _votes_needed(number, projects, key, rule)
    _name_ties(projects)
    return {"budget": Money(budget), "spent": Money(budget - left), "left": Money(left), "projects": projects}


def _name_ties(projects: Sequence[dict[str, Any]]) -> None:
    """On the first of several that the votes do not tell apart: all of them, and what did."""
    first: dict[str, Any] | None = None
    for project in projects:
        project |= {"tied": [], "broken_by": ""}
        if first is None or project["placed_by"] not in ("cost", "lot"):
            first = project
            continue
        first["broken_by"] = first["broken_by"] or project["placed_by"]
        first["tied"] = [*(first["tied"] or [first["option"]]), project["option"]]


def lots_that_decided(projects: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Groups with equal votes and equal cost of which some were funded and some not: there the lot alone decided."""
    groups: dict[tuple[Amount, int], list[Row]] = {}
    for project in projects:
        groups.setdefault((project["votes"], project["cost"]), []).append(project)
    return tuple(
        tuple(project["option"] for project in group)
        for group in groups.values()
        if len({project["selected"] for project in group}) == 2
    )


Key = Callable[[str, Amount], tuple[Amount, ...]]  # where a project comes with so many votes; the lowest first


def _walk_key(costs: Mapping[str, int], lots: Sequence[str], rule: Rule) -> Key:
    if sorted(lots) != sorted(costs):
        raise ValueError("The lots must hold each project once")
    lot = {option: place for place, option in enumerate(lots)}

    def by_votes(option: str, votes: Amount) -> tuple[Amount, ...]:
        return (-votes, costs[option], lot[option])

    def by_votes_per_cost(option: str, votes: Amount) -> tuple[Amount, ...]:
        if not costs[option]:  # for nothing: before all that costs something
            return (0, 0, 0, -votes, lot[option])
        return (1, -Fraction(votes) / costs[option], costs[option], -votes, lot[option])

    return by_votes_per_cost if rule.per_cost else by_votes


def _reason(
    option: str,
    before: Sequence[Row],
    votes: Amount,
    costs: Mapping[str, int],
    left: int,
    budget: int,
    stopped: bool,
    rule: Rule,
) -> str:
    if votes < rule.threshold:
        return BELOW_THRESHOLD
    if stopped:
        return AFTER_THE_STOP
    if _rival_funded(option, before, rule):
        return CONFLICT
    if costs[option] <= left:
        return FITS
    return NO_MONEY_LEFT if costs[option] <= budget else DEARER_THAN_BUDGET


def _rival_funded(option: str, before: Sequence[Row], rule: Rule) -> bool:
    if not rule.conflicts:
        return False
    rivals = frozenset().union(*(group for group in rule.conflicts if option in group))
    return any(row["selected"] and row["option"] in rivals for row in before)


def _placed_by(
    option: str, before: Sequence[Row], votes: Mapping[str, Amount], costs: Mapping[str, int], rule: Rule
) -> str:
    if not before:
        return ""
    last = before[-1]
    ahead, behind = (votes[option], last["votes"]) if not rule.per_cost else _crosswise(option, last, votes, costs)
    if ahead != behind:
        return "votes"
    return "cost" if last["cost"] != costs[option] else "lot"


def _crosswise(option: str, last: Row, votes: Mapping[str, Amount], costs: Mapping[str, int]) -> tuple[Amount, Amount]:
    """Votes for each unit of money of two projects, compared without dividing."""
    return votes[option] * last["cost"], last["votes"] * costs[option]


def _votes_needed(number: int, walk: Sequence[Row], key: Key, rule: Rule) -> int | None:
    """The least number of votes more with which it would be funded, all other counts being equal.

    Exact: what was not funded took no money, so the walk before a place is the same with and without this project; and
    along the walk money only shrinks and rivals are only added, so a place further ahead is never worse. It needs the
    last place at which it would be funded, found from the back.
    """
    project = walk[number]
    if project["selected"]:
        return None
    stop = len(walk)
    if not rule.skip:
        ends = (NO_MONEY_LEFT, DEARER_THAN_BUDGET)
        stop = next((place for place, row in enumerate(walk) if row["reason"] in ends), stop)
    for place in range(min(number, stop), -1, -1):
        if project["cost"] <= walk[place]["money_left"] and not _rival_funded(project["option"], walk[:place], rule):
            return _votes_to_reach(project, walk[place], key, rule)
    return None


def _votes_to_reach(project: Row, rival: Row, key: Key, rule: Rule) -> int | None:
    """Votes more to have the threshold and come before ``rival`` (or stay, where that is the project itself)."""
    option, votes = project["option"], project["votes"]
    least = max(0, -floor(votes - rule.threshold))
    if rival is project:
        return least
    if rule.per_cost and project["cost"] and not rival["cost"]:
        return None  # nothing that costs money comes before what costs none
    to_beat = key(rival["option"], rival["votes"])
    per_vote = Fraction(project["cost"], rival["cost"]) if rule.per_cost and rival["cost"] else 1
    needed = max(least, floor(rival["votes"] * per_vote - votes))
    while key(option, votes + needed) > to_beat:
        needed += 1
    return needed
