"""One run of Equal Shares, in whole numbers: what the method *is*. Everything faster is checked against it.

Every voter starts with the same money. A project may be bought if its supporters can pay for it together. They pay in
proportion to what it is worth to each of them (its *utility*), and who has less than that pays all that is left. The
*price* of a project is what its supporters then pay for each unit of utility; the project with the lowest price is
bought, until none can be. Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive
Utilities", NeurIPS 2021.

All money is kept as whole numbers over one denominator, which grows with each purchase: exact, and with a hundred
purchases still a small part of the time that fractions for each voter would take. A purse is brought to it only when
somebody asks what is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from voting.methods.base import Amount
from voting.methods.support import Support


class Purchase(NamedTuple):
    """One round. price: for each unit of utility. tied: all that had this price, the project bought among them.

    payers: the groups that paid in full, each member ``price`` times its utility. last_money: group -> what each
    member had left and paid, less than its part, as a part of ``denominator``; without those who had nothing.
    """

    project: int
    price: Fraction
    tied: tuple[int, ...]
    payers: list[int]
    last_money: dict[int, Amount]
    denominator: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a project would cost its supporters now: ``owed / points`` for each point, in units of the purses."""

    owed: Amount
    points: Amount
    payers: list[int]  # positions among its supporters


class Run:
    """The purchases from one endowment, which is what each voter starts with.

    worth: for each project, the utility of one point given to it (its cost, or 1). Projects that nobody supports are
    never bought; those that cost nothing are bought before the first round, for nothing.
    """

    def __init__(self, support: Support, worth: Sequence[int], endowment: Fraction) -> None:
        self.support = support
        self.worth = worth
        self.denominator = endowment.denominator
        self._purses: list[Amount] = [endowment.numerator] * len(support.weights)  # when its owners last paid
        self._since = [0] * len(support.weights)  # after how many purchases that was
        self._growth = [1]  # number of purchases -> what the denominator has been multiplied with since then
        self.purchases: list[Purchase] = []

    def buy_all(self) -> list[Purchase]:
        """Buy until no project is affordable."""
        support = self.support
        waiting: list[Entry] = []
        for project, (cost, score) in enumerate(zip(support.costs, support.scores, strict=True)):
            if score and cost:
                waiting.append((Fraction(cost) / score / self.worth[project], support.tie_key(project), project))
        for project in support.free:
            self.purchases.append(Purchase(project, Fraction(0), (project,), [], {}, 1))
        heapify(waiting)
        # Money only leaves purses, so a price only rises: what was worked out earlier is a lower bound, and a project
        # is looked at again only when its bound is the lowest.
        while found := self._cheapest(waiting):
            self._pay(*found)
        return self.purchases

    def purse(self, group: int) -> Amount:
        """What each of its members has, as a part of ``denominator``."""
        return self._purses[group] * self._growth[self._since[group]]

    def _cheapest(self, waiting: "list[Entry]") -> tuple[int, Fraction, tuple[int, ...], Offer] | None:
        """The project to buy next, taken out of ``waiting``, and all that share its price."""
        equals: list[Entry] = []
        offers: dict[int, Offer] = {}
        while waiting and (not equals or waiting[0][0] <= equals[0][0]):
            bound, key, project = heappop(waiting)
            offer = self._offer(project, bound)
            if offer is None:
                continue
            price = Fraction(offer.owed, self.denominator * self.worth[project]) / offer.points
            if equals and price > equals[0][0]:
                heappush(waiting, (price, key, project))
                continue
            if equals and price < equals[0][0]:
                for entry in equals:
                    heappush(waiting, entry)
                equals = []
            equals.append((price, key, project))
            offers[project] = offer
        if not equals:
            return None
        first, *others = sorted(equals)
        for entry in others:
            heappush(waiting, entry)
        return first[2], first[0], tuple(entry[2] for entry in (first, *others)), offers[first[2]]

    def _offer(self, project: int, bound: Fraction) -> Offer | None:
        """What each of its supporters would have to pay; None if they cannot together."""
        weights = self.support.weights
        groups, points = self.support.supporters[project]
        purses, since, growth = self._purses, self._since, self._growth
        money = [purses[group] * growth[since[group]] for group in groups]
        owed: Amount = self.support.costs[project] * self.denominator
        if sum(weights[group] * has for group, has in zip(groups, money, strict=True)) < owed:
            return None
        rich: Sequence[int] = range(len(groups))
        shares: Amount = self.support.scores[project]
        # Who cannot pay a full part gives everything, and the parts of the others grow: until all others can pay them.
        # The bound names many of the poor at once. It was right when there was more money, so they are poor now too.
        part = bound * self.denominator * self.worth[project]
        while True:
            top, bottom = part.numerator, part.denominator
            poor = {at for at in rich if money[at] * bottom < top * points[at]}
            if poor:
                rich = [at for at in rich if at not in poor]
                owed -= sum(weights[groups[at]] * money[at] for at in poor)
                shares -= sum(weights[groups[at]] * points[at] for at in poor)
            settled = not poor and part * shares == owed
            part = Fraction(owed) / shares
            if settled:
                return Offer(owed, shares, list(rich))

    def _pay(self, project: int, price: Fraction, tied: tuple[int, ...], offer: Offer) -> None:
        """Take the money out of the purses."""
        groups, points = self.support.supporters[project]
        part = Fraction(offer.owed) / offer.points
        top, bottom = part.numerator, part.denominator
        self.denominator *= bottom
        self._growth = [grown * bottom for grown in self._growth]
        payers = [groups[at] for at in offer.payers]
        in_full = set(payers)
        last_money = {group: has for group in groups if group not in in_full and (has := self.purse(group))}
        for group, at in zip(payers, offer.payers, strict=True):
            self._purses[group] = self.purse(group) - top * points[at]
            self._since[group] = len(self._growth)
        for group in last_money:
            self._purses[group] = 0
        self._growth.append(1)
        self.purchases.append(Purchase(project, price, tied, payers, last_money, self.denominator))


Entry = tuple[Fraction, tuple[Amount, Amount, int], int]  # price or a bound of it, how ties are broken, project
