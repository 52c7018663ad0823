"""Ties between candidates in counts that go by rounds: who was behind, or ahead, at the last round that differs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from voting.methods.base import Amount

EARLIER_ROUND = "earlier_round"
LOT = "lot"


class Choice(NamedTuple):
    """One of several, and what told it from the others: nothing was needed (empty), an earlier round, or the lot."""

    option: str
    tied: tuple[str, ...]
    broken_by: str


def fewest(votes: Mapping[str, Amount], rounds: Sequence[Mapping[str, Amount]], lots: Sequence[str]) -> Choice:
    """Who has the fewest votes now. Equals: the fewest at the most recent earlier round at which they differ; those who
    still are equal, at the one before it; and so on. Who never differed: the one that comes *last* in the draw."""
    return _extreme(votes, rounds, list(lots)[::-1], -1)


def most(votes: Mapping[str, Amount], rounds: Sequence[Mapping[str, Amount]], lots: Sequence[str]) -> Choice:
    """Who has the most votes now, with the same rule for equals, and the lot for the one that comes first."""
    return _extreme(votes, rounds, lots, 1)


def _extreme(
    votes: Mapping[str, Amount], rounds: Sequence[Mapping[str, Amount]], lots: Sequence[str], sign: int
) -> Choice:
    best = max(sign * count for count in votes.values())
    tied = tuple(option for option, count in votes.items() if sign * count == best)
    if len(tied) == 1:
        return Choice(tied[0], (), "")
    left = tied
    for earlier in reversed(rounds):
        best = max(sign * earlier[option] for option in left)
        left = tuple(option for option in left if sign * earlier[option] == best)
        if len(left) == 1:
            return Choice(left[0], tied, EARLIER_ROUND)
    return Choice(min(left, key=list(lots).index), tied, LOT)
