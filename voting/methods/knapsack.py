"""Ballots that spend up to the money there is, for methods that share it out."""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.methods.base import Choices, Groups, InvalidBallot, Limits, Method, Option, Outcome, Tally, Tell


@dataclass(frozen=True)
class Knapsack(Method):
    """``inner``, with ballots whose choices cost no more than ``limits.budget`` together.

    >>> from voting.methods import METHODS
    >>> options = [Option("park", cost=60), Option("pool", cost=50)]
    >>> Knapsack(METHODS["greedy"]).check({"park": 1, "pool": 1}, options, Limits(budget=100))
    Traceback (most recent call last):
    voting.methods.base.InvalidBallot: ('too_dear', {'cost': 110, 'allowed': 100})
    """

    inner: Method

    @property
    def code(self) -> str:  # type: ignore[override]
        return self.inner.code

    @property
    def money(self) -> bool:  # type: ignore[override]
        return self.inner.money

    @property
    def needs_ballots(self) -> bool:  # type: ignore[override]
        return self.inner.needs_ballots

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        self.inner.check(choices, options, limits)
        if limits.budget is None:
            raise ValueError("The money that a ballot may spend is needed")
        cost = sum(option.cost for option in options if option.id in choices)
        if cost > limits.budget:
            raise InvalidBallot("too_dear", cost=cost, allowed=limits.budget)

    def empty_tally(self, options: Sequence[Option]) -> Tally:
        return self.inner.empty_tally(options)

    def running_tally(self, options: Sequence[Option]) -> Tally:
        return self.inner.running_tally(options)

    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        self.inner.add(tally, choices, weight)

    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        self.inner.subtract(tally, choices, weight)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return self.inner.outcome(tally, options, limits, lots)

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        return self.inner.count(groups, options, limits, lots, tell)
