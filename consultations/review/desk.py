"""What of the review waits for an official: opinions of theirs, proposals without a reviewer, readers who differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from consultations.desk.tasks import Mine, Task
from consultations.models import Consultation, DistrictReviewer, Proposal, ProposalReviewer, Review
from consultations.review.queries import review_phase
from consultations.review.thresholds import going_on
from frontend.formats import ago, number


@dataclass(frozen=True)
class Waiting:
    """How many proposals of one consultation wait: for the person's own opinion, for a reviewer, for a decision."""

    own: int
    alone: int
    differing: int


def reviews_waiting(mine: Mine) -> Iterable[Task]:
    """Tasks of the consultations that have a review; one query where there is one, none otherwise."""
    reviewed = {each.pk: each for each in mine.consultations if each.is_published and review_phase(each)}
    if not reviewed:
        return
    for pk, waiting in _waiting(mine, reviewed).items():
        yield from _tasks(mine, reviewed[pk], waiting)


def _waiting(mine: Mine, consultations: Iterable[int]) -> dict[int, Waiting]:
    """What is not settled, of what goes on to review."""
    reviewers = ProposalReviewer.objects.filter(content_object=OuterRef("pk"))
    of_district = DistrictReviewer.objects.filter(content_object=OuterRef("district"))
    given = Review.objects.filter(proposal=OuterRef("pk"))
    found = going_on(Proposal.objects.filter(consultation__in=consultations, feasibility="")).annotate(
        is_mine=Exists(reviewers.filter(user=mine.user)) | Exists(of_district.filter(user=mine.user)),
        is_assigned=Exists(reviewers) | Exists(of_district),
        has_own=Exists(given.filter(reviewer=mine.user)),
        is_read_twice=Exists(given.filter(kind=Review.Kind.SECOND)),
    )
    own = Q(is_mine=True, has_own=False, is_read_twice=False) & ~Q(author=mine.user.pk)
    counts: Any = (
        found.order_by()
        .values("consultation_id")
        .annotate(
            own=Count("pk", filter=own),
            alone=Count("pk", filter=Q(is_assigned=False)),
            differing=Count("pk", filter=Q(is_read_twice=True)),
        )
    )
    return {row["consultation_id"]: Waiting(row["own"], row["alone"], row["differing"]) for row in counts}


def _tasks(mine: Mine, consultation: Consultation, waiting: Waiting) -> Iterable[Task]:
    phase = review_phase(consultation)
    assert phase is not None
    board = reverse("consultations:review", args=[consultation.slug])
    if waiting.own:
        words = ngettext(
            "%(number)s proposal waits for your opinion.", "%(number)s proposals wait for your opinion.", waiting.own
        )
        sentence = words % {"number": number(waiting.own)}
        if phase.ends_at and phase.ends_at > mine.now:
            sentence += " " + gettext("The review ends %(ago)s.") % {"ago": ago(phase.ends_at, mine.now)}
        url = reverse("consultations:reviews")
        yield Task(consultation, sentence, url, "pencil", phase.ends_at, is_urgent=True)
    if consultation.pk not in mine.where("change_consultation") or not phase.is_active_at(mine.now):
        return
    if waiting.alone:
        words = ngettext(
            "%(number)s proposal has no reviewer yet.", "%(number)s proposals have no reviewer yet.", waiting.alone
        )
        sentence = words % {"number": number(waiting.alone)}
        yield Task(consultation, sentence, f"{board}?standing=unassigned", "person", phase.ends_at, is_urgent=True)
    if waiting.differing:
        words = ngettext(
            "The readers of %(number)s proposal differ: decide.",
            "The readers of %(number)s proposals differ: decide.",
            waiting.differing,
        )
        sentence = words % {"number": number(waiting.differing)}
        yield Task(consultation, sentence, f"{board}?standing=differ", "warning", phase.ends_at, is_urgent=True)


SOURCES = (reviews_waiting,)
