"""Schulze: one winner out of all duels; who beats everybody else always wins.

Source: Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011).
"""

from collections.abc import Sequence
from typing import ClassVar

from voting.methods.base import Amount, Groups, Limits, Option, Outcome, Tell
from voting.methods.rankings import Ranking, RankingMethod, rankings_of

Table = dict[str, dict[str, Amount]]


class Schulze(RankingMethod):
    """Rankings, equal ranks welcome; what is not ranked is below all that is.

    A duel is won by who is ranked higher on more ballots. The strength of a path of won duels is its weakest one, in
    ballots for the winner; a candidate wins whose strongest path to each other one is no weaker than the way back.
    Several of these: a tie, for the lot. Explanation: ``pairwise`` and ``paths`` (row over column -> ballots),
    ``condorcet_winner`` (who wins all duels, or None), ``ranking`` (groups, best first), ``voters``, ``blank``.
    """

    code: ClassVar[str] = "schulze"
    may_be_equal = True

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        candidates = [option.id for option in options]
        rankings = rankings_of(groups)
        duels = pairwise(rankings, candidates)
        paths = strongest_paths(duels, candidates)
        ranking = _ranking(paths, candidates)
        best = ranking[0] if ranking and any(ranking_ for ranking_, _ in rankings) else ()
        winners = best if len(best) == 1 else tuple(option for option in lots if option in best)[:1]
        return Outcome(
            winners,
            (best,) if len(best) > 1 else (),
            {
                "pairwise": duels,
                "paths": paths,
                "condorcet_winner": _condorcet_winner(duels, candidates),
                "ranking": [list(group) for group in ranking],
                "decided_by": ("lot" if winners else "nothing") if len(best) > 1 else "votes" if best else "no_votes",
                "voters": sum(weight for _, weight in rankings),
                "blank": sum(weight for ranking, weight in rankings if not ranking),
            },
        )


def pairwise(rankings: Sequence[tuple[Ranking, Amount]], candidates: Sequence[str]) -> Table:
    """Row over column: on how many ballots the row is ranked above the column."""
    table: Table = {one: {other: 0 for other in candidates if other != one} for one in candidates}
    for ranking, weight in rankings:
        below = set(candidates)
        for rank in ranking:
            below.difference_update(rank)
            for one in rank:
                row = table[one]
                for other in below:
                    row[other] += weight
    return table


def strongest_paths(duels: Table, candidates: Sequence[str]) -> Table:
    """Of all paths of won duels from row to column, the strongest one's weakest duel; 0 where there is none."""
    paths: Table = {
        one: {other: votes if votes > duels[other][one] else 0 for other, votes in row.items()}
        for one, row in duels.items()
    }
    for through in candidates:
        for one in candidates:
            if one == through:
                continue
            first = paths[one][through]
            for other in candidates:
                if other not in (one, through):
                    paths[one][other] = max(paths[one][other], min(first, paths[through][other]))
    return paths


def _ranking(paths: Table, candidates: Sequence[str]) -> list[tuple[str, ...]]:
    """Groups, best first: each those whom no one else left beats. "Beats by its path" has no circles, so there is
    always one."""
    left = list(candidates)
    ranking = []
    while left:
        best = tuple(
            one for one in left if all(paths[one][other] >= paths[other][one] for other in left if other != one)
        )
        ranking.append(best)
        left = [candidate for candidate in left if candidate not in best]
    return ranking


def _condorcet_winner(duels: Table, candidates: Sequence[str]) -> str | None:
    for one in candidates:
        if all(duels[one][other] > duels[other][one] for other in candidates if other != one):
            return one
    return None
