"""The few sums that a component needs to draw what it is given. Shares are of all voters, on an axis from zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True)
class TallyFigures:
    """What ``components/tally.html`` shows beside the counts. Shares in per cent, None where there is nobody."""

    is_live: bool
    blank_share: float | None
    turnout: float | None
    percent_pattern: str  # how the reader's language writes a percentage, with {number} in it


@dataclass(frozen=True)
class MoneyFigures:
    """What is left of an amount: ``cents`` is never negative, ``is_over`` says that it is missing instead."""

    cents: int
    is_over: bool
    bar_percent: float


def share(part: int, whole: int | None) -> float | None:
    """part ÷ whole in per cent with one decimal, halves up, as ``live-tally.js`` rounds it; None of nothing."""
    if not whole:
        return None
    return (part * 2000 + whole) // (2 * whole) / 10


def tally_figures(tally: dict[str, Any], poll_id: int | None) -> TallyFigures:
    return TallyFigures(
        is_live=bool(poll_id) and not tally["is_final"],
        blank_share=share(tally["blank_count"], tally["voter_count"]),
        turnout=share(tally["voter_count"], tally["eligible_count"]),
        percent_pattern=gettext("{number}%"),
    )


def points_left(values: Iterable[Any], total: int | None) -> int | None:
    """What a ballot leaves of its points; None where they have no end, are no numbers, or were spent more than once."""
    try:
        left = total - sum(int(value) for value in values if value) if total else -1
    except ValueError:
        return None
    return left if left >= 0 else None


def money_figures(total_cents: int, allocated_cents: int) -> MoneyFigures:
    left = total_cents - allocated_cents
    return MoneyFigures(
        cents=abs(left), is_over=left < 0, bar_percent=min(share(allocated_cents, total_cents) or 0.0, 100.0)
    )
