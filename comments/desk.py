"""What officials learn of this room at their desk: what waits for a moderator, replies owed, comments a day."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.dispositions.contributions import counts_of, with_counts
from comments.models import Comment, Placement
from comments.moderation.queue import APPEALS, FLAGS, HELD, Waiting, waiting_in
from consultations.clock import State
from consultations.desk.numbers import Measure, Reading, Share, by_day
from consultations.desk.tasks import Mine, Source, Task
from consultations.models import Consultation, Version
from frontend.formats import number

ICONS = {FLAGS: "flag", HELD: "eye-off", APPEALS: "reply"}


def threads_that_ask() -> "QuerySet[Comment]":
    """Threads in which somebody may expect the agency's answer: under its questions, and under proposals."""
    asking = Q(question__isnull=False) | Q(proposal__isnull=False)
    seen = Q(held_at__isnull=True, hidden_at__isnull=True, deleted_at__isnull=True)
    return Comment.objects.roots().filter(asking, seen, is_official=False)


def official_reply() -> Exists:
    """Whether the agency has spoken in a thread."""
    return Exists(Comment.objects.filter(root=OuterRef("pk"), is_official=True, deleted_at__isnull=True))


def moderation(mine: Mine) -> Iterable[Task]:
    """Reports, texts that nobody sees before a moderator has looked, and appeals, by consultation. One query."""
    where = mine.where("moderate_consultation")
    waiting: dict[tuple[int, str], list[Waiting]] = defaultdict(list)
    for row in waiting_in(where.values()):
        waiting[row.consultation_id, row.what].append(row)
    for (pk, what), rows in waiting.items():
        count = sum(row.weight for row in rows) if what == FLAGS else len(rows)
        sentence = _what_waits(what, count) % {"count": count}
        since = min(row.since for row in rows)
        yield Task(where[pk], sentence, _moderation_url(where[pk]), ICONS[what], since, is_urgent=True)


def _what_waits(what: str, count: int) -> str:
    if what == FLAGS:
        return ngettext("%(count)s report to answer", "%(count)s reports to answer", count)
    if what == HELD:
        return ngettext("%(count)s text to look at before others", "%(count)s texts to look at before others", count)
    return ngettext("%(count)s appeal to answer", "%(count)s appeals to answer", count)


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


def contributions_owed(mine: Mine) -> Iterable[Task]:
    """Closed consultations in which contributions lack an answer; where none does, the word that they all have one.

    One query where there are any.
    """
    where = {pk: found for pk, found in mine.where("reply_consultation").items() if found.is_published}
    closed = [pk for pk, found in where.items() if found.state_at(mine.now) == State.CLOSED]
    if not closed:
        return
    for counted in with_counts(Consultation.objects.filter(pk__in=closed).only("pk")):
        counts = counts_of(counted)
        found, lacking = where[counted.pk], counts.lacking
        if lacking:
            sentence = ngettext(
                "%(count)s contribution lacks an answer", "%(count)s contributions lack an answer", lacking
            ) % {"count": number(lacking)}
            url = reverse("comments:contributions", args=[found.slug])
            yield Task(found, sentence, url, "check", getattr(found, "closes_at", None))
        elif counts.total and not found.is_answered_at(mine.now) and found.pk in mine.where("publish_consultation"):
            url = reverse("consultations:answer-consultation", args=[found.slug])
            yield Task(found, gettext("Every contribution has its answer: call it answered"), url, "check")


def placements_open(mine: Mine) -> Iterable[Task]:
    """Annotations whose words an editor looks for in the newest version. One query."""
    where = mine.where("publish_consultation")
    if not where:
        return
    newer = Version.objects.filter(
        document=OuterRef("version__document"), number__gt=OuterRef("version__number"), published_at__isnull=False
    )
    in_sight = Q(
        annotation__comment__held_at__isnull=True,
        annotation__comment__deleted_at__isnull=True,
        annotation__comment__hidden_at__isnull=True,
    )
    found = Placement.objects.filter(
        in_sight,
        ~Exists(newer),
        version__document__consultation__in=list(where),
        state__in=[Placement.State.AMBIGUOUS, Placement.State.ORPHANED],
        settled_at__isnull=True,
    ).order_by()
    rows = found.values_list("version__document__consultation", "version__document")
    for pk, document, count, since in rows.annotate(count=Count("pk"), since=Min("placed_at")):
        sentence = ngettext("%(count)s annotation to place", "%(count)s annotations to place", count) % {"count": count}
        yield Task(where[pk], sentence, reverse("comments:placing-inbox", args=[document]), "mark", since)


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


SOURCES: tuple[Source, ...] = (moderation, replies_owed, contributions_owed, placements_open)
MEASURES = (
    Measure("comments", _("Comments"), _comments),
    Share("answered", _("Threads under questions and proposals with an official reply"), _answered),
)
