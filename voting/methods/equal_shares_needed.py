"""How many more votes a project that Equal Shares did not buy would have needed: exact, in one more run.

A vote more is a person who chose this project and nothing else, with the same money as everybody, all other ballots
being as they are. Such people pay for nothing else, so until the project is bought the run is the same. It is bought as
soon as its price is the lowest at some round, or when its people can pay it once nothing else can be bought; more votes
only lower its price. So the least number is the smallest of those that each round asks for.
"""

from collections.abc import Sequence
from fractions import Fraction

from voting.methods.base import Amount
from voting.methods.equal_shares_exact import Offer, Run
from voting.methods.support import Support


def votes_needed(support: Support, worth: Sequence[int], endowment: Fraction, bought: set[int]) -> dict[int, int]:
    """Project -> votes more, for each that was not bought. Approval ballots only."""
    losers = [project for project in range(len(support.ids)) if project not in bought]
    if not endowment:
        return {}
    run = _Watched(support, worth, endowment, losers)
    run.buy_all()
    for project in losers:
        run.ask_at_the_end(project)
    return run.needed


class _Watched(Run):
    """A run that asks at each round what each of ``losers`` would have needed to be bought then."""

    def __init__(self, support: Support, worth: Sequence[int], endowment: Fraction, losers: Sequence[int]) -> None:
        super().__init__(support, worth, endowment)
        self.endowment = endowment
        self.losers = [project for project in losers if support.costs[project]]
        self.needed = {project: 1 for project in losers if not support.costs[project]}  # for nothing: anybody is enough

    @property
    def purse(self) -> int:
        """What somebody has who has paid for nothing, in units of the purses: whole, as theirs are."""
        return self.endowment.numerator * (self.denominator // self.endowment.denominator)

    def ask_at_the_end(self, project: int) -> None:
        """What it would need when nothing else can be bought, at whatever price."""
        weights, groups = self.support.weights, self.support.supporters[project].groups
        left = sum(weights[group] * self.purses[group] for group in groups)
        lacking = self.support.costs[project] * self.denominator - left
        self._keep(project, max(1, int(-(-lacking // self.purse))))

    def _keep(self, project: int, votes: int) -> None:
        self.needed[project] = min(votes, self.needed.get(project, votes))

    def _pay(self, project: int, price: Fraction, tied: tuple[int, ...], offer: Offer) -> None:
        for loser in self.losers:
            self._ask_at(loser, price, project)
        super()._pay(project, price, tied, offer)

    def _ask_at(self, loser: int, price: Fraction, chosen: int) -> None:
        """What it would need to be cheaper than the project that is bought in this round, or to win the tie."""
        part = price * self.worth[loser] * self.denominator
        each = min(Fraction(self.purse), part)
        owed = self.support.costs[loser] * self.denominator
        # Were all its people rich enough to pay a full part, it would still need so many: no need to look at them.
        if loser in self.needed and -(-(owed - self.support.scores[loser] * part) // each) >= self.needed[loser]:
            return
        lacking = owed - self._given(loser, part)
        votes = max(1, int(-(-lacking // each)))
        if votes * each == lacking and not self._wins_at(loser, votes, part, chosen):
            votes += 1
        self._keep(loser, votes)

    def _given(self, loser: int, part: Fraction) -> Fraction:
        """What its people pay together, each a full part or all that is left. In whole numbers as far as possible: with
        a hundred thousand different ballots this is what takes the time."""
        purses, weights = self.purses, self.support.weights
        limit = part.numerator // part.denominator
        poor: Amount = 0
        rich: Amount = 0
        for group in self.support.supporters[loser].groups:
            purse = purses[group]
            if purse > limit:
                rich += weights[group]
            else:
                poor += weights[group] * purse
        return poor + rich * part

    def _wins_at(self, loser: int, votes: int, part: Fraction, chosen: int) -> bool:
        """At the very price of the other one: by the tie rule, or since all give everything and the price is lower."""
        support = self.support
        richest = max(
            [Fraction(self.purse), *(Fraction(self.purses[group]) for group in support.supporters[loser].groups)]
        )
        if richest < part:
            return True
        cost, score, place = support.tie_key(loser)
        return (cost, score - votes, place) < support.tie_key(chosen)
