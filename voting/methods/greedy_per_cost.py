"""Greedy by votes per cost: the most votes for the money first."""

from typing import ClassVar

from voting.methods.base import Limits
from voting.methods.greedy import Greedy, Rule


class GreedyPerCost(Greedy):
    """As ``greedy``, but in the order of votes for each unit of money: cheap projects come first. Equals: the lower
    cost, then more votes, then the lot."""

    code: ClassVar[str] = "greedy_per_cost"

    def rule(self, limits: Limits) -> Rule:
        return Rule(per_cost=True, threshold=limits.threshold, conflicts=limits.conflicts)
