"""What the clock has brought, for feeds: no worker need have run."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext

from accounts.notices.kinds import sentence_of
from consultations.feeds.entries import ENTRIES, Entry
from consultations.models import Consultation, Phase


def publications(ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """That there is something new to read."""
    found = Consultation.objects.filter(pk__in=ids, published_at__lte=now).order_by("-published_at")
    for consultation in found.select_related("agency")[:ENTRIES]:
        assert consultation.published_at is not None
        words = {"agency": consultation.agency.name, "title": consultation.title}
        yield Entry(
            key=f"consultation-{consultation.pk}",
            title=gettext("%(agency)s opens “%(title)s”") % words,
            path=consultation.get_absolute_url(),
            at=consultation.published_at,
            consultation_id=consultation.pk,
            summary=consultation.summary,
        )


def beginnings(ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """Phases that have begun."""
    begun = Phase.objects.filter(consultation__in=ids, starts_at__lte=now).select_related("consultation")
    for phase in begun.order_by("-starts_at")[:ENTRIES]:
        yield _entry(phase, f"phase-{phase.pk}-began", f"{phase.kind}_began", phase.starts_at)


def ends(ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """That the last phase in which people take part is over."""
    taking_part = set(Phase.Kind.values) - {Phase.Kind.RESULTS, Phase.Kind.FOLLOW_UP}
    over = Phase.objects.filter(consultation__in=ids, ends_at__lte=now, kind__in=taking_part)
    last = over.order_by("consultation", "-ends_at").distinct("consultation").select_related("consultation")
    goes_on = set(
        Phase.objects.filter(consultation__in=ids, kind__in=taking_part)
        .exclude(ends_at__lte=now)
        .values_list("consultation_id", flat=True)
    )
    for phase in last:
        if phase.consultation_id not in goes_on:
            assert phase.ends_at is not None
            yield _entry(phase, f"consultation-{phase.consultation_id}-closed", "consultation_closed", phase.ends_at)


def _entry(phase: Phase, key: str, kind: str, at: datetime) -> Entry:
    return Entry(
        key=f"{key}-{at:%Y%m%d%H%M}",  # moved to another time it is another fact
        title=sentence_of(kind, {"title": phase.consultation.title}),
        path=phase.consultation.get_absolute_url(),
        at=at,
        consultation_id=phase.consultation_id,
    )
