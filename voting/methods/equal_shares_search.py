"""Runs of Equal Shares for many endowments at once, in intervals: fast, and never wrong because it says when it is
unsure.

Add-1 completion needs hundreds of runs that differ by one unit of money for each voter. Done exactly, that is minutes
for a city. Here a run is done for a whole stretch of endowments: every purse, and every price, is an interval that
holds the true value for each endowment of the stretch, rounding included. Where two intervals that must be told apart
overlap, the run stops and says so (``None``); the caller tries a shorter stretch, and at last ``equal_shares_exact``.
So what this file answers is certain, floats or not, and no float leaves it.

This is the only file that needs numpy: docs/decisions/numpy.md.
"""

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voting.methods.support import Support

Floats = NDArray[np.float64]

SLACK = 1e-11
"""How far a sum may be off, in relation to it. numpy adds in pairs: a million numbers are off by less than 1e-14."""

DUST = 1e-15
"""How far one subtraction from a purse may be off, in relation to the endowment: floats have 53 bits."""


class Search:
    """All that stays the same from run to run. worth: the utility of one point given to each project."""

    def __init__(self, support: Support, worth: Sequence[int]) -> None:
        self.support = support
        self.worth = worth
        self.projects = [number for number, score in enumerate(support.scores) if score and support.costs[number]]
        self.free = [number for number, score in enumerate(support.scores) if score and not support.costs[number]]
        weights = np.array(support.weights, dtype=np.float64)
        self.groups = [np.array(who.groups, dtype=np.int32) for who in support.supporters]
        self.weights = [weights[groups] for groups in self.groups]
        self.utility = [
            np.array(who.utilities, dtype=np.float64) * float(of_one)
            for who, of_one in zip(support.supporters, worth, strict=True)
        ]
        self.shares = [weights * utility for weights, utility in zip(self.weights, self.utility, strict=True)]
        self._meet: dict[tuple[int, int], bool] = {}

    def purchases(self, least: Fraction, most: Fraction) -> list[int] | None:
        """The projects bought, in order, from *every* endowment between ``least`` and ``most``; None if unsure."""
        return _Stretch(self, least, most).buy_all()

    def meet(self, one: int, other: int) -> bool:
        """Whether two projects have a supporter in common."""
        pair = (min(one, other), max(one, other))
        if pair not in self._meet:
            self._meet[pair] = bool(np.intersect1d(self.groups[one], self.groups[other]).size)
        return self._meet[pair]

    def can_pay(self, project: int, money: Floats, off: float) -> bool:
        """Whether the supporters, each with so much ``money``, have the cost together, if they had ``off`` times it."""
        return float(np.dot(self.weights[project], money)) * off >= self.support.costs[project]

    def price(self, project: int, money: Floats, bound: float, off: float) -> float:
        """What those who can pay it pay for a unit of utility, when the others give all they have (times ``off``).

        bound: a price that is not above it. Each round finds more who are poor, so the price only rises, to the right
        one: in whole, or until rounding hides the rest.
        """
        weighted, shares = self.weights[project] * money, self.shares[project]
        reach = money / self.utility[project]
        price, rich = bound, -1
        while True:
            is_rich = reach >= price
            count = int(np.count_nonzero(is_rich))
            if count in (rich, 0):
                return price
            rich = count
            given = float(np.dot(weighted, ~is_rich))
            price = max(price, (self.support.costs[project] - given * off) / float(np.dot(shares, is_rich)))


class Offer(NamedTuple):
    """What a unit of utility costs, from and to."""

    project: int
    least: float
    most: float


class _Unsure(Exception):
    """Two intervals overlap that must be told apart."""


class _Stretch:
    """One run for all endowments from ``least`` to ``most``."""

    def __init__(self, search: Search, least: Fraction, most: Fraction) -> None:
        self.search = search
        self.least = least
        size = len(search.support.weights)
        self.low = np.full(size, float(least) * (1 - SLACK))
        self.high = np.full(size, float(most) * (1 + SLACK))
        self.dust = float(most) * DUST
        self.bought: list[int] = []

    def buy_all(self) -> list[int] | None:
        search = self.search
        costs, worth = search.support.costs, search.worth
        bounds = [
            (costs[project] / (float(search.support.scores[project]) * worth[project]) * (1 - SLACK), project)
            for project in search.projects
        ]
        heapify(bounds)
        try:
            while offer := self._cheapest(bounds):
                self._pay(offer)
        except _Unsure:
            return None
        return search.free + self.bought

    def _cheapest(self, bounds: list[tuple[float, int]]) -> Offer | None:
        """The project with the lowest price for certain, taken out of ``bounds``."""
        best: Offer | None = None
        others: list[tuple[float, int]] = []
        while bounds and (best is None or bounds[0][0] <= best.most):
            bound, project = heappop(bounds)
            money = self.high[self.search.groups[project]]
            if not self.search.can_pay(project, money, 1 + SLACK):
                continue
            least = self.search.price(project, money, bound, 1 + SLACK) * (1 - SLACK)
            if least > (best.most if best else bounds[0][0] if bounds else least):
                heappush(bounds, (least, project))
                continue
            money = self.low[self.search.groups[project]]
            if not self.search.can_pay(project, money, 1 - SLACK):
                raise _Unsure
            offer = Offer(project, least, self.search.price(project, money, least, 1 - SLACK) * (1 + SLACK))
            if best is None or self._is_cheaper(offer, best):
                best, offer = offer, best
            if offer:
                others.append((offer.least, offer.project))
        for entry in others:
            heappush(bounds, entry)
        return best

    def _is_cheaper(self, one: Offer, other: Offer) -> bool:
        if one.most < other.least or other.most < one.least:
            return one.most < other.least
        return self._comes_first(one.project, other.project)

    def _comes_first(self, project: int, other: int) -> bool:
        """Between two whose prices cannot be told apart: exactly, where nobody has touched their supporters' money."""
        one, two = self._untouched_price(project), self._untouched_price(other)
        if one is None or two is None:
            raise _Unsure
        tie_key = self.search.support.tie_key
        return (one, tie_key(project)) < (two, tie_key(other))

    def _untouched_price(self, project: int) -> Fraction | None:
        """The same for every endowment of the stretch; None where somebody has paid before or cannot pay a full
        part."""
        search = self.search
        if any(search.meet(project, other) for other in self.bought):
            return None
        part = Fraction(search.support.costs[project]) / search.support.scores[project]
        if max(search.support.supporters[project].utilities) * part > self.least:
            return None
        return part / search.worth[project]

    def _pay(self, offer: Offer) -> None:
        groups, utility = self.search.groups[offer.project], self.search.utility[offer.project]
        self.low[groups] = np.maximum(self.low[groups] - offer.most * utility - self.dust, 0)
        self.high[groups] = np.maximum(self.high[groups] - offer.least * utility + self.dust, 0)
        self.bought.append(offer.project)
