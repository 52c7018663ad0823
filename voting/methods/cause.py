"""DemocracyOS's action *cause*: one press says that you support it."""

from collections.abc import Sequence
from typing import ClassVar

from voting.methods.base import Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, require_chosen_at_most


class Cause(CountingMethod):
    """One option, and nothing against it. It wins with its first supporter; ``limits.threshold`` may ask for more.

    explanation: ``supporters``, ``needed``, ``voters``, ``blank``.
    """

    code: ClassVar[str] = "cause"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, allowed=1)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        needed = max(1, limits.threshold)
        return Outcome(
            winners=tuple(option.id for option in options if tally["counts"][option.id] >= needed),
            explanation={
                "supporters": {option.id: tally["counts"][option.id] for option in options},
                "needed": needed,
                "voters": tally["voters"],
                "blank": tally["blank"],
            },
        )
