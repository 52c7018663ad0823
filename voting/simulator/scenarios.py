"""What is counted in a simulation: parts of a budget, each with its projects, ballots and money. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from voting.methods.base import Amount

MOST_PROJECTS = 1_000  # of one simulation
MOST_CHOICES = 400_000  # ticks on all different ballots together
MOST_VOTERS = 20_000  # that can be generated

Ballots = Sequence[tuple[Mapping[str, Amount], Amount]]  # what was chosen, and by how many


class TooLarge(Exception):
    """More than a simulation counts while somebody waits for the page."""


@dataclass(frozen=True)
class Project:
    """group: district, neighbourhood or whatever else may go away with nothing; empty where there is none."""

    id: str
    name: str
    cost_cents: int
    group: str = ""


@dataclass(frozen=True)
class Part:
    """What is decided apart, with money of its own: a district, or all. name: empty where there is only one."""

    name: str
    projects: Sequence[Project]
    ballots: Ballots
    amount_cents: int

    def with_amount(self, amount_cents: int | None) -> "Part":
        return self if amount_cents is None else replace(self, amount_cents=amount_cents)


@dataclass(frozen=True)
class Scenario:
    """parts: in order. about: where the ballots come from, in a sentence. currency: ISO 4217, or empty."""

    parts: Sequence[Part]
    about: str
    currency: str

    def check(self) -> None:
        """Raises TooLarge. Asked before anything is counted."""
        ticks = sum(len(choices) for part in self.parts for choices, _ in part.ballots)
        if sum(len(part.projects) for part in self.parts) > MOST_PROJECTS or ticks > MOST_CHOICES:
            raise TooLarge

    def as_json(self) -> list[dict[str, Any]]:
        """For the process that counts."""
        return [
            {
                "costs": {project.id: project.cost_cents for project in part.projects},
                "amount": part.amount_cents,
                "ballots": [
                    [{option: _plain(value) for option, value in choices.items()}, _plain(weight)]
                    for choices, weight in part.ballots
                ],
            }
            for part in self.parts
        ]


def _plain(value: Amount) -> int | str:
    return value if isinstance(value, int) else str(Fraction(value))
