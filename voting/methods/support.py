"""Who supports which project, and how much: the shape in which the budget methods look at ballots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from voting.methods.base import Amount, Groups, Option


class Supporters(NamedTuple):
    """Of one project: which groups of equal ballots, and what each member of the group gives it (1: an approval)."""

    groups: list[int]
    utilities: list[Amount]


@dataclass(frozen=True, slots=True)
class Support:
    """An election about money, turned round: from each project to its supporters. Projects and groups are numbers.

    ids, costs, supporters: by project, in the poll's order. scores: the votes (or points) of its supporters together.
    weights, ballots: of each group of equal ballots, how many voters, and which projects they support; blank ballots
    are left out. voters: all of them, blank ballots included: each has a share of the budget, used or not.
    place: where the draw put each project; the last word between equals.
    """

    ids: tuple[str, ...]
    costs: tuple[int, ...]
    supporters: tuple[Supporters, ...]
    scores: tuple[Amount, ...]
    weights: list[Amount]
    ballots: list[list[int]]
    voters: Amount
    place: tuple[int, ...]

    def tie_key(self, project: int) -> tuple[Amount, Amount, int]:
        """Sorts equals: lower cost, then more votes, then the lot."""
        return self.costs[project], -self.scores[project], self.place[project]

    @property
    def free(self) -> list[int]:
        """The supported projects that cost nothing, in the order of the tie rule."""
        return sorted(
            (number for number, cost in enumerate(self.costs) if not cost and self.scores[number]), key=self.tie_key
        )

    def broken_by(self, tied: Sequence[int]) -> str:
        """What told the first of several equals, sorted by ``tie_key``, from the second: cost, votes or lot."""
        if len(tied) < 2:
            return ""
        first, second = (self.tie_key(project) for project in tied[:2])
        if first[0] != second[0]:
            return "cost"
        return "votes" if first[1] != second[1] else "lot"


def support_of(groups: Groups, options: Sequence[Option], lots: Sequence[str]) -> Support:
    """groups: choices (project id -> points, 1 for an approval), and how many voters cast just these."""
    number = {option.id: index for index, option in enumerate(options)}
    supporters = tuple(Supporters([], []) for _ in options)
    add_group = [who.groups.append for who in supporters]
    add_points = [who.utilities.append for who in supporters]
    weights: list[Amount] = []
    ballots: list[list[int]] = []
    voters: Amount = 0
    for choices, weight in groups:
        voters += weight
        group, ballot = len(weights), []
        for project, points in choices.items():
            if points > 0:
                index = number[project]
                ballot.append(index)
                add_group[index](group)
                add_points[index](points)
        if ballot:
            weights.append(weight)
            ballots.append(ballot)
    scores = tuple(sum(map(mul, who.utilities, map(weights.__getitem__, who.groups))) for who in supporters)
    return Support(
        ids=tuple(number),
        costs=tuple(option.cost for option in options),
        supporters=supporters,
        scores=scores,
        weights=weights,
        ballots=ballots,
        voters=voters,
        place=places(number, lots),
    )


def places(ids: Iterable[str], lots: Sequence[str]) -> tuple[int, ...]:
    """Where each id comes in the draw, which must hold each of them once."""
    ids = tuple(ids)
    if sorted(lots) != sorted(ids):
        raise ValueError("The lots must hold each option once")
    place = {option: number for number, option in enumerate(lots)}
    return tuple(place[option] for option in ids)
