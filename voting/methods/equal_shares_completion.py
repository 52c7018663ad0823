"""Add-1 completion: how many units more each voter gets before Equal Shares has spent the budget."""

from collections.abc import Sequence
from fractions import Fraction

from voting.methods.base import Tell
from voting.methods.equal_shares_exact import Run
from voting.methods.equal_shares_search import Search
from voting.methods.support import Support


def last_step(
    support: Support,
    worth: Sequence[int],
    budget: int,
    start: Fraction,
    unit: int,
    *,
    stop_when_exhaustive: bool,
    tell: Tell | None = None,
) -> int:
    """The number of units to add to ``start``: the last step whose outcome is within the budget, all steps before it
    being so too; or the first one that leaves no supported project affordable, if ``stop_when_exhaustive``.

    Steps are taken many at a time where all of them certainly buy the same; one at a time, exactly, where that is not
    certain.
    """
    search = Search(support, worth)
    supported = [number for number, score in enumerate(support.scores) if score]
    stretch = _Stretch()
    step = 0
    while True:
        least = start + step * unit
        bought = search.purchases(least, start + (step + stretch.length - 1) * unit)
        if bought is None and stretch.length > 1:
            stretch.failed()
            continue
        if bought is None:
            bought = [purchase.project for purchase in Run(support, worth, least).buy_all()]
        spent = sum(support.costs[project] for project in bought)
        if spent > budget:
            return step - 1
        if len(bought) == len(supported):
            return step
        if stop_when_exhaustive:
            won = set(bought)
            if all(number in won or support.costs[number] > budget - spent for number in supported):
                return step
        step += stretch.length
        stretch.succeeded()
        if tell:
            tell(f"step {step}: {len(bought)} projects, {spent * 100 // budget} % of the budget")


class _Stretch:
    """How many steps to try at once: twice as many after a success; after a failure half, and then for a while no more,
    each time for longer."""

    def __init__(self) -> None:
        self.length = 1
        self._patience = 1
        self._wait = 0

    def succeeded(self) -> None:
        if self._wait:
            self._wait -= 1
        else:
            self.length *= 2

    def failed(self) -> None:
        self.length //= 2
        self._patience = min(2 * self._patience, 16)
        self._wait = self._patience
