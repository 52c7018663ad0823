"""Amounts of money in outcomes, and what methods that share out a budget have in common."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from voting.methods.base import Amount, Groups


class Money(int):
    """Money in an explanation, in the unit of the options' costs (cents). A whole number, in JSON too; being a type of
    its own, whoever shows an explanation can tell money from votes."""

    @classmethod
    def nearest(cls, amount: Amount) -> "Money":
        """The nearest whole unit, half upwards: what a share of a cost comes to.

        >>> Money.nearest(Fraction(5, 2)), Money.nearest(Fraction(7, 3))
        (3, 2)
        """
        return cls((2 * amount.numerator + amount.denominator) // (2 * amount.denominator))


def satisfied(groups: Groups, won: Iterable[str]) -> list[tuple[int, Amount]]:
    """For each group of equal ballots: how many of its choices won, and its weight."""
    funded = set(won)
    return [(sum(1 for option in choices if option in funded), weight) for choices, weight in groups]


def shares(groups: Groups, won: Sequence[str]) -> dict[str, Fraction]:
    """How far an outcome reaches the voters: ``without_winner``, the share of voters none of whose choices won (blank
    ballots among them), and ``winners_per_voter``, the mean."""
    rows = satisfied(groups, won)
    voters = sum(weight for _, weight in rows)
    if not voters:
        return {"without_winner": Fraction(0), "winners_per_voter": Fraction(0)}
    return {
        "without_winner": Fraction(sum(weight for count, weight in rows if not count)) / voters,
        "winners_per_voter": Fraction(sum(count * weight for count, weight in rows)) / voters,
    }
