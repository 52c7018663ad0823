"""What the pages of proposals read, each in a constant number of queries."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Sum
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from accounts.access import Person
from consultations.models import Consultation, Proposal

PROPOSALS_ON_A_PAGE = 24
PROPOSALS_ON_CONSULTATION_PAGE = 3  # a row of the grid on a wide screen


def proposal_or_404(user: Person, pk: int) -> Proposal:
    found = Proposal.objects.visible_to(user).select_related("author", "consultation__agency", "consultation__budget")
    return get_object_or_404(found.prefetch_related("consultation__phases"), pk=pk)


def proposal_figures(consultation: Consultation) -> dict[str, int | None]:
    """How many proposals there are, hidden ones left out, and what they cost together."""
    return consultation.proposals.shown().aggregate(count=Count("pk"), cost_cents=Sum("cost_cents"))


def first_proposals(consultation: Consultation) -> QuerySet[Proposal]:
    return consultation.proposals.shown().select_related("author")[:PROPOSALS_ON_CONSULTATION_PAGE]


def proposals_page(consultation: Consultation, asked: QueryDict) -> Page[Proposal]:
    """One page of proposals; ``asked`` is the address's ``category``, ``sort`` ("cost") and ``page``."""
    found = consultation.proposals.released().select_related("author")
    if asked.get("category"):
        found = found.filter(category=asked["category"], hidden_at__isnull=True)
    if asked.get("sort") == "cost":
        found = found.order_by(F("cost_cents").desc(nulls_last=True), "-pk")
    return Paginator(found, PROPOSALS_ON_A_PAGE).get_page(asked.get("page"))


def categories(consultation: Consultation) -> list[str]:
    """The categories in use, for the filter."""
    shown = consultation.proposals.shown().exclude(category="")
    return list(shown.order_by("category").values_list("category", flat=True).distinct())
