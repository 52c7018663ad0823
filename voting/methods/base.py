"""What every counting method offers, and the few shapes that pass in and out of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

Amount = int | Fraction
"""Votes, points or money, exact: whole wherever nobody weighs or gives a part of one."""

Choices = Mapping[str, int]
"""One ballot: option id -> value, in the shape of the method (chosen: 1; where there are points, 1 or more). Empty is a
blank ballot."""

Tally = dict[str, Any]
"""What has been counted so far, ready for JSON. Always holds ``voters`` and ``blank`` (who are voters too): people; and
where ballots weigh more than 1, their ``weight`` together. Methods that need one number for each option keep it under
``counts``. The rest of its shape belongs to the method."""


Groups = Iterable[tuple[Mapping[str, Amount], Amount]]
"""Ballots, grouped where they are equal: what was chosen, and how many voters (or how much weight) chose just that."""

Tell = Callable[[str], None]
"""Hears how a long count is getting on."""


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen. ``kind`` matters where sides are fixed; ``cost`` (whole cents) where money is allocated."""

    id: str
    kind: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that a poll's manifest fixes. Each method reads its own and ignores the others."""

    max_choices: int | None = None
    max_points: int = 1  # that one ballot may give one option; 1: chosen or not
    max_sum: int | None = None  # points of one ballot together
    budget: int | None = None  # whole cents, as the options' costs
    unit: int = 100  # of those cents make one of the currency: the step of add-1 completion
    threshold: Amount = 0  # votes (points) without which an option is not funded
    conflicts: tuple[frozenset[str], ...] = ()  # groups of options of which at most one may be funded
    seats: int = 1  # to fill, or to share out
    quorum: Amount = 0  # voters without whom nothing is decided: people, whatever their ballots weigh
    majority: Fraction | None = None  # the share that the side "for" needs; None: more than "against"
    abstentions_count: bool = False  # whether that share is of all who voted, or of those who took a side


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the method decides, and why.

    winners: option ids, the first one first. Empty where nobody voted, or where a tie was left standing.
    ties: groups of options that the votes do not tell apart, where it mattered; also when a lot then decided.
    explanation: enough to redo the decision by hand. Its shape is told by each method, and in docs/counting.md.
    """

    winners: tuple[str, ...]
    ties: tuple[tuple[str, ...], ...] = ()
    explanation: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "winners": list(self.winners),
            "ties": [list(tied) for tied in self.ties],
            "explanation": plain(self.explanation),
        }


def plain(value: Any) -> Any:
    """Ready for JSON, without losing anything: what is not whole becomes a string.

    >>> plain({"a": [Fraction(4, 2), Fraction(1, 3), Decimal("0.05877")]})
    {'a': [2, '1/3', '0.05877']}
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def weight_of(tally: Tally) -> int:
    """What all its ballots weigh together: where none weighs more than 1, as many as there are voters.

    >>> weight_of({"voters": 2, "blank": 0}), weight_of({"voters": 2, "blank": 0, "weight": 5})
    (2, 5)
    """
    weight: int = tally["weight"] if "weight" in tally else tally["voters"]
    return weight


def count_voter(tally: Tally, choices: Choices, weight: int, by: int = 1) -> None:
    """One voter more, or with ``by`` -1 one fewer. Blank or not, their ballot is a part of the whole weight."""
    whole = weight_of(tally) + by * weight
    tally["voters"] += by
    tally["blank"] += by * (not choices)
    if whole == tally["voters"]:
        tally.pop("weight", None)
    else:
        tally["weight"] = whole


class InvalidBallot(Exception):
    """These choices cannot be counted. The code is stable; the sentence for the voter is made outside.

    Codes, and what ``details`` holds: ``unknown_option`` (option), ``wrong_value`` (option, value),
    ``too_many_choices`` (chosen, allowed), ``too_many_points`` (given, allowed), ``equal_ranks`` (option, other, rank),
    ``skipped_rank`` (rank), ``too_dear`` (cost, allowed).
    """

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


class Method(ABC):
    """One way of turning ballots into an outcome.

    A method holds no state: the tally does. The fold adds each ballot as it comes and subtracts it again when the voter
    sends another, so ``subtract`` undoes ``add`` exactly, and the order of the ballots never matters.
    """

    code: ClassVar[str]
    money: ClassVar[bool] = False  # whether it shares out a budget among options with a cost
    needs_ballots: ClassVar[bool] = False  # whether it decides from whole ballots, and not from sums

    @abstractmethod
    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        """Raise InvalidBallot unless these choices may be cast. A blank ballot always may."""

    @abstractmethod
    def empty_tally(self, options: Sequence[Option]) -> Tally:
        """The tally before the first ballot."""

    def running_tally(self, options: Sequence[Option]) -> Tally:
        """The same to keep while people vote: without whole ballots, which only the close needs."""
        return self.empty_tally(options)

    @abstractmethod
    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        """Count one voter's ballot that has passed ``check``: as so many equal ones. Changes the tally in place."""

    @abstractmethod
    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        """Take a counted ballot out again. Raises ValueError for one that cannot have been counted."""

    @abstractmethod
    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        """Decide. ``lots`` is a published draw: all option ids, the earlier one wins where nothing else decides."""

    @abstractmethod
    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        """Decide from the ballots themselves: the same outcome as their tally gives. ``tell`` hears of long counts."""
