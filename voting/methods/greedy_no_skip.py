"""Greedy without skipping: most votes first, and the walk ends at the first project that does not fit."""

from typing import ClassVar

from voting.methods.base import Limits
from voting.methods.greedy import Greedy, Rule


class GreedyNoSkip(Greedy):
    """As ``greedy``, but what comes after the first project that no longer fits gets nothing, even where it would fit.
    A project below the threshold is passed by and ends nothing."""

    code: ClassVar[str] = "greedy_no_skip"

    def rule(self, limits: Limits) -> Rule:
        return Rule(skip=False, threshold=limits.threshold, conflicts=limits.conflicts)
