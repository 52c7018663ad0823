"""The reply report: what an agency owes after a consultation. All contributions with what became of each; totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from comments.dispositions import listing
from comments.dispositions.contributions import CITIZENS_ROOTS, KINDS
from comments.dispositions.listing import Asked, Item, Totals
from comments.models import Comment, Disposition
from consultations.models import Consultation, Proposal

AT_A_TIME = 500


@dataclass(frozen=True)
class Row:
    """A line of the totals. bar_percent: of all contributions, whole, for the bar."""

    fate: str
    label: str
    count: int
    share_percent: float | None
    bar_percent: int
    by_kind: list[int]


def rows_of(totals: Totals) -> list[Row]:
    """A line for each disposition and one for what lacks one, with a column for each kind that there is."""
    all_of_them = totals.of_kind()
    labels = {
        **{kind.value: str(kind.label) for kind in Disposition.Kind},
        listing.LACKING: gettext("Without an answer"),
    }
    return [
        Row(
            fate,
            label,
            count := totals.of_fate(fate),
            100 * count / all_of_them if all_of_them else None,
            round(100 * count / all_of_them) if all_of_them else 0,
            [totals.of_fate(fate, kind.name) for kind in kinds_in(totals)],
        )
        for fate, label in labels.items()
    ]


def kinds_in(totals: Totals) -> list[Any]:
    """The kinds of contributions of which there are any."""
    return [kind for kind in KINDS.values() if totals.of_kind(kind.name)]


def out_of_sight(consultation: Consultation) -> int:
    """How many contributions are not in the report: hidden, or taken back by whoever wrote them. One query."""
    gone = Q(hidden_at__isnull=False) | Q(deleted_at__isnull=False)
    said = Comment.objects.filter(CITIZENS_ROOTS, gone, consultation=consultation, held_at__isnull=True)
    withdrawn = Q(hidden_at__isnull=False) | Q(withdrawn_at__isnull=False)
    made = Proposal.objects.filter(withdrawn, consultation=consultation, is_official=False, held_at__isnull=True)
    return said.order_by().values("pk").union(made.order_by().values("pk"), all=True).count()


def every_item(consultation: Consultation) -> Iterator[Item]:
    """All contributions, the oldest first, read in pages."""
    after = ""
    while True:
        page = listing.page_of(consultation, Asked(), after, size=AT_A_TIME)
        yield from page.items
        if not page.after:
            return
        after = page.after
