"""Single choice: one option each, the most votes win."""

from collections.abc import Sequence
from typing import ClassVar

from voting.methods.base import Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, most_votes, require_chosen_at_most


class SingleChoice(CountingMethod):
    """Each voter chooses one option; a majority is not needed. The explanation is that of ``counting.most_votes``.

    >>> options = [Option("plaza"), Option("bikes")]
    >>> tally = {"counts": {"plaza": 2, "bikes": 2}, "voters": 4, "blank": 0}
    >>> SingleChoice().outcome(tally, options, Limits()).ties
    (('plaza', 'bikes'),)
    >>> SingleChoice().outcome(tally, options, Limits(), lots=["bikes", "plaza"]).winners
    ('bikes',)
    """

    code: ClassVar[str] = "single_choice"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, allowed=1)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return most_votes(tally, options, limits, lots)
