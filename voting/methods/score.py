"""Score: each option is marked on a scale, the highest total wins. And its mapping for DemocracyOS's slider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from voting.methods.base import Amount, Choices, InvalidBallot, Limits, Option, Outcome, Tally, count_voter
from voting.methods.counting import CountingMethod, has_counted, most_votes


@dataclass(frozen=True)
class Score(CountingMethod):
    """Marks from ``lowest`` to ``highest`` in steps; an option that a ballot leaves out gets nothing from it.

    The tally keeps, beside the totals, how often each mark was given. Explanation: ``ranking`` by total, each row with
    ``given`` (ballots that marked it), ``mean`` of these marks and ``marks`` (mark -> ballots).
    """

    code: ClassVar[str] = "score"

    lowest: int = 0
    highest: int = 10
    step: int = 1

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        known = {option.id for option in options}
        for option, mark in choices.items():
            if option not in known:
                raise InvalidBallot("unknown_option", option=option)
            if type(mark) is not int or mark not in range(self.lowest, self.highest + 1, self.step):
                raise InvalidBallot("wrong_value", option=option, value=mark)

    def empty_tally(self, options: Sequence[Option]) -> Tally:
        return {**super().empty_tally(options), "marks": {option.id: {} for option in options}}

    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        super().add(tally, choices, weight)
        _mark(tally, choices, weight)

    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        if any(tally["marks"].get(option, {}).get(str(mark), 0) < weight for option, mark in choices.items()):
            raise ValueError(f"This ballot was never counted: {dict(choices)}")
        if not has_counted(tally, choices, weight):
            raise ValueError(f"This ballot was never counted: {dict(choices)}")
        for option, mark in choices.items():
            tally["counts"][option] -= mark * weight
        count_voter(tally, choices, weight, by=-1)
        _mark(tally, choices, -weight)

    def weigh(self, tally: Tally, choices: Mapping[str, Amount], weight: Amount) -> None:
        super().weigh(tally, choices, weight)
        _mark(tally, choices, weight)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        marked = {option: sum(marks.values()) for option, marks in tally["marks"].items()}
        # A total of 0 or less can win here, where marks may be negative: whoever got a mark at all is in the race.
        outcome = most_votes(tally, options, limits, lots, eligible={option for option in marked if marked[option]})
        for row in outcome.explanation["ranking"]:
            row |= _distribution(tally, row["option"], marked[row["option"]])
        return outcome


class Slider(Score):
    """DemocracyOS's action *slider*: from -100 to 100 in steps of 25, shown with its mean and distribution."""

    code: ClassVar[str] = "slider"

    def __init__(self) -> None:
        super().__init__(lowest=-100, highest=100, step=25)


def _mark(tally: Tally, choices: Mapping[str, Amount], weight: Amount) -> None:
    for option, mark in choices.items():
        marks = tally["marks"][option]
        marks[str(mark)] = marks.get(str(mark), 0) + weight
        if not marks[str(mark)]:
            del marks[str(mark)]


def _distribution(tally: Tally, option: str, given: Amount) -> dict[str, Any]:
    marks = tally["marks"][option]
    return {
        "given": given,
        "mean": Fraction(tally["counts"][option]) / given if given else None,
        "marks": {mark: marks[mark] for mark in sorted(marks, key=int)},
    }
