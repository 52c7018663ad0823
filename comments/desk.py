"""What officials learn of this room at their desk: reports and held texts that wait, replies owed, comments a day."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import Person
from comments.models import Comment, Flag
from consultations.desk.numbers import Measure, Reading, Share, by_day
from consultations.desk.tasks import Mine, Source, Task
from consultations.models import Consultation, Proposal


def threads_that_ask() -> "QuerySet[Comment]":
    """Threads in which somebody may expect the agency's answer: under its questions, and under proposals."""
    asking = Q(question__isnull=False) | Q(proposal__isnull=False)
    seen = Q(held_at__isnull=True, hidden_at__isnull=True, deleted_at__isnull=True)
    return Comment.objects.roots().filter(asking, seen, is_official=False)


def official_reply() -> Exists:
    """Whether the agency has spoken in a thread."""
    return Exists(Comment.objects.filter(root=OuterRef("pk"), is_official=True, deleted_at__isnull=True))


def reports(mine: Mine) -> Iterable[Task]:
    """Flags that nobody has answered, by consultation."""
    where = mine.where("moderate_consultation")
    if not where:
        return
    waiting = Flag.objects.filter(answered_at__isnull=True).order_by()
    rows = (
        waiting.annotate(of=Coalesce(F("comment__consultation"), F("proposal__consultation")))
        .filter(of__in=list(where))
        .values_list("of")
        .annotate(count=Count("pk"), since=Min("created_at"))
    )
    for pk, count, since in rows:
        sentence = ngettext("%(count)s report to answer", "%(count)s reports to answer", count) % {"count": count}
        yield Task(where[pk], sentence, _moderation_url(where[pk]), "flag", since, is_urgent=True)


def held_texts(mine: Mine) -> Iterable[Task]:
    """Comments and proposals that nobody sees before a moderator has looked."""
    where = mine.where("moderate_consultation")
    if not any(consultation.pre_moderates for consultation in mine.consultations) or not where:
        return
    held: dict[int, tuple[int, datetime]] = {}
    for model in (Comment, Proposal):
        waiting: Any = model.objects.filter(consultation__in=list(where), held_at__isnull=False)
        rows = waiting.order_by().values_list("consultation").annotate(count=Count("pk"), since=Min("held_at"))
        for pk, count, since in rows:
            before = held.get(pk, (0, since))
            held[pk] = (before[0] + count, min(since, before[1]))
    for pk, (count, since) in held.items():
        sentence = ngettext(
            "%(count)s text to look at before others", "%(count)s texts to look at before others", count
        ) % {"count": count}
        yield Task(where[pk], sentence, _moderation_url(where[pk]), "eye-off", since, is_urgent=True)


def replies_owed(mine: Mine) -> Iterable[Task]:
    """Threads under questions and proposals without a word of the agency."""
    where = mine.where("reply_consultation")
    if not where:
        return
    owed = threads_that_ask().filter(~official_reply(), consultation__in=list(where)).order_by()
    rows = owed.values_list("consultation").annotate(count=Count("pk"), since=Min("created_at"))
    for pk, count, since in rows:
        sentence = ngettext(
            "%(count)s thread without an official reply", "%(count)s threads without an official reply", count
        ) % {"count": count}
        yield Task(where[pk], sentence, reverse("comments:owed", args=[where[pk].slug]), "reply", since)


def _moderation_url(consultation: Consultation) -> str:
    return f"{reverse('comments:moderation')}?consultation={consultation.slug}"


def _comments(consultation: Consultation, user: Person) -> Reading:
    said = Comment.objects.filter(
        consultation=consultation, held_at__isnull=True, hidden_at__isnull=True, deleted_at__isnull=True
    )
    return Reading(by_day(said.filter(is_official=False), "author_id"))


def _answered(consultation: Consultation) -> tuple[int, int]:
    asked = threads_that_ask().filter(consultation=consultation).order_by()
    counts = asked.annotate(is_answered=official_reply()).aggregate(
        answered=Count("pk", filter=Q(is_answered=True)), asked=Count("pk")
    )
    return counts["answered"], counts["asked"]


SOURCES: tuple[Source, ...] = (reports, held_texts, replies_owed)
MEASURES = (
    Measure("comments", _("Comments"), _comments),
    Share("answered", _("Threads under questions and proposals with an official reply"), _answered),
)
