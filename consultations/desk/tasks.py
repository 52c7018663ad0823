"""What waits for an official. Each room says what it knows of (its ``desk.py``), registered when the app is ready."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import AgencyGroupObjectPermission, User
from accounts.refusals import Text
from consultations.clock import State, active_phase
from consultations.documents.presence import drafts_of, with_drafts, with_text
from consultations.models import Consultation, ConsultationGroupObjectPermission
from consultations.opening.readiness import what_is_missing
from consultations.sentences import CLOSES
from frontend.formats import ago, when

OPEN = "open_consultation_agency"
SOON = timedelta(days=3)
# How many consultations one desk holds, the most urgent first. Their tasks are found by a constant number of queries.
CONSULTATIONS = 100


@dataclass(frozen=True)
class Task:
    """One thing to do. The sentence says what, the address is where. ``due_at``: until or since when; for the order."""

    consultation: Consultation
    sentence: Text
    url: str
    icon: str  # of icons.svg
    due_at: datetime | None = None
    is_urgent: bool = False  # somebody waits, or time runs out


@dataclass(frozen=True)
class Mine:
    """What one official works on. ``granted``: codename -> the consultations on which they hold it, by id.

    may_open: whether they may open consultations in the name of some agency.
    """

    user: User
    now: datetime
    consultations: Sequence[Consultation]
    granted: Mapping[str, Mapping[int, Consultation]]
    may_open: bool

    def where(self, codename: str) -> Mapping[int, Consultation]:
        return self.granted.get(codename, {})


Source = Callable[[Mine], Iterable[Task]]
_sources: list[Source] = []


def register(*sources: Source) -> None:
    """Add what finds tasks. Called by ``AppConfig.ready``; again is harmless. One query or two each, however many."""
    _sources.extend(source for source in sources if source not in _sources)


def work_of(user: User, now: datetime) -> Mine:
    """The consultations that the person helps to run, the most urgent first. Four queries."""
    what = ("content_object_id", "permission__codename")
    grants = ConsultationGroupObjectPermission.objects.filter(group__user=user).values_list(*what)
    opens = AgencyGroupObjectPermission.objects.filter(group__user=user, permission__codename=OPEN).values_list(*what)
    pairs = set(grants.union(opens))
    run = {pk for pk, codename in pairs if codename == "measure_consultation"}
    found = Consultation.objects.filter(pk__in=run).with_times().by_urgency(now).select_related("agency", "budget")
    rows = list(with_drafts(with_text(found)).prefetch_related("phases", "questions")[:CONSULTATIONS])
    by_id = {row.pk: row for row in rows}
    granted: dict[str, dict[int, Consultation]] = {}
    for pk, codename in pairs:
        if pk in by_id:
            granted.setdefault(codename, {})[pk] = by_id[pk]
    return Mine(user, now, rows, granted, may_open=any(codename == OPEN for _pk, codename in pairs))


def tasks_of(mine: Mine) -> list[Task]:
    """All that waits, what is urgent first and then what is due first."""
    found = [task for source in _sources for task in source(mine)]
    return sorted(found, key=lambda task: (not task.is_urgent, task.due_at or mine.now))


def phases_about_to_end(mine: Mine) -> Iterable[Task]:
    """What ends within three days, for who could extend it."""
    for consultation in mine.where("publish_consultation").values():
        phase = active_phase(consultation, mine.now) if consultation.is_published else None
        if phase is None or phase.ends_at is None or phase.ends_at - mine.now > SOON or phase.kind not in CLOSES:
            continue
        words = {"ago": ago(phase.ends_at, mine.now), "when": f", {when(phase.ends_at)}"}
        url = reverse("consultations:extend", args=[consultation.slug])
        yield Task(consultation, str(CLOSES[phase.kind]) % words, url, "clock", phase.ends_at, is_urgent=True)


def unfinished_drafts(mine: Mine) -> Iterable[Task]:
    """Drafts, with what they still lack."""
    for consultation in mine.where("publish_consultation").values():
        if consultation.is_published:
            continue
        missing = " ".join(str(reason.sentence) for reason in what_is_missing(consultation))
        lacking = gettext("Draft: %(missing)s") % {"missing": missing}
        sentence = lacking if missing else gettext("Draft, ready to publish.")
        yield Task(consultation, sentence, consultation.get_absolute_url(), "pencil", consultation.created_at)


def unpublished_versions(mine: Mine) -> Iterable[Task]:
    """New versions of texts, written and not published; a consultation that is a draft itself publishes its own."""
    for consultation in mine.where("publish_consultation").values():
        for draft in drafts_of(consultation) if consultation.is_published else ():
            sentence = gettext("Version %(number)s of “%(title)s” is not published yet.") % draft
            url = reverse("consultations:publish-version", args=[draft["document"]])
            yield Task(consultation, sentence, url, "pencil", draft["since"])


def closed_without_words(mine: Mine) -> Iterable[Task]:
    """Closed ones of which nobody has said yet what came."""
    for consultation in mine.where("publish_consultation").values():
        if consultation.closing_words or consultation.report_url:
            continue
        if consultation.state_at(mine.now) == State.CLOSED:
            url = reverse("consultations:close", args=[consultation.slug])
            closed_at = getattr(consultation, "closes_at", None)
            yield Task(consultation, gettext("Closed: tell people what came of it."), url, "speech", closed_at)


SOURCES: Sequence[Source] = (phases_about_to_end, unfinished_drafts, unpublished_versions, closed_without_words)
