"""Borda: places become points, the most points win."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from voting.methods.base import Amount, Groups, Limits, Option, Outcome, Tally, Tell
from voting.methods.counting import most_votes
from voting.methods.rankings import Ranking, RankingMethod, rankings_of

CONVENTIONS = ("nothing", "average")


@dataclass(frozen=True)
class Borda(RankingMethod):
    """Rankings of n options, equal ranks welcome: place p gives n - p + 1 points.

    Options that share a rank share the points of the places that they fill. unranked: what an option gets that the
    ballot does not name: ``nothing``, which makes it worth while to rank them all, or the ``average`` of the points
    left over, as if they shared the last rank. DemocracyOS's action *hierarchy* is this. Explanation: as
    ``most_votes``, with points for votes.
    """

    code: ClassVar[str] = "borda"
    may_be_equal = True

    unranked: str = "nothing"

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        candidates = [option.id for option in options]
        points: dict[str, Amount] = dict.fromkeys(candidates, 0)
        rankings = rankings_of(groups)
        for ranking, weight in rankings:
            for option, of_option in self._points(ranking, candidates).items():
                points[option] += of_option * weight
        tally: Tally = {
            "counts": points,
            "voters": sum(weight for _, weight in rankings),
            "blank": sum(weight for ranking, weight in rankings if not ranking),
        }
        return most_votes(tally, options, limits, lots)

    def _points(self, ranking: Ranking, candidates: Sequence[str]) -> dict[str, Amount]:
        points: dict[str, Amount] = {}
        top = len(candidates)
        for rank in ranking:
            # The mean of top, top - 1, …: of as many places as the rank fills.
            mean = Fraction(2 * top - len(rank) + 1, 2)
            points |= dict.fromkeys(rank, mean.numerator if mean.denominator == 1 else mean)
            top -= len(rank)
        if self.unranked == "average" and ranking and top:
            points |= {option: Fraction(top + 1, 2) for option in candidates if option not in points}
        return points
