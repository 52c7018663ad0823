"""What of the review waits for an official: opinions of theirs, proposals without a reviewer, readers who differ."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from consultations.desk.tasks import Mine, Task
from consultations.models import DistrictReviewer, Proposal, ProposalReviewer, Review
from consultations.querysets import ProposalQuerySet
from consultations.review.queries import assigned_proposals, review_phase
from consultations.review.thresholds import going_on
from frontend.formats import ago, number


def opinions_to_give(mine: Mine) -> Iterable[Task]:
    """One task for each consultation in which the person has something to review. One query, where any has a review."""
    reviewed = {consultation: phase for consultation in mine.consultations if (phase := review_phase(consultation))}
    if not reviewed:
        return
    given = Review.objects.filter(proposal=OuterRef("pk"), reviewer=mine.user)
    waiting = assigned_proposals(mine.user).filter(~Exists(given), feasibility="").exclude(author=mine.user.pk)
    by_consultation = Counter(waiting.order_by().values_list("consultation_id", flat=True))
    for consultation, phase in reviewed.items():
        count = by_consultation.get(consultation.pk, 0)
        if not count:
            continue
        due_at = phase.ends_at
        sentence = ngettext(
            "%(number)s proposal waits for your opinion.", "%(number)s proposals wait for your opinion.", count
        ) % {"number": number(count)}
        if due_at is not None and due_at > mine.now:
            sentence = f"{sentence} {_time_left(mine, due_at)}"
        yield Task(consultation, sentence, reverse("consultations:reviews"), "pencil", due_at, is_urgent=True)


def reviews_to_run(mine: Mine) -> Iterable[Task]:
    """For editors, while the review lasts: what has no reviewer, and what they must decide. Two queries."""
    running = {
        pk: phase
        for pk, consultation in mine.where("change_consultation").items()
        if consultation.is_published and (phase := review_phase(consultation)) and phase.is_active_at(mine.now)
    }
    if not running:
        return
    open_ones = going_on(Proposal.objects.filter(consultation__in=running, feasibility=""))
    own = Exists(ProposalReviewer.objects.filter(content_object=OuterRef("pk")))
    district = Exists(DistrictReviewer.objects.filter(content_object=OuterRef("district")))
    alone = Counter(
        open_ones.filter(~own, ~district).order_by().values_list("consultation_id", flat=True),
    )
    differing = Counter(_differing(open_ones))
    for pk, phase in running.items():
        consultation = mine.where("change_consultation")[pk]
        board = reverse("consultations:review", args=[consultation.slug])
        if alone.get(pk):
            words = ngettext(
                "%(number)s proposal has no reviewer yet.", "%(number)s proposals have no reviewer yet.", alone[pk]
            )
            sentence = words % {"number": number(alone[pk])}
            yield Task(consultation, sentence, f"{board}?standing=unassigned", "person", phase.ends_at, is_urgent=True)
        if differing.get(pk):
            words = ngettext(
                "The readers of %(number)s proposal differ: decide.",
                "The readers of %(number)s proposals differ: decide.",
                differing[pk],
            )
            sentence = words % {"number": number(differing[pk])}
            yield Task(consultation, sentence, f"{board}?standing=differ", "warning", phase.ends_at, is_urgent=True)


def _differing(proposals: ProposalQuerySet) -> Iterable[int]:
    """Consultations, one for each open proposal that two readers have read."""
    read_twice = Exists(Review.objects.filter(proposal=OuterRef("pk"), kind=Review.Kind.SECOND))
    rows: Iterable[int] = proposals.filter(read_twice).order_by().values_list("consultation_id", flat=True)
    return rows


def _time_left(mine: Mine, due_at: datetime) -> str:
    return gettext("The review ends %(ago)s.") % {"ago": ago(due_at, mine.now)}


SOURCES = (opinions_to_give, reviews_to_run)
