"""Which weights a roll may have: those that name nobody. Pure.

A ballot's weight stands beside it in the log, so that anybody can count again: whoever knows who has which weight knows
of a ballot that it is of one of those. So each weight is that of at least FEWEST people on the roll, 1 too where not
all weigh the same.
"""

from collections.abc import Mapping
from typing import NamedTuple

FEWEST = 10
MOST = 1_000_000


class Rare(NamedTuple):
    """That only so many people would have this weight."""

    weight: int
    people: int


def rare_ones(people: Mapping[int, int]) -> list[Rare]:
    """The weights, of these (weight -> people who have it), that would name somebody.

    >>> rare_ones({1: 30, 7: 3, 2: 10, 5: 0}), rare_ones({1: 3}), rare_ones({1: 3, 2: 10})
    ([Rare(weight=7, people=3)], [], [Rare(weight=1, people=3)])
    """
    if not any(count for weight, count in people.items() if weight != 1):
        return []
    return [Rare(weight, count) for weight, count in sorted(people.items()) if 0 < count < FEWEST]


def refused(on_roll: Mapping[int, int], added: Mapping[int, int]) -> dict[int, Rare]:
    """Which of the weights that a list adds are refused, and for what. Both: weight -> people who have it.

    First those that are rare themselves. Then, where only a few would be left with a weight of 1: these, or if they are
    on the roll already, those who would make them few.

    >>> refused({1: 30}, {7: 3, 2: 10})
    {7: Rare(weight=7, people=3)}
    >>> refused({}, {1: 4, 2: 10}), refused({1: 4}, {1: 5, 2: 10}), refused({1: 4}, {1: 5, 2: 9})
    ({1: Rare(weight=1, people=4)}, {2: Rare(weight=1, people=9)}, {2: Rare(weight=2, people=9)})
    """

    def together(without: Mapping[int, Rare]) -> dict[int, int]:
        new = {weight: count for weight, count in added.items() if weight not in without}
        return {weight: on_roll.get(weight, 0) + new.get(weight, 0) for weight in {*on_roll, *new}}

    found = {rare.weight: rare for rare in rare_ones(together({})) if rare.weight != 1 and added.get(rare.weight)}
    for rare in rare_ones(together(found)):
        if rare.weight == 1 and on_roll.get(1):
            found |= {weight: rare for weight in added if weight != 1 and weight not in found}
        elif rare.weight == 1:
            found[1] = rare
    return found
