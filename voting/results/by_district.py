"""What each part of a budget decided, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from frontend.formats import money, number
from voting.models import Poll
from voting.results.outcomes import currency_of


@dataclass(frozen=True)
class DistrictResult:
    """One row, in words. ``left``: money that no proposal got."""

    name: str
    url: str
    voters: str
    won: str
    spent: str
    left: str


def results_by_district(polls: Iterable[tuple[Poll, int]]) -> list[DistrictResult]:
    """By the count alone. polls: those whose outcome the gate lets through, each with how many voted; no query.

    Empty where there are not two parts to compare.
    """
    rows = [_row(poll, voters) for poll, voters in polls if poll.district is not None and poll.shares_money]
    return rows if len(rows) > 1 else []


def _row(poll: Poll, voters: int) -> DistrictResult:
    explanation, currency = poll.outcome.explanation, currency_of(poll)
    budget, spent = explanation.get("budget", poll.money_cents or 0), explanation.get("spent", 0)  # where nobody voted
    assert poll.district is not None
    won = {"won": number(len(poll.outcome.winners)), "all": number(len(poll.options.all()))}
    return DistrictResult(
        name=poll.district.name,
        url=poll.get_absolute_url(),
        voters=number(voters),
        won=gettext("%(won)s of %(all)s") % won,
        spent=money(spent, currency),
        left=money(budget - spent, currency),
    )
