"""Whether the projects that a file marks as selected are those that its rule gives, as readers of Pabulib reckon it.

They sort by votes (or score) alone, equals in the order of the file, and add up costs as floating-point numbers. So
does this, and nothing here decides anything. What does not hold must be called ``unknown``.
"""

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

from voting.formats.pabulib_election import WITHDRAWN

UNKNOWN = "unknown"
GREEDY, NO_SKIP, THRESHOLD = "greedy", "greedy-no-skip", "greedy-threshold"


class Standing(NamedTuple):
    """A project with what it got; the rows of a file, in its order. cost: in units of the currency."""

    cost: float
    result: int
    is_selected: bool


def holds(rule: str, projects: Sequence[Standing], budget: float, threshold: int = 0) -> bool:
    """Whether ``rule`` gives just what is selected, and leaves no money that it would have spent.

    >>> park, pool, bench = Standing(60, 9, True), Standing(50, 7, False), Standing(40, 2, True)
    >>> holds(GREEDY, [park, pool, bench], 100), holds(NO_SKIP, [park, pool, bench], 100)
    (True, False)
    """
    walk = sorted(projects, key=lambda project: project.result, reverse=True)
    left, given = budget, []
    for project in walk:
        if project.result < threshold:
            continue
        if project.cost <= left:
            given.append(project)
            left -= project.cost
        elif rule == NO_SKIP and project.cost != WITHDRAWN:  # past those they go, even by this rule
            break
    if [project for project in walk if project.is_selected] != given:
        return False
    return rule == NO_SKIP or not _could_be_spent(walk, floor(budget), threshold)


def _could_be_spent(walk: Sequence[Standing], budget: int, threshold: int) -> bool:
    """In whole units: they look at what is left once more, with all amounts cut off."""
    left = budget - sum(floor(project.cost) for project in walk if project.is_selected)
    waiting = (project for project in walk if not project.is_selected and (not threshold or project.result > threshold))
    return any(floor(project.cost) <= left for project in waiting)
