"""Equal Shares for many endowments at once, in intervals: fast, and never wrong because it says when it is unsure.

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

ROUNDING = 2.0**-52
"""A sum of n floats that are not negative is off by less than n times this, in relation to itself."""


class Search:
    """All that stays the same from run to run. worth: the utility of one point given to each project."""

    def __init__(self, support: Support, worth: Sequence[int]) -> None:
        self.support = support
        self.worth = worth
        self.projects = [number for number, score in enumerate(support.scores) if score and support.costs[number]]
        self.costs = [float(cost) for cost in support.costs]
        self.weights = np.array(support.weights, dtype=np.float64)
        self.groups = [np.array(who.groups, dtype=np.int32) for who in support.supporters]
        self.people = [float(self.weights[groups].sum()) for groups in self.groups]
        # What a group's members together give a project in utility: their part of each unit of its price.
        self.shares = [
            self.weights[groups] * np.array(who.utilities, dtype=np.float64) * float(of_one)
            for groups, who, of_one in zip(self.groups, support.supporters, worth, strict=True)
        ]
        self.slack = ROUNDING * (16 + max((len(groups) for groups in self.groups), default=0))

    def purchases(self, least: Fraction, most: Fraction) -> list[int] | None:
        """The projects bought, in order, from *every* endowment between ``least`` and ``most``; None if unsure."""
        return _Stretch(self, least, most).buy_all()

    def price(self, project: int, money: Floats, bound: float, off: float, enough: float) -> float:
        """What those who can pay it pay for a unit of utility, when the others give all they have.

        money: of each supporting group together. off: how much of it to count with, 1 and a little more or less. bound:
        a price that is not above the right one. enough: a price above which it does not matter how much it is.

        Each round finds more who are poor, so the price only rises, to the right one: in whole, or until rounding hides
        the rest. Infinite if they cannot pay together.
        """
        cost, shares = self.costs[project], self.shares[project]
        if float(money.sum()) * off < cost:
            return np.inf
        reach = money / shares
        price, rich = bound, -1
        while True:
            is_rich = reach >= price
            count = int(np.count_nonzero(is_rich))
            if count in (rich, 0) or price > enough:
                return price
            rich = count
            if count == len(reach):
                price = max(price, cost / float(shares.sum()))
            else:
                price = max(price, (cost - float(money.dot(~is_rich)) * off) / float(shares.dot(is_rich)))


class Offer(NamedTuple):
    """What a unit of utility costs, from and to."""

    project: int
    least: float
    most: float


class _Unsure(Exception):
    """Two intervals overlap that must be told apart."""


class _Stretch:
    """One run for all endowments from ``least`` to ``most``. low, high: what each group has together, from and to."""

    def __init__(self, search: Search, least: Fraction, most: Fraction) -> None:
        self.search = search
        self.low = search.weights * (float(least) * (1 - 2 * ROUNDING))
        self.most = float(most) * (1 + 2 * ROUNDING)
        self.high = search.weights * self.most
        self.off = search.slack
        self.dust = self.high * ROUNDING  # what one subtraction may be off
        self.bought: list[int] = []

    def buy_all(self) -> list[int] | None:
        search = self.search
        bounds = []
        for project in search.projects:
            if search.people[project] * self.most * (1 + self.off) < search.costs[project]:
                continue  # not even with all the money that its people start with
            utility = float(search.support.scores[project]) * search.worth[project]
            bounds.append((search.costs[project] / utility * (1 - self.off), project))
        heapify(bounds)
        try:
            while offer := self._cheapest(bounds):
                self._pay(offer)
        except _Unsure:
            return None
        return search.support.free + self.bought

    def _cheapest(self, bounds: list[tuple[float, int]]) -> Offer | None:
        """The project with the lowest price for certain, taken out of ``bounds``."""
        best: Offer | None = None
        others: list[tuple[float, int]] = []
        while bounds and (best is None or bounds[0][0] <= best.most):
            bound, project = heappop(bounds)
            enough = best.most if best else bounds[0][0] if bounds else np.inf
            least = self._least(project, bound, enough)
            if least == np.inf:
                continue
            if least > enough:
                heappush(bounds, (least, project))
                continue
            offer = Offer(project, least, self._most(project, least))
            if best is None or self._is_cheaper(offer, best):
                best, offer = offer, best
            if offer:
                others.append((offer.least, offer.project))
        for entry in others:
            heappush(bounds, entry)
        return best

    def _least(self, project: int, bound: float, enough: float) -> float:
        money = self.high[self.search.groups[project]]
        return self.search.price(project, money, bound, 1 + self.off, enough) * (1 - self.off)

    def _most(self, project: int, bound: float) -> float:
        money = self.low[self.search.groups[project]]
        most = self.search.price(project, money, bound, 1 - self.off, np.inf) * (1 + self.off)
        if most == np.inf:
            raise _Unsure  # affordable from some of the endowments, or nearly
        return most

    def _is_cheaper(self, one: Offer, other: Offer) -> bool:
        if one.most < other.least or other.most < one.least:
            return one.most < other.least
        # Not to be told apart in floats: exactly, where all supporters of both pay a full part.
        first, second = self._full_price(one), self._full_price(other)
        if first is None or second is None:
            raise _Unsure
        tie_key = self.search.support.tie_key
        return (first, tie_key(one.project)) < (second, tie_key(other.project))

    def _full_price(self, offer: Offer) -> Fraction | None:
        """The price if nobody is too poor to pay a full part, for every endowment of the stretch; else None."""
        search, project = self.search, offer.project
        if not np.all(self.low[search.groups[project]] > offer.most * (1 + self.off) * search.shares[project]):
            return None
        return Fraction(search.support.costs[project]) / search.support.scores[project] / search.worth[project]

    def _pay(self, offer: Offer) -> None:
        groups, shares = self.search.groups[offer.project], self.search.shares[offer.project]
        dust = self.dust[groups]
        self.low[groups] = np.maximum(self.low[groups] - offer.most * shares - dust, 0)
        self.high[groups] = np.maximum(self.high[groups] - offer.least * shares + dust, 0)
        self.bought.append(offer.project)
