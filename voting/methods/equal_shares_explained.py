"""Why Equal Shares bought what it bought: who paid in each round, and what the supporters of the others had left."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

from voting.methods.base import Amount
from voting.methods.equal_shares_exact import Purchase
from voting.methods.money import Money
from voting.methods.support import Support

NOBODY = "nobody_supports_it"
OUT_OF_MONEY = "supporters_out_of_money"


def explain(
    support: Support, worth: Sequence[int], endowment: Fraction, purchases: Sequence[Purchase]
) -> dict[str, Any]:
    """``endowment``, ``rounds`` (one a purchase) and ``losers`` (all projects that were not bought, most votes first).

    A round: ``option``, ``cost``, ``votes``, ``tied`` and ``broken_by`` (cost, votes, lot; empty without a tie),
    ``paid_in_full`` (for each number of points: how many voters, and what each of them paid), ``paid_their_last``
    (voters who had less than that, and how much they gave together), ``had_nothing`` (voters), ``spent`` so far.

    A loser: ``option``, ``cost``, ``votes``, ``supporters`` (voters), ``started_with`` (their money together),
    ``dropped_after`` (the round after which they could no longer pay for it; 0: never could), ``left`` and ``lacking``
    then, ``spent_on`` (what they had paid for other projects by then, most first), ``reason``.
    """
    spent = list(accumulate(support.costs[purchase.project] for purchase in purchases))
    return {
        "endowment": Money.nearest(endowment),
        "rounds": [
            {"round": number, **_round(support, worth, purchase), "spent": Money(so_far)}
            for number, (purchase, so_far) in enumerate(zip(purchases, spent, strict=True), start=1)
        ],
        "losers": _losers(support, worth, endowment, purchases),
    }


def _round(support: Support, worth: Sequence[int], purchase: Purchase) -> dict[str, Any]:
    project = purchase.project
    groups, points = support.supporters[project]
    weights = support.weights
    points_of = dict(zip(groups, points, strict=True))
    in_full: dict[Amount, Amount] = {}
    for group in purchase.payers:
        in_full[points_of[group]] = in_full.get(points_of[group], 0) + weights[group]
    last = sum(weights[group] * money for group, money in purchase.last_money.items())
    last_payers = sum(weights[group] for group in purchase.last_money)
    supporters = sum(weights[group] for group in groups)
    price = purchase.price * worth[project]
    return {
        "option": support.ids[project],
        "cost": Money(support.costs[project]),
        "votes": support.scores[project],
        "tied": [support.ids[tied] for tied in purchase.tied] if len(purchase.tied) > 1 else [],
        "broken_by": support.broken_by(purchase.tied),
        "paid_in_full": [
            {"points": of, "voters": voters, "each": Money.nearest(price * of)}
            for of, voters in sorted(in_full.items(), reverse=True)
        ],
        "paid_their_last": {
            "voters": last_payers,
            "together": Money.nearest(Fraction(last) / purchase.denominator),
        },
        "had_nothing": supporters - last_payers - sum(in_full.values()) if support.costs[project] else 0,
    }


def _losers(
    support: Support, worth: Sequence[int], endowment: Fraction, purchases: Sequence[Purchase]
) -> list[dict[str, Any]]:
    bought = {purchase.project for purchase in purchases}
    losers = [project for project in range(len(support.ids)) if project not in bought]
    losers.sort(key=lambda project: (-support.scores[project], support.tie_key(project)))
    paid = _paid_by_supporters(support, worth, purchases, losers)
    parts = _parts(purchases)
    return [_loser(support, project, endowment, purchases, paid[project], parts) for project in losers]


def _loser(
    support: Support,
    project: int,
    endowment: Fraction,
    purchases: Sequence[Purchase],
    paid: Sequence[Amount],
    parts: int,
) -> dict[str, Any]:
    """paid: for each purchase, in so many ``parts`` of the unit."""
    cost = support.costs[project]
    supporters = sum(support.weights[group] for group in support.supporters[project].groups)
    left: Amount = endowment * supporters * parts
    dropped_after = 0
    while left >= cost * parts and dropped_after < len(paid):
        left -= paid[dropped_after]
        dropped_after += 1
    spent_on = sorted(
        ((-amount, number) for number, amount in enumerate(paid[:dropped_after]) if amount),
    )
    return {
        "option": support.ids[project],
        "cost": Money(cost),
        "votes": support.scores[project],
        "supporters": supporters,
        "reason": OUT_OF_MONEY if supporters else NOBODY,
        "started_with": Money.nearest(endowment * supporters),
        "dropped_after": dropped_after,
        "left": Money.nearest(Fraction(left) / parts),
        "lacking": Money.nearest(cost - Fraction(left) / parts),
        "spent_on": [
            {"option": support.ids[purchases[number].project], "paid": Money.nearest(Fraction(-negative) / parts)}
            for negative, number in spent_on
        ],
    }


def _parts(purchases: Sequence[Purchase]) -> int:
    """Of how many parts of the unit every payment is a whole number (but for weights that are fractions)."""
    return purchases[-1].denominator if purchases else 1


def _paid_by_supporters(
    support: Support, worth: Sequence[int], purchases: Sequence[Purchase], losers: Sequence[int]
) -> dict[int, list[Amount]]:
    """Loser -> for each purchase, what the loser's supporters paid for it together, in ``_parts`` of the unit.

    One pass over who paid: a number of full parts for those who paid in full, and money for the others.
    """
    lost = set(losers)
    losers_of = [[project for project in ballot if project in lost] for ballot in support.ballots]
    paid: dict[int, list[Amount]] = {project: [] for project in losers}
    for purchase in purchases:
        full: dict[int, Amount] = dict.fromkeys(losers, 0)
        last: dict[int, Amount] = dict.fromkeys(losers, 0)
        groups, points = support.supporters[purchase.project]
        points_of = dict(zip(groups, points, strict=True))
        for group in purchase.payers:
            of_group = support.weights[group] * points_of[group]
            for project in losers_of[group]:
                full[project] += of_group
        for group, money in purchase.last_money.items():
            of_group = support.weights[group] * money
            for project in losers_of[group]:
                last[project] += of_group
        part = purchase.price * worth[purchase.project]
        in_parts = _parts(purchases) // purchase.denominator
        each = part.numerator * (purchase.denominator // part.denominator)
        for project in losers:
            paid[project].append((each * full[project] + last[project]) * in_parts)
    return paid
