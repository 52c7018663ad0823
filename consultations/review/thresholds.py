"""How many supports send a proposal on to review, and which proposals go on."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from consultations.models import BroughtIn, Proposal
from consultations.querysets import ProposalQuerySet

# The district's own, else the budget's; none where supports are not received at all.
THRESHOLD = Case(
    When(
        consultation__receives_supports=True,
        then=Coalesce("district__support_threshold", "consultation__budget__support_threshold"),
    ),
)


@dataclass(frozen=True)
class Progress:
    """How far a proposal is. threshold: None where none is asked for."""

    count: int
    threshold: int | None
    is_brought_in: bool

    @property
    def lacking(self) -> int:
        return max((self.threshold or 0) - self.count, 0)

    @property
    def goes_on(self) -> bool:
        return self.is_brought_in or not self.lacking

    @property
    def percent(self) -> int:
        """Of the bar. Full only where nothing is lacking."""
        if not self.threshold or not self.lacking:
            return 100
        return self.count * 100 // self.threshold


def with_threshold(proposals: Any) -> Any:
    """Annotates ``threshold`` and ``is_brought_in``, for ``progress_of``."""
    brought = BroughtIn.objects.filter(proposal=OuterRef("pk"))
    return proposals.annotate(threshold=THRESHOLD, is_brought_in=Exists(brought))


def going_on(proposals: Any) -> ProposalQuerySet:
    """Of those that everybody may read, the ones that go on to review."""
    enough = Q(threshold__isnull=True) | Q(support_count__gte=F("threshold")) | Q(is_brought_in=True)
    found: ProposalQuerySet = with_threshold(proposals.shown()).filter(enough)
    return found


def progress_of(proposal: Any) -> Progress:
    """Takes what ``with_threshold`` found; asks for it otherwise."""
    if not hasattr(proposal, "threshold"):
        found = with_threshold(Proposal.objects.filter(pk=proposal.pk)).values("threshold", "is_brought_in").get()
        proposal.threshold, proposal.is_brought_in = found["threshold"], found["is_brought_in"]
    return Progress(proposal.support_count, proposal.threshold, proposal.is_brought_in)


def many_going_on(ids: Any) -> "QuerySet[Proposal]":
    """Those of these ids that go on."""
    return going_on(Proposal.objects.filter(pk__in=ids))
