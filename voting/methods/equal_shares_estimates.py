"""How many votes each loser of Equal Shares lacked at each round, in intervals: certain where they are narrow.

Of a thousand projects with a hundred thousand different ballots, ``equal_shares_needed`` would ask fifty thousand times
what several hundred people could pay. Nearly always a float and how far it may be off are enough to know the whole
number above it; where they are not, this says so, and the exact run is asked.

numpy: docs/decisions/numpy.md.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voting.methods.equal_shares_exact import Purchase
from voting.methods.support import Support

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

ROUNDING = 2.0**-52


class Estimate(NamedTuple):
    """What is certain, and where to ask again: project -> the fewest votes of all rounds that are certain; round (the
    number of purchases before it that cost something) -> the projects that may have needed still fewer there."""

    certain: dict[int, int]
    doubtful: dict[int, list[int]]


def estimate(
    support: Support,
    worth: Sequence[int],
    endowment: Fraction,
    purchases: Sequence[Purchase],
    losers: Sequence[int],
    points: int,
) -> Estimate:
    """purchases: the rounds that cost something. losers: projects that cost something. points: what each vote more
    gives its project."""
    asked = _Losers(support, worth, endowment, losers, points)
    rounds = [asked.votes(float(purchase.price)) for purchase in _replayed(asked, support, worth, purchases)]
    rounds.append(asked.votes(np.inf))
    least = np.array([row[0] for row in rounds], dtype=np.int64)
    most = np.array([row[1] for row in rounds], dtype=np.int64)
    fewest = np.where(least == most, most, np.iinfo(np.int64).max).min(axis=0)
    doubtful: dict[int, list[int]] = {}
    for number, at in np.argwhere((least < most) & (least < fewest)).tolist():
        doubtful.setdefault(number, []).append(losers[at])
    known = fewest < np.iinfo(np.int64).max
    return Estimate({loser: int(fewest[at]) for at, loser in enumerate(losers) if known[at]}, doubtful)


def _replayed(
    asked: "_Losers", support: Support, worth: Sequence[int], purchases: Sequence[Purchase]
) -> Iterator[Purchase]:
    """Each purchase, when the purses are as they were before it."""
    for purchase in purchases:
        yield purchase
        groups, points = support.supporters[purchase.project]
        given = dict(zip(groups, points, strict=True))
        part = float(purchase.price * worth[purchase.project])
        asked.purses[purchase.payers] -= part * np.array([float(given[group]) for group in purchase.payers])
        asked.purses[list(purchase.last_money)] = 0
        asked.off += asked.endowment * 4 * ROUNDING


class _Losers:
    """All supporters of all losers in one row, so that a round is a few operations on it.

    off: how far a purse may be from what it is: each payment adds a rounding of what was paid and of what is left.
    """

    def __init__(
        self, support: Support, worth: Sequence[int], endowment: Fraction, losers: Sequence[int], points: int
    ) -> None:
        self.endowment = float(endowment)
        self.points = points
        self.purses = np.full(len(support.weights), self.endowment)
        self.off = self.endowment * 4 * ROUNDING
        supporters = [support.supporters[loser] for loser in losers]
        self.sizes = np.array([len(who.groups) for who in supporters], dtype=np.int64)
        self.groups = np.array(list(chain.from_iterable(who.groups for who in supporters)), dtype=np.int64)
        self.weights = np.array([float(weight) for weight in support.weights])[self.groups]
        given = np.array(list(chain.from_iterable(who.utilities for who in supporters)), dtype=np.float64)
        worths = np.array([float(worth[loser]) for loser in losers])
        self.utilities = given * np.repeat(worths, self.sizes)
        self.worths = worths
        self.costs = np.array([float(support.costs[loser]) for loser in losers])
        self.people = self._sums(self.weights)

    def votes(self, price: float) -> tuple[Wholes, Wholes]:
        """The least and the most that each may have needed to be bought for this price; infinite: at whatever price."""
        given = self._sums(self.weights * np.minimum(self.purses[self.groups], price * self.utilities))
        each = np.minimum(self.endowment, price * self.worths * self.points)
        votes = (self.costs - given) / each
        off = (self.people * self.off + (self.costs + given) * (self.sizes + 16) * ROUNDING) / each
        off += np.abs(votes) * 16 * ROUNDING
        return _whole(votes - off), _whole(votes + off)

    def _sums(self, row: Floats) -> Floats:
        """One sum for each loser, of whom some have no supporters at all."""
        ends = np.cumsum(self.sizes)
        sums = np.zeros(len(self.sizes))
        some = self.sizes > 0
        if some.any():
            sums[some] = np.add.reduceat(row, (ends - self.sizes)[some])
        return sums


def _whole(votes: Floats) -> Wholes:
    return np.maximum(np.ceil(np.minimum(votes, 2.0**53)), 1).astype(np.int64)
