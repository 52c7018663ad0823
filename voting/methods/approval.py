"""Approval: choose all that you can live with, the most votes win."""

from collections.abc import Sequence
from typing import ClassVar

from voting.methods.base import Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, most_votes, require_chosen_at_most


class Approval(CountingMethod):
    """Each voter chooses any number of options, up to ``limits.max_choices`` where that is set.

    The explanation is that of ``counting.most_votes``.

    >>> Approval().check({"a": 1, "b": 1}, [Option("a"), Option("b")], Limits(max_choices=2))
    """

    code: ClassVar[str] = "approval"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, allowed=limits.max_choices)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return most_votes(tally, options, limits, lots)
