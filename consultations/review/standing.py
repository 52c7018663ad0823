"""Where the review of one proposal stands. Computed from its rows, never stored."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.refusals import Text
from consultations.models import Review
from consultations.review.thresholds import Progress


class Standing(StrEnum):
    """What comes next, in the order of the way there."""

    BELOW = "below"  # too few supports
    UNASSIGNED = "unassigned"
    FIRST = "first"  # waits for the first reader
    SECOND = "second"
    DIFFER = "differ"  # an editor decides
    SETTLED = "settled"


WORDS: dict[Standing, Text] = {
    Standing.BELOW: _("Needs more supports"),
    Standing.UNASSIGNED: _("Waits for a reviewer"),
    Standing.FIRST: _("A reviewer reads it"),
    Standing.SECOND: _("Waits for the second reader"),
    Standing.DIFFER: _("The readers differ: an editor decides"),
    Standing.SETTLED: pgettext_lazy("proposal", "Reviewed"),
}


def newest(reviews: Iterable[Review]) -> dict[str, Review]:
    """Kind -> the row that stands. ``reviews``: in the order in which they were given."""
    return {review.kind: review for review in reviews}


def agree(first: Review, second: Review) -> bool:
    return (first.feasibility, first.cost_cents) == (second.feasibility, second.cost_cents)


def what_holds(reviews: Iterable[Review], *, needs_second: bool) -> Review | None:
    """The row whose finding is the review's: a decision that is newer than what it decides on, or the opinion on
    which all required readers agree. None while one is missing or they differ."""
    by_kind = newest(reviews)
    first, second = by_kind.get(Review.Kind.FIRST), by_kind.get(Review.Kind.SECOND)
    decision = by_kind.get(Review.Kind.DECISION)
    if first is None or (needs_second and second is None):
        return None
    if second is None:
        return first
    if decision and decision.pk > max(first.pk, second.pk):
        return decision
    return first if agree(first, second) else None


def standing_of(reviews: list[Review], *, progress: Progress, needs_second: bool, is_assigned: bool) -> Standing:
    if what_holds(reviews, needs_second=needs_second):
        return Standing.SETTLED
    kinds = newest(reviews)
    if Review.Kind.FIRST in kinds:
        return Standing.DIFFER if Review.Kind.SECOND in kinds else Standing.SECOND
    if not progress.goes_on:
        return Standing.BELOW
    return Standing.FIRST if is_assigned else Standing.UNASSIGNED
