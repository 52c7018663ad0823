"""Instant runoff: the last candidate leaves and their ballots go to the next preference, until one has a majority."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from voting.methods.base import Amount, Groups, Limits, Option, Outcome, Tell
from voting.methods.earlier import LOT, Choice, fewest
from voting.methods.rankings import Ranking, RankingMethod, next_preference, rankings_of

Pile = list[tuple[Ranking, int, Amount]]  # ballots, the place that counts now, how many of them


@dataclass(frozen=True)
class InstantRunoff(RankingMethod):
    """Rankings; one winner. A candidate wins with more than half of the ballots that still count for somebody.

    batch: all those leave at once who together have fewer votes than the next one: they could not have caught up. The
        table is shorter, and the winner the same, but where a tie is broken by an earlier round that then lacks. Equal
        ranks: a ballot whose next preference is shared counts for nobody (as exhausted) until all but one of those who
        share it are out.

    Ties for the last place: fewer votes in the most recent round that differs, then the lot; without a lot the count
    ends there, without a winner. Explanation: ``voters``, ``blank`` and ``rounds``, each with ``votes`` (candidate ->
    ballots), ``exhausted``, ``needed`` for a majority, ``eliminated``, ``transfers`` (from -> to -> ballots; to "":
    exhausted now), ``tied`` and ``broken_by``.
    """

    code: ClassVar[str] = "irv"

    batch: bool = False

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        count = _Count([option.id for option in options], rankings_of(groups), lots)
        winner = count.to_the_end(batch=self.batch)
        explanation = {"rounds": count.rounds, "voters": count.voters, "blank": count.blank}
        return Outcome((winner,) if winner else (), tuple(count.ties), explanation)


class _Count:
    def __init__(self, candidates: Sequence[str], rankings: Sequence[tuple[Ranking, Amount]], lots: Sequence[str]):
        self.lots = lots
        self.piles: dict[str, Pile] = {candidate: [] for candidate in candidates}
        self.voters = sum(weight for _, weight in rankings)
        self.blank = sum(weight for ranking, weight in rankings if not ranking)
        self.exhausted: Amount = 0
        self.shared: Pile = []  # ballots whose next preference is several; among the exhausted, but may come back
        self.rounds: list[dict[str, Any]] = []
        self.ties: list[tuple[str, ...]] = []
        for ranking, weight in rankings:
            if ranking:
                self._hand_on(ranking, 0, weight)

    def to_the_end(self, *, batch: bool) -> str | None:
        while self.piles:
            votes = self._votes()
            total = sum(votes.values())
            self.rounds.append(
                {
                    "round": len(self.rounds) + 1,
                    "votes": votes,
                    "exhausted": self.exhausted,
                    "needed": total // 2 + 1,
                    "eliminated": [],
                    "transfers": {},
                    "tied": [],
                    "broken_by": "",
                }
            )
            leader = max(votes, key=lambda candidate: votes[candidate])
            if 2 * votes[leader] > total or (total and len(votes) == 1):
                return leader
            leaving = self._leaving(votes, batch=batch)
            if not total or not leaving:
                return None
            self._eliminate(leaving)
        return None

    def _votes(self) -> dict[str, Amount]:
        return {candidate: sum(weight for _, _, weight in pile) for candidate, pile in self.piles.items()}

    def _leaving(self, votes: dict[str, Amount], *, batch: bool) -> list[str]:
        """Who leaves now; nobody where a tie would need a lot and there is none."""
        hopeless = _hopeless(votes) if batch else []
        if len(hopeless) > 1:
            return hopeless
        chosen = self._last(votes)
        if chosen.broken_by == LOT:
            self.ties.append(chosen.tied)
            if not self.lots:
                return []
        return [chosen.option]

    def _last(self, votes: dict[str, Amount]) -> Choice:
        earlier = [row["votes"] for row in self.rounds[:-1]]
        chosen = fewest(votes, earlier, self.lots or list(votes))
        self.rounds[-1] |= {"tied": list(chosen.tied), "broken_by": chosen.broken_by}
        return chosen

    def _eliminate(self, leaving: Sequence[str]) -> None:
        row = self.rounds[-1]
        row["eliminated"] = list(leaving)
        piles = [(candidate, self.piles.pop(candidate)) for candidate in leaving]
        for candidate, pile in piles:
            transfers: dict[str, Amount] = {}
            for ranking, place, weight in pile:
                heir = self._hand_on(ranking, place, weight)
                transfers[heir] = transfers.get(heir, 0) + weight
            row["transfers"][candidate] = transfers
        shared, self.shared = self.shared, []
        for ranking, place, weight in shared:
            self.exhausted -= weight
            self._hand_on(ranking, place, weight)

    def _hand_on(self, ranking: Ranking, start: int, weight: Amount) -> str:
        heir, place = next_preference(ranking, start, self.piles)
        if heir is None:
            self.exhausted += weight
            if place < len(ranking):
                self.shared.append((ranking, place, weight))
            return ""
        self.piles[heir].append((ranking, place, weight))
        return heir


def _hopeless(votes: dict[str, Amount]) -> list[str]:
    """The most candidates at the end of the row who have fewer votes together than the next one has."""
    row = sorted(votes, key=lambda candidate: votes[candidate])
    for size in range(len(row) - 2, 0, -1):
        if sum(votes[candidate] for candidate in row[:size]) < votes[row[size]]:
            return row[:size]
    return []
