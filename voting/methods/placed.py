"""Ballots that give places, for methods that count points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from voting.methods.base import Amount, Choices, Groups, Limits, Method, Option, Outcome, Tally, Tell
from voting.methods.rankings import require_ranking


@dataclass(frozen=True)
class Placed(Method):
    """``inner``, with rankings for ballots: place p of ``places`` is worth places - p + 1 points.

    >>> from voting.methods import METHODS
    >>> Placed(METHODS["greedy"], places=3).points({"park": 1, "pool": 2})
    {'park': 3, 'pool': 2}
    """

    inner: Method
    places: int

    @property
    def code(self) -> str:  # type: ignore[override]
        return self.inner.code

    @property
    def money(self) -> bool:  # type: ignore[override]
        return self.inner.money

    @property
    def needs_ballots(self) -> bool:  # type: ignore[override]
        return self.inner.needs_ballots

    def points(self, choices: Choices) -> dict[str, int]:
        return {option: self.places - place + 1 for option, place in choices.items()}

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_ranking(choices, options, self.places, may_be_equal=False)

    def empty_tally(self, options: Sequence[Option]) -> Tally:
        return self.inner.empty_tally(options)

    def running_tally(self, options: Sequence[Option]) -> Tally:
        return self.inner.running_tally(options)

    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        self.inner.add(tally, self.points(choices), weight)

    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        self.inner.subtract(tally, self.points(choices), weight)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return self.inner.outcome(tally, options, self._limits(limits), lots)

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        scored: list[tuple[dict[str, Any], Amount]] = [
            ({option: self.places - place + 1 for option, place in choices.items()}, weight)
            for choices, weight in groups
        ]
        return self.inner.count(scored, options, self._limits(limits), lots, tell)

    def _limits(self, limits: Limits) -> Limits:
        return replace(limits, max_points=self.places, max_sum=None)
