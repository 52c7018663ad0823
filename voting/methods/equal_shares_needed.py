"""How many more votes a project that Equal Shares did not buy would have needed: exact.

A vote more is a person who gives points to this project and to nothing else, as many as a ballot may (an approval: 1),
with the same money as everybody, all other ballots being as they are. Such people pay for nothing else, so until the
project is bought the run is the same. It is bought as soon as its price is the lowest at some round, or when its people
can pay it once nothing else can be bought; more votes only lower its price. So the least number is the smallest of
those that each round asks for.
"""

from collections.abc import Sequence
from fractions import Fraction

from voting.methods.base import Amount
from voting.methods.equal_shares_exact import Offer, Purchase, Run
from voting.methods.support import Support


def votes_needed(
    support: Support, worth: Sequence[int], endowment: Fraction, purchases: Sequence[Purchase], points: int = 1
) -> dict[int, int]:
    """Project -> votes more, for each that was not bought. purchases: all of the run. points: of a vote more."""
    if not endowment:
        return {}
    bought = {purchase.project for purchase in purchases}
    lost = [project for project in range(len(support.ids)) if project not in bought]
    losers = [project for project in lost if support.costs[project]]
    # Here, and not above: numpy is loaded only where this is counted.
    from voting.methods.equal_shares_estimates import estimate

    paid = [purchase for purchase in purchases if support.costs[purchase.project]]
    certain, doubtful = estimate(support, worth, endowment, paid, losers, points)
    needed = {project: 1 for project in lost if not support.costs[project]} | certain  # for nothing: anybody is enough
    if doubtful:
        run = _Watched(support, worth, endowment, needed, doubtful, points)
        run.buy_all()
        for project in doubtful.get(len(paid), ()):
            run.ask_at_the_end(project)
    return needed


class _Watched(Run):
    """A run that asks what projects would have needed to be bought at the rounds where the estimates do not tell.

    needed: what is known, which this makes less. asked: number of the round -> projects.
    """

    def __init__(
        self,
        support: Support,
        worth: Sequence[int],
        endowment: Fraction,
        needed: dict[int, int],
        asked: dict[int, list[int]],
        points: int,
    ) -> None:
        super().__init__(support, worth, endowment)
        self.endowment = endowment
        self.needed = needed
        self.asked = asked
        self.points = points
        self.round = 0

    @property
    def full_purse(self) -> int:
        """What somebody has who has paid for nothing, in units of the purses: whole, as theirs are."""
        return self.endowment.numerator * (self.denominator // self.endowment.denominator)

    def ask_at_the_end(self, project: int) -> None:
        """What it would need when nothing else can be bought, at whatever price."""
        weights, groups = self.support.weights, self.support.supporters[project].groups
        left = sum(weights[group] * self.purse(group) for group in groups)
        lacking = self.support.costs[project] * self.denominator - left
        self._keep(project, max(1, int(-(-lacking // self.full_purse))))

    def _keep(self, project: int, votes: int) -> None:
        self.needed[project] = min(votes, self.needed.get(project, votes))

    def _pay(self, project: int, price: Fraction, tied: tuple[int, ...], offer: Offer) -> None:
        for loser in self.asked.get(self.round, ()):
            self._ask_at(loser, price, project)
        self.round += 1
        super()._pay(project, price, tied, offer)

    def _ask_at(self, loser: int, price: Fraction, chosen: int) -> None:
        """What it would need to be cheaper than the project that is bought in this round, or to win the tie."""
        part = price * self.worth[loser] * self.denominator  # for each point
        each = min(Fraction(self.full_purse), part * self.points)
        lacking = self.support.costs[loser] * self.denominator - self._given(loser, part)
        votes = max(1, int(-(-lacking // each)))
        if votes * each == lacking and not self._wins_at(loser, votes, part, chosen):
            votes += 1
        self._keep(loser, votes)

    def _given(self, loser: int, part: Fraction) -> Amount:
        """What its people pay together, each a full part or all that is left."""
        weights = self.support.weights
        poor: Amount = 0
        rich: Amount = 0
        for group, points in zip(*self.support.supporters[loser], strict=True):
            purse = self.purse(group)
            if purse * part.denominator < part.numerator * points:
                poor += weights[group] * purse
            else:
                rich += weights[group] * points
        return poor + rich * part

    def _wins_at(self, loser: int, votes: int, part: Fraction, chosen: int) -> bool:
        """At the very price of the other one: by the tie rule, or since all give everything and the price is lower."""
        support = self.support
        # What each has for a point: if that is less than the price for all of them, the price is lower.
        for_a_point = [Fraction(self.full_purse) / self.points]
        for group, points in zip(*support.supporters[loser], strict=True):
            for_a_point.append(Fraction(self.purse(group)) / points)
        if max(for_a_point) < part:
            return True
        cost, score, place = support.tie_key(loser)
        return (cost, score - votes * self.points, place) < support.tie_key(chosen)
