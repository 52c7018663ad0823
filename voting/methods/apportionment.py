"""Seats among lists: D'Hondt, Sainte-Laguë, and Hare with the largest remainders."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from voting.methods.base import Amount, Choices, Limits, Option, Outcome, Tally
from voting.methods.counting import CountingMethod, require_chosen_at_most
from voting.methods.support import places


class Apportionment(CountingMethod):
    """One list a ballot; ``limits.seats`` seats go to lists with ``limits.threshold`` votes at least.

    winners: a list once for each of its seats, in the order in which they were won. Equals: the list with more votes,
    then the lot. Explanation: ``seats`` (list -> seats), ``awarded`` (each seat: ``option``, its ``quotient`` or
    ``remainder``, ``tied``, ``broken_by``), ``votes``, ``below_threshold``, ``voters``, ``blank``.
    """

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, allowed=1)

    @abstractmethod
    def awards(self, votes: Mapping[str, Amount], seats: int, place: Mapping[str, int]) -> list[dict[str, Any]]:
        """Whose seat it is, one after another. votes: of lists that take part, none of them 0."""

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        ids = [option.id for option in options]
        counts = {option: tally["counts"][option] for option in ids}
        place = dict(zip(ids, places(ids, lots or ids), strict=True))
        taking_part = {option: votes for option, votes in counts.items() if votes and votes >= limits.threshold}
        awarded = self.awards(taking_part, limits.seats, place) if taking_part else []
        winners = tuple(award["option"] for award in awarded)
        last = awarded[-1:]  # only the last seat can be lost for good
        return Outcome(
            winners,
            tuple(tuple(award["tied"]) for award in last if award["broken_by"] == "lot"),
            {
                "seats": {option: winners.count(option) for option in ids},
                "awarded": awarded,
                "votes": counts,
                "below_threshold": [option for option in ids if option not in taking_part],
                "voters": tally["voters"],
                "blank": tally["blank"],
            },
        )


class Dhondt(Apportionment):
    """Highest averages with divisors 1, 2, 3, … (es: sistema D'Hondt). Source: Ley 19.945, art. 161.

    >>> Dhondt().awards({"a": 60, "b": 30, "c": 10}, 3, {"a": 0, "b": 1, "c": 2})[1]
    {'option': 'a', 'quotient': Fraction(30, 1), 'tied': ['a', 'b'], 'broken_by': 'votes'}
    """

    code: ClassVar[str] = "dhondt"
    step: ClassVar[int] = 1

    def awards(self, votes: Mapping[str, Amount], seats: int, place: Mapping[str, int]) -> list[dict[str, Any]]:
        divisor = dict.fromkeys(votes, 1)
        awarded: list[dict[str, Any]] = []
        for _ in range(seats):
            quotients = {option: Fraction(votes[option]) / divisor[option] for option in votes}
            award = _highest(quotients, votes, place, "quotient")
            divisor[award["option"]] += self.step
            awarded.append(award)
        return awarded


class SainteLague(Dhondt):
    """Highest averages with divisors 1, 3, 5, …: kinder to small lists than D'Hondt."""

    code: ClassVar[str] = "sainte_lague"
    step: ClassVar[int] = 2


class Hare(Apportionment):
    """A seat for each full quota, votes ÷ seats; the seats left go to the largest remainders.

    >>> [award["option"] for award in Hare().awards({"a": 60, "b": 30, "c": 10}, 3, {"a": 0, "b": 1, "c": 2})]
    ['a', 'b', 'a']
    """

    code: ClassVar[str] = "hare"

    def awards(self, votes: Mapping[str, Amount], seats: int, place: Mapping[str, int]) -> list[dict[str, Any]]:
        quota = Fraction(sum(votes.values())) / seats
        full = {option: int(of_list // quota) for option, of_list in votes.items()}
        order = sorted(votes, key=lambda option: (-votes[option], place[option]))
        awarded: list[dict[str, Any]] = [
            {"option": option, "remainder": None, "tied": [], "broken_by": ""}
            for option in order
            for _ in range(full[option])
        ]
        remainders = {option: votes[option] - full[option] * quota for option in votes}
        while len(awarded) < seats:
            award = _highest(remainders, votes, place, "remainder")
            del remainders[award["option"]]
            awarded.append(award)
        return awarded


def _highest(
    value: Mapping[str, Fraction], votes: Mapping[str, Amount], place: Mapping[str, int], name: str
) -> dict[str, Any]:
    best = max(value.values())
    tied = sorted(
        (option for option in value if value[option] == best), key=lambda option: (-votes[option], place[option])
    )
    broken_by = "" if len(tied) == 1 else "votes" if votes[tied[0]] > votes[tied[1]] else "lot"
    return {"option": tied[0], name: best, "tied": tied if len(tied) > 1 else [], "broken_by": broken_by}
