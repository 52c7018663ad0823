"""Equal Shares: every voter gets the same share of the budget, and projects are bought by those who want them.

Source: Peters, Pierczyński and Skowron, NeurIPS 2021; the form that cities use: https://equalshares.net.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from voting.methods.base import Amount, Choices, Groups, Limits, Option, Outcome, Tell
from voting.methods.counting import blank_of, require_chosen_at_most, require_sum_at_most
from voting.methods.equal_shares_exact import Purchase, Run
from voting.methods.equal_shares_explained import explain
from voting.methods.equal_shares_needed import votes_needed
from voting.methods.greedy import Rule, allocate
from voting.methods.grouped import GroupedMethod
from voting.methods.money import Money, satisfied
from voting.methods.support import Support, support_of

UTILITIES = ("cost", "cardinality")
COMPLETIONS = ("none", "add1", "add1_run_on")
THEN = ("nothing", "greedy")


@dataclass(frozen=True)
class EqualShares(GroupedMethod):
    """Approval ballots, points, or rankings turned into points.

    utility: what a bought project is worth to a supporter: its ``cost`` (the more votes, the earlier; the form of
        cities), or its ``cardinality``, the points alone (the more votes for the money, the earlier).
    completion: what to do with money that no group can spend alone. ``none``: leave it. ``add1``: give every voter one
        unit of the currency more and start again, until no project fits into what is left, or else until just before
        the budget would be exceeded. ``add1_run_on``: always until just before the budget would be exceeded.
    then: ``greedy`` gives what is left to the projects with the most utility for their cost: by votes with ``cost``.
    comparison: the outcome is put against that of greedy, and loses if more voters have more of their choices there.
    tell_votes_needed: say of each loser how many more votes would have been enough (``equal_shares_needed``): of people
        who give it as many points as a ballot may, and nothing to others.

    Ties between prices: the lower cost, then more votes (points), then the lot. Explanation: docs/counting.md.
    """

    code: ClassVar[str] = "equal_shares"
    money: ClassVar[bool] = True

    utility: str = "cost"
    completion: str = "add1"
    then: str = "greedy"
    comparison: bool = False
    tell_votes_needed: bool = False

    def __post_init__(self) -> None:
        if self.utility not in UTILITIES or self.completion not in COMPLETIONS or self.then not in THEN:
            raise ValueError(f"No such form of Equal Shares: {self}")

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, limits.max_choices, limits.max_points)
        if limits.max_points > 1:
            require_sum_at_most(choices, limits.max_sum)

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        if limits.budget is None:
            raise ValueError("A budget to allocate is needed")
        groups = list(groups)
        support = support_of(groups, options, lots)
        worth = support.costs if self.utility == "cost" else (1,) * len(support.costs)
        endowment, steps, purchases = self._purchases(support, worth, limits, tell)
        explanation = {
            "budget": Money(limits.budget),
            "utility": self.utility,
            "completion": self.completion,
            "steps": steps,
            **explain(support, worth, endowment, purchases),
            "voters": support.voters,
            "blank": blank_of(groups),
        }
        if self.tell_votes_needed:
            needed = votes_needed(support, worth, endowment, purchases, _most_points(limits))
            for loser in explanation["losers"]:
                # Whoever votes more brings a share of their own; but there is no more money than the budget.
                fits = loser["cost"] <= limits.budget
                loser["votes_needed"] = needed.get(support.ids.index(loser["option"])) if fits else None
        winners = [support.ids[purchase.project] for purchase in purchases]
        if self.then == "greedy":
            winners += self._completed(explanation, winners, support, limits, lots)
        if self.comparison:
            winners = _compared(explanation, winners, groups, support, limits, lots)
        spent = sum(support.costs[support.ids.index(option)] for option in winners)
        explanation |= {"spent": Money(spent), "left": Money(limits.budget - spent)}
        return Outcome(tuple(winners), _ties(explanation["rounds"]), explanation)

    def _purchases(
        self, support: Support, worth: Sequence[int], limits: Limits, tell: Tell | None
    ) -> tuple[Fraction, int, list[Purchase]]:
        """The endowment, how many steps of add-1 led to it, and what was bought with it."""
        budget = limits.budget or 0
        if not support.voters:
            return Fraction(0), 0, []
        start = Fraction(budget) / support.voters
        if self.completion == "none":
            return start, 0, Run(support, worth, start).buy_all()
        # Here, and not above: numpy is loaded only where this is counted.
        from voting.methods.equal_shares_completion import last_step

        steps = last_step(
            support, worth, budget, start, limits.unit, stop_when_exhaustive=self.completion == "add1", tell=tell
        )
        endowment = start + steps * limits.unit
        return endowment, steps, Run(support, worth, endowment).buy_all()

    def _completed(
        self,
        explanation: dict[str, Any],
        winners: Sequence[str],
        support: Support,
        limits: Limits,
        lots: Sequence[str],
    ) -> list[str]:
        """What greedy funds with the money left over. There it may need fewer votes: so many as give the points."""
        rest = [number for number, project in enumerate(support.ids) if project not in winners]
        left = (limits.budget or 0) - sum(support.costs) + sum(support.costs[number] for number in rest)
        walk = allocate(
            {support.ids[number]: support.scores[number] for number in rest},
            {support.ids[number]: support.costs[number] for number in rest},
            left,
            [project for project in lots if project not in winners],
            Rule(per_cost=self.utility == "cardinality"),
        )
        explanation["then_greedy"] = walk["projects"]
        by_the_rest = {
            row["option"]: -(-row["votes_needed"] // _most_points(limits))
            for row in walk["projects"]
            if row["votes_needed"] is not None
        }
        for loser in explanation["losers"]:
            if loser.get("votes_needed") is not None and loser["option"] in by_the_rest:
                loser["votes_needed"] = min(loser["votes_needed"], by_the_rest[loser["option"]])
        return [row["option"] for row in walk["projects"] if row["selected"]]


def _most_points(limits: Limits) -> int:
    """That one ballot may give one option."""
    return limits.max_points if limits.max_sum is None else min(limits.max_points, limits.max_sum)


def _compared(
    explanation: dict[str, Any],
    winners: list[str],
    groups: Groups,
    support: Support,
    limits: Limits,
    lots: Sequence[str],
) -> list[str]:
    """The comparison step of Wieliczka and Świecie: who has more of their choices funded here, and who with greedy?"""
    scores = dict(zip(support.ids, support.scores, strict=True))
    walk = allocate(scores, dict(zip(support.ids, support.costs, strict=True)), limits.budget or 0, lots)
    rivals = [row["option"] for row in walk["projects"] if row["selected"]]
    ours, theirs = satisfied(groups, winners), satisfied(groups, rivals)
    prefer_ours: Amount = 0
    prefer_theirs: Amount = 0
    for (one, weight), (other, _) in zip(ours, theirs, strict=True):
        prefer_ours += weight * (one > other)
        prefer_theirs += weight * (other > one)
    explanation["comparison"] = {
        "prefer_equal_shares": prefer_ours,
        "prefer_greedy": prefer_theirs,
        "greedy": rivals,
        "equal_shares": winners,
    }
    return rivals if prefer_theirs > prefer_ours else winners


def _ties(rounds: Sequence[dict[str, Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row["tied"]) for row in rounds if row["broken_by"] == "lot")
