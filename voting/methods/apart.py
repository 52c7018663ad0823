"""Groups of voters counted apart, and joined: what each would have decided alone, and what all decide together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from voting.methods.base import Amount, Groups, Limits, Method, Option, Outcome, Tell


class Apart(NamedTuple):
    """joined: of all ballots, each weighing what its group weighs. alone: group -> its outcome, all else being equal:
    the same options, seats or money."""

    joined: Outcome
    alone: dict[str, Outcome]


def count_apart(
    method: Method,
    ballots_of: Mapping[str, Groups],
    options: Sequence[Option],
    limits: Limits,
    lots: Sequence[str] = (),
    weight_of: Mapping[str, Amount] | None = None,
    tell: Tell | None = None,
) -> Apart:
    """ballots_of: group -> its ballots, grouped where they are equal. weight_of: what one ballot of a group weighs in
    the joined count, 1 where it does not say; a group of weight 0 is heard alone and decides nothing.

    >>> from voting.methods import METHODS
    >>> ballots_of = {"north": [({"park": 1}, 6)], "south": [({"pool": 1}, 4)]}
    >>> options = [Option("park"), Option("pool")]
    >>> counted = count_apart(METHODS["approval"], ballots_of, options, Limits(), weight_of={"south": 2})
    >>> counted.joined.winners, {group: outcome.winners for group, outcome in counted.alone.items()}
    (('pool',), {'north': ('park',), 'south': ('pool',)})
    """
    weights = weight_of or {}
    unknown = weights.keys() - ballots_of.keys()
    if unknown:
        raise ValueError(f"no such group: {', '.join(sorted(unknown))}")
    ballots_of = {group: list(ballots) for group, ballots in ballots_of.items()}
    joined = _joined((ballots, weights.get(group, 1)) for group, ballots in ballots_of.items())
    return Apart(
        method.count(joined, options, limits, lots, tell),
        {group: method.count(ballots, options, limits, lots, tell) for group, ballots in ballots_of.items()},
    )


def _joined(groups: Iterable[tuple[Groups, Amount]]) -> Groups:
    """Ballots that are equal are put together, whichever group they come from."""
    together: dict[tuple[tuple[str, Amount], ...], Amount] = {}
    for ballots, weight in groups:
        for choices, number in ballots if weight else ():
            key = tuple(sorted(choices.items()))
            together[key] = together.get(key, 0) + number * weight
    return [(dict(key), number) for key, number in together.items()]
