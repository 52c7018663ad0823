"""Cumulative points: each voter spreads a number of points over the options, the most points win."""

from collections.abc import Sequence
from typing import ClassVar

from voting.methods.base import Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, most_votes, require_chosen_at_most, require_sum_at_most


class Cumulative(CountingMethod):
    """At most ``limits.max_sum`` points in all, and ``limits.max_points`` for one option. As ``most_votes``, in
    points."""

    code: ClassVar[str] = "cumulative"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, limits.max_choices, limits.max_points)
        require_sum_at_most(choices, limits.max_sum)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return most_votes(tally, options, limits, lots)
