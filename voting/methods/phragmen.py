"""Sequential Phragmén: money flows to all voters alike, and each project is bought as soon as its supporters have it.

Source: Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization", IJCAI 2022; Phragmén
1894.
"""

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any, ClassVar, NamedTuple

from voting.methods.base import Amount, Choices, Groups, Limits, Option, Outcome, Tell
from voting.methods.counting import blank_of, require_chosen_at_most
from voting.methods.grouped import GroupedMethod
from voting.methods.money import Money
from voting.methods.support import Support, support_of

Entry = tuple[Fraction, tuple[Amount, Amount, int], int]  # moment or a bound of it, how ties are broken, project


class Purchase(NamedTuple):
    """``moment``: the money that each voter has had by then; those who pay have spent all of it."""

    project: int
    moment: Fraction
    tied: tuple[int, ...]


class Phragmen(GroupedMethod):
    """Approval ballots. Every voter gets money at the same pace, for as long as it takes; a project is bought at the
    moment when its supporters have its cost together, and they pay with all they have. The count ends at the first
    project that the budget has no room for; what costs more than the whole budget is left out from the beginning.

    Ties: the lower cost, then more votes, then the lot. Explanation: ``rounds`` (``option``, ``cost``, ``votes``,
    ``moment``: the money that each voter has had until then, ``tied``, ``broken_by``, ``spent``), ``losers``
    (``option``, ``cost``, ``votes``, ``moment`` when it would have been its turn, ``reason``), ``voters``, ``blank``.
    """

    code: ClassVar[str] = "phragmen"
    money: ClassVar[bool] = True

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, limits.max_choices)

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
        groups = [({option: 1 for option, points in choices.items() if points > 0}, n) for choices, n in groups]
        support = support_of(groups, options, lots)
        count = _Count(support, limits.budget)
        purchases = count.buy_all()
        spent = sum(support.costs[purchase.project] for purchase in purchases)
        explanation = {
            "budget": Money(limits.budget),
            "spent": Money(spent),
            "left": Money(limits.budget - spent),
            **_explained(support, limits.budget, purchases, count),
            "voters": support.voters,
            "blank": blank_of(groups),
        }
        ties = tuple(tuple(row["tied"]) for row in explanation["rounds"] if row["broken_by"] == "lot")
        return Outcome(tuple(support.ids[purchase.project] for purchase in purchases), ties, explanation)


class _Count:
    """Voters who paid last for the same project have had as much: so each project needs to know of its supporters only
    how many paid last for which. ``payers[project][purchase]``: that many; purchase 0 stands for those who never
    did."""

    def __init__(self, support: Support, budget: int) -> None:
        self.support = support
        self.budget = budget
        self.moments = [Fraction(0)]
        self.last = [0] * len(support.weights)
        self.payers: list[dict[int, Amount]] = [{0: score} if score else {} for score in support.scores]
        self.waiting: list[Entry] = [
            (Fraction(0), support.tie_key(project), project)
            for project, score in enumerate(support.scores)
            if score and support.costs[project] <= budget
        ]
        heapify(self.waiting)

    def moment(self, project: int) -> Fraction:
        """When its supporters have its cost: what they have spent before counts as money that they no longer have."""
        spent = sum(self.moments[purchase] * number for purchase, number in self.payers[project].items())
        return (self.support.costs[project] + Fraction(spent)) / self.support.scores[project]

    def buy_all(self) -> list[Purchase]:
        purchases: list[Purchase] = []
        left = self.budget
        while equals := self._earliest():
            moment, _, project = equals[0]
            if self.support.costs[project] > left:
                break
            left -= self.support.costs[project]
            purchases.append(Purchase(project, moment, tuple(entry[2] for entry in equals)))
            self._pay(project, moment)
        return purchases

    def _earliest(self) -> list[Entry]:
        """The project that is bought next, taken out, and those that share its moment, in the order of the tie rule.
        Moments only move away, so what was worked out before is a lower bound."""
        equals: list[Entry] = []
        while self.waiting and (not equals or self.waiting[0][0] <= equals[0][0]):
            _, key, project = heappop(self.waiting)
            moment = self.moment(project)
            if equals and moment > equals[0][0]:
                heappush(self.waiting, (moment, key, project))
                continue
            if equals and moment < equals[0][0]:
                for entry in equals:
                    heappush(self.waiting, entry)
                equals = []
            equals.append((moment, key, project))
        equals.sort()
        for entry in equals[1:]:
            heappush(self.waiting, entry)
        return equals

    def _pay(self, project: int, moment: Fraction) -> None:
        self.moments.append(moment)
        now = len(self.moments) - 1
        for group in self.support.supporters[project].groups:
            weight, before = self.support.weights[group], self.last[group]
            self.last[group] = now
            for other in self.support.ballots[group]:
                payers = self.payers[other]
                payers[before] -= weight
                payers[now] = payers.get(now, 0) + weight


def _explained(support: Support, budget: int, purchases: Sequence[Purchase], count: _Count) -> dict[str, Any]:
    rounds = []
    spent = 0
    for number, purchase in enumerate(purchases, start=1):
        spent += support.costs[purchase.project]
        rounds.append(
            {
                "round": number,
                "option": support.ids[purchase.project],
                "cost": Money(support.costs[purchase.project]),
                "votes": support.scores[purchase.project],
                "moment": Money.nearest(purchase.moment),
                "tied": [support.ids[tied] for tied in purchase.tied] if len(purchase.tied) > 1 else [],
                "broken_by": support.broken_by(purchase.tied),
                "spent": Money(spent),
            }
        )
    bought = {purchase.project for purchase in purchases}
    losers = [project for project in range(len(support.ids)) if project not in bought]
    losers.sort(key=lambda project: (-support.scores[project], support.tie_key(project)))
    return {"rounds": rounds, "losers": [_loser(support, project, budget, budget - spent, count) for project in losers]}


def _loser(support: Support, project: int, budget: int, left: int, count: _Count) -> dict[str, Any]:
    cost, score = support.costs[project], support.scores[project]
    if not score:
        reason = "nobody_supports_it"
    elif cost > budget:
        reason = "dearer_than_budget"
    else:
        reason = "no_money_left" if cost > left else "after_the_stop"
    return {
        "option": support.ids[project],
        "cost": Money(cost),
        "votes": score,
        "moment": Money.nearest(count.moment(project)) if score else None,
        "reason": reason,
    }
