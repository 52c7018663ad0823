"""What methods share that read rankings: a ballot gives options a place, 1 for the favourite."""

from collections.abc import Container, Iterable, Mapping, Sequence

from voting.methods.base import Amount, Choices, Groups, InvalidBallot, Limits, Option
from voting.methods.grouped import GroupedMethod

Ranking = tuple[tuple[str, ...], ...]
"""The favourites first; options that share a place stand together. What is not named is below all that is."""


class RankingMethod(GroupedMethod):
    """While voting runs, the first preferences are shown and no more: rounds that are not over mislead."""

    may_be_equal = False

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_ranking(choices, options, limits.max_choices, may_be_equal=self.may_be_equal)

    def shown(self, choices: Choices) -> Choices:
        first = min(choices.values(), default=0)
        favourites = [option for option, place in choices.items() if place == first]
        return dict.fromkeys(favourites, 1) if len(favourites) == 1 else {}


def require_ranking(choices: Choices, options: Sequence[Option], allowed: int | None, *, may_be_equal: bool) -> None:
    """Places are whole numbers from 1, none left out, none given twice (unless ``may_be_equal``).

    >>> require_ranking({"a": 1, "b": 3, "c": 3}, [Option("a"), Option("b"), Option("c")], None, may_be_equal=False)
    Traceback (most recent call last):
    voting.methods.base.InvalidBallot: ('equal_ranks', {'option': 'b', 'other': 'c', 'rank': 3})
    """
    known = {option.id for option in options}
    taken: dict[int, str] = {}
    for option, place in choices.items():
        if option not in known:
            raise InvalidBallot("unknown_option", option=option)
        if type(place) is not int or not 1 <= place <= len(options):
            raise InvalidBallot("wrong_value", option=option, value=place)
        if place in taken and not may_be_equal:
            raise InvalidBallot("equal_ranks", option=taken[place], other=option, rank=place)
        taken.setdefault(place, option)
    if allowed is not None and len(choices) > allowed:
        raise InvalidBallot("too_many_choices", chosen=len(choices), allowed=allowed)
    for place in range(1, max(taken, default=0) + 1):
        if place not in taken:
            raise InvalidBallot("skipped_rank", rank=place)


def ranking_of(choices: Mapping[str, Amount]) -> Ranking:
    """The places closed up.

    >>> ranking_of({"a": 2, "b": 1, "c": 2, "d": 7})
    (('b',), ('a', 'c'), ('d',))
    """
    if len(set(choices.values())) == len(choices):
        return tuple([(option,) for option in sorted(choices, key=choices.__getitem__)])
    ranks: dict[Amount, list[str]] = {}
    for option, place in choices.items():
        ranks.setdefault(place, []).append(option)
    return tuple(tuple(sorted(ranks[place])) for place in sorted(ranks))


def choices_of(ranking: Iterable[Iterable[str]]) -> dict[str, int]:
    """The other way round.

    >>> choices_of((("b",), ("a", "c")))
    {'b': 1, 'a': 2, 'c': 2}
    """
    return {option: place for place, rank in enumerate(ranking, start=1) for option in rank}


def rankings_of(groups: Groups, withdrawn: Container[str] = ()) -> list[tuple[Ranking, Amount]]:
    """Ballots as rankings, without those who have withdrawn; ballots that are now equal are put together.

    >>> rankings_of([({"a": 1, "b": 2}, 2), ({"b": 1}, 3)], withdrawn={"a"})
    [((('b',),), 5)]
    """
    together: dict[Ranking, Amount] = {}
    for choices, weight in groups:
        ranking = ranking_of(choices)
        if withdrawn:
            ranking = tuple(
                kept for rank in ranking if (kept := tuple(option for option in rank if option not in withdrawn))
            )
        together[ranking] = together.get(ranking, 0) + weight
    return list(together.items())


def next_preference(ranking: Ranking, start: int, live: Container[str]) -> tuple[str | None, int]:
    """The first live option from place ``start`` on, and where it stands. None where the ballot has none left, or where
    two live options share the place: then nobody can say whose the vote is, and it is exhausted.

    >>> next_preference((("a",), ("b",), ("c", "d")), 0, {"b", "c", "d"})
    ('b', 1)
    >>> next_preference((("a",), ("b",), ("c", "d")), 0, {"c", "d"})
    (None, 2)
    """
    for place in range(start, len(ranking)):
        rank = ranking[place]
        if len(rank) == 1:
            if rank[0] in live:
                return rank[0], place
            continue
        found = [option for option in rank if option in live]
        if found:
            return (found[0] if len(found) == 1 else None), place
    return None, len(ranking)
