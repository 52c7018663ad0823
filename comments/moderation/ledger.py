"""The open book of a consultation's moderation: every act by role, time and ground, with the hash of what went."""

from dataclasses import dataclass

from django.db.models import QuerySet

from comments.models import ModerationDecision
from consultations.models import Consultation

ON_A_PAGE = 20


@dataclass(frozen=True)
class DecisionPage:
    """Newest first. ``older_than``: where the next page begins, None on the last one."""

    decisions: list[ModerationDecision]
    older_than: int | None


def open_book(consultation: Consultation) -> QuerySet[ModerationDecision]:
    """All acts. Nothing is left out: what is not for the public (who, and the salts) is in no column that is shown."""
    return ModerationDecision.objects.filter(consultation=consultation).select_related("appeal")


def decisions_of(consultation: Consultation, older_than: int | None = None) -> DecisionPage:
    """A page of the open book. One query."""
    found = open_book(consultation).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    return DecisionPage(shown, older_than=shown[-1].pk if len(rows) > len(shown) else None)
