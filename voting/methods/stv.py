"""Single transferable vote as Scotland counts it: several seats, in proportion to the preferences.

Source: The Scottish Local Government Elections Order 2011 (SSI 2011/399, amended by SSI 2021/437), schedule 1, rules 46
to 53 (weighted inclusive Gregory).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from voting.methods.base import Amount, Groups, Limits, Option, Outcome, Tell
from voting.methods.earlier import LOT, Choice, fewest, most
from voting.methods.rankings import Ranking, RankingMethod, next_preference, rankings_of

ONE = 100_000
"""One vote. Votes are counted in hundred-thousandths: a transfer value has five decimals, the rest is cut off."""

Parcel = list[tuple[Ranking, int, Amount]]  # ballots, the place that counts now, how many of them


@dataclass(frozen=True)
class ScottishSTV(RankingMethod):
    """Rankings; ``limits.seats`` winners.

    Quota: valid ballots ÷ (seats + 1), the fraction cut off, plus 1. Who reaches it is elected; the surplus goes on, at
    surplus × value ÷ votes for each ballot, cut to five decimals; the largest surplus first. Without a surplus the last
    candidate is excluded, and the ballots go on at the value they have. As many candidates as seats left: all elected
    at the end of that stage, nothing more is transferred. Without a valid ballot nobody is. Ties: the most recent
    earlier stage that differs, then the lot. Equal ranks: a ballot whose next preference is shared is not transferable.

    Explanation: ``quota``, ``valid``, ``voters``, ``blank`` and ``stages`` (see ``_Count._close_stage``).
    """

    code: ClassVar[str] = "stv"

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        candidates = [option.id for option in options]
        count = _Count(candidates, rankings_of(groups), limits.seats, lots or candidates)
        count.to_the_end()
        explanation = {
            "seats": limits.seats,
            "quota": count.quota // ONE,
            "valid": count.valid,
            "voters": count.voters,
            "blank": count.blank,
            "stages": count.stages,
        }
        return Outcome(tuple(count.elected), tuple(count.ties), explanation)


class _Count:
    """votes, surplus and values: whole numbers of hundred-thousandths."""

    def __init__(
        self, candidates: Sequence[str], rankings: Sequence[tuple[Ranking, Amount]], seats: int, lots: Sequence[str]
    ) -> None:
        self.seats = seats
        self.lots = list(lots)
        self.voters = sum(weight for _, weight in rankings)
        self.blank = sum(weight for ranking, weight in rankings if not ranking)
        self.continuing = dict.fromkeys(candidates)  # in the order of the ballot paper
        self.elected: list[str] = []
        self.parcels: dict[str, dict[int, Parcel]] = {candidate: {} for candidate in candidates}
        self.votes: dict[str, Amount] = dict.fromkeys(candidates, 0)
        self.history: list[dict[str, Amount]] = []
        self.stages: list[dict[str, Any]] = []
        self.ties: list[tuple[str, ...]] = []
        self.stuck: Amount = 0  # votes on ballots without a next preference
        self._hand_on([(ranking, 0, weight) for ranking, weight in rankings if ranking], ONE)
        self.stuck = 0  # whose first preference is nobody's is not valid
        self.valid = whole(Fraction(sum(self.votes.values())) / ONE)
        self.quota = (int(self.valid // (seats + 1)) + 1) * ONE
        self.surpluses: list[str] = []

    def to_the_end(self) -> None:
        """Stage after stage, until the seats are filled."""
        self._close_stage("first_preferences")
        while self.valid and len(self.elected) < self.seats and self.continuing:
            if self.surpluses:
                self._transfer_surplus()
            else:
                self._exclude_last()

    def _transfer_surplus(self) -> None:
        surplus_of = {candidate: self.votes[candidate] - self.quota for candidate in self.surpluses}
        chosen = most(surplus_of, self.history[:-1], self.lots)
        candidate, surplus, total = chosen.option, surplus_of[chosen.option], self.votes[chosen.option]
        self.surpluses.remove(candidate)
        transfers: dict[str, Amount] = {}
        values = []
        for value, parcel in sorted(self.parcels[candidate].items(), reverse=True):
            new_value = int(surplus * value // total)
            values.append({"before": _decimal(value), "after": _decimal(new_value)})
            for heir, credited in self._hand_on(parcel, new_value).items():
                transfers[heir] = transfers.get(heir, 0) + credited
        self.parcels[candidate] = {}
        self.votes[candidate] = self.quota
        self._close_stage("surplus", candidate, chosen, transfers, {"surplus": _decimal(surplus), "values": values})

    def _exclude_last(self) -> None:
        chosen = fewest(
            {candidate: self.votes[candidate] for candidate in self.continuing}, self.history[:-1], self.lots
        )
        candidate = chosen.option
        del self.continuing[candidate]
        transfers: dict[str, Amount] = {}
        for value, parcel in sorted(self.parcels[candidate].items(), reverse=True):
            for heir, credited in self._hand_on(parcel, value).items():
                transfers[heir] = transfers.get(heir, 0) + credited
        self.parcels[candidate] = {}
        self.votes[candidate] = 0
        self._close_stage("exclusion", candidate, chosen, transfers)

    def _hand_on(self, parcel: Parcel, value: int) -> dict[str, Amount]:
        """Give each ballot to its next preference that continues; returns the votes that each candidate gets by it."""
        papers: dict[str, Amount] = {}
        for ranking, start, weight in parcel:
            heir, place = next_preference(ranking, start, self.continuing)
            if heir is None:
                self.stuck += weight * value
            else:
                self.parcels[heir].setdefault(value, []).append((ranking, place, weight))
                papers[heir] = papers.get(heir, 0) + weight
        credited = {heir: number * value for heir, number in papers.items()}
        for heir, votes in credited.items():
            self.votes[heir] += votes
        return credited

    def _close_stage(
        self,
        kind: str,
        candidate: str = "",
        chosen: Choice | None = None,
        transfers: Mapping[str, Amount] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Elect whom the stage elects, and write it down.

        A stage: ``stage``, ``kind`` (first_preferences, surplus, exclusion), ``candidate`` (whose ballots went on),
        ``transfers`` (candidate -> votes), ``votes`` (all candidates, with five decimals), ``not_transferable`` and
        ``cut_off`` (by the five decimals; both so far), ``elected``, ``tied`` and ``broken_by``, for a surplus also
        ``surplus`` and ``values`` (of a ballot, ``before`` and ``after``).
        """
        self.history.append(dict(self.votes))
        elected = self._elect()
        self.stages.append(
            {
                "stage": len(self.stages) + 1,
                "kind": kind,
                "candidate": candidate,
                "transfers": {heir: _decimal(votes) for heir, votes in (transfers or {}).items()},
                "votes": {name: _decimal(votes) for name, votes in self.votes.items()},
                "not_transferable": _decimal(self.stuck),
                "cut_off": _decimal(self.valid * ONE - sum(self.votes.values()) - self.stuck),
                "elected": elected,
                "tied": list(chosen.tied) if chosen else [],
                "broken_by": chosen.broken_by if chosen else "",
                **(more or {}),
            }
        )
        if chosen and chosen.broken_by == LOT:
            self.ties.append(chosen.tied)

    def _elect(self) -> list[str]:
        if not self.valid:
            return []
        by_votes = sorted(self.continuing, key=lambda candidate: -self.votes[candidate])
        elected = [candidate for candidate in by_votes if self.votes[candidate] >= self.quota]
        open_seats = self.seats - len(self.elected) - len(elected)
        if len(self.continuing) - len(elected) <= open_seats:  # the last seats: all who are left, quota or not
            elected = by_votes
        for candidate in elected:
            del self.continuing[candidate]
            if self.votes[candidate] > self.quota:
                self.surpluses.append(candidate)
        # Equals at one stage are named in the order of the lot, as nothing else tells them apart.
        self.elected += sorted(elected, key=lambda candidate: (-self.votes[candidate], self.lots.index(candidate)))
        return elected


def whole(number: Fraction) -> Amount:
    """As an int where it is one."""
    return number.numerator if number.denominator == 1 else number


def _decimal(votes: Amount) -> Decimal:
    """Hundred-thousandths as a number with five decimals (more, where ballots weigh a part of a vote)."""
    exact = Fraction(votes) / ONE
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).normalize() + 0
