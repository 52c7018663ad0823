"""Greedy with a threshold: as greedy, but nothing below so many votes is funded, whatever money is left."""

from typing import ClassVar

from voting.methods.base import Limits
from voting.methods.greedy import Greedy, Rule


class GreedyThreshold(Greedy):
    """As ``greedy``; a project needs ``limits.threshold`` votes (points) at least."""

    code: ClassVar[str] = "greedy_threshold"

    def rule(self, limits: Limits) -> Rule:
        return Rule(threshold=limits.threshold, conflicts=limits.conflicts)
