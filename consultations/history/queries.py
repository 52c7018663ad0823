"""Reading the audit trail of one consultation, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from accounts.models import AuditEntry
from accounts.refusals import Text
from consultations.history.deeds import LABELS, Deed, Group, deed_of, events_of, in_words
from consultations.models import Consultation, Phase
from frontend.formats import when

ON_A_PAGE = 30


@dataclass(frozen=True)
class Difference:
    """One thing that was changed. ``old`` None: nothing is known of what was before."""

    label: Text
    old: str | None
    new: str


@dataclass(frozen=True)
class Line:
    """One deed. ``about`` and ``url``: the contribution that it was done to, by its number."""

    sentence: Text
    who: str
    at: datetime
    differences: Sequence[Difference]
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class HistoryPage:
    """Newest first. ``older_than``: where the next page begins, None on the last one."""

    lines: Sequence[Line]
    older_than: int | None


def history_of(consultation: Consultation, group: Group | None = None, older_than: int | None = None) -> HistoryPage:
    """One query."""
    found = AuditEntry.objects.filter(consultation_id=consultation.pk).select_related("actor")
    if group is not None:
        found = found.filter(event__in=events_of(group))
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found.order_by("-pk")[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    return HistoryPage([_line(row) for row in shown], shown[-1].pk if len(rows) > len(shown) else None)


def _line(entry: AuditEntry) -> Line:
    deed = deed_of(entry.event)
    who = (entry.actor.name or entry.actor.email) if entry.actor else gettext("The system, or a former account")
    if deed is None:  # of a release to come, or of an extension: that it was done, and nothing of what
        return Line(entry.event, who, entry.at, [], *_about(entry))
    return Line(deed.sentence, who, entry.at, _differences(entry, deed), *_about(entry))


def _about(entry: AuditEntry) -> tuple[str, str]:
    if entry.object_type == "consultations.proposal":
        url = reverse("consultations:proposal", args=[entry.object_id])
        return gettext("Proposal %(number)s") % {"number": entry.object_id}, url
    if entry.object_type == "comments.comment":
        return gettext("Comment %(number)s") % {"number": entry.object_id}, f"/comments/{entry.object_id}/"
    return "", ""


def _differences(entry: AuditEntry, deed: Deed) -> list[Difference]:
    """What may be told of the details: pairs of old and new where both are there, then single facts, then dates."""
    details: dict[str, Any] = entry.details
    old, new = _fields(details.get("old")), _fields(details.get("new"))
    told = []
    for name in deed.shown:
        if name in old or name in new:
            before = in_words(name, old[name]) if name in old else None
            told.append(Difference(LABELS[name], before, in_words(name, new.get(name, ""))))
        elif details.get(name):
            told.append(Difference(LABELS[name], None, in_words(name, details[name])))
    if deed.group in (Group.DATES, Group.TEXT):
        told += [_dates(each) for each in details.get("phases", [])]
    return [each for each in told if each.old != each.new]


def _fields(value: Any) -> dict[str, Any]:
    """Old or new values by field. Some deeds keep a single word there, which their sentence says already."""
    return value if isinstance(value, dict) else {}


def _dates(each: Any) -> Difference:
    """A phase's dates: with the old ones where they were changed in public, else as they were given in the form."""
    if isinstance(each, dict):
        label = Phase.Kind(each["kind"]).label
        return Difference(label, _span(each["old_starts_at"], each["old_ends_at"]), _new_span(each))
    kind, starts_at, ends_at = each
    return Difference(Phase.Kind(kind).label, None, _span(starts_at, None if ends_at == "None" else ends_at))


def _new_span(each: dict[str, Any]) -> str:
    return _span(each["new_starts_at"], each["new_ends_at"]) if each["new_starts_at"] else gettext("taken out")


def _span(starts_at: str, ends_at: str | None) -> str:
    starts, ends = parse_datetime(starts_at), parse_datetime(ends_at) if ends_at else None
    assert starts is not None
    words = {"start": when(starts), "end": when(ends) if ends else ""}
    if ends is None:
        return gettext("starts %(start)s, with no end") % words
    return gettext("starts %(start)s, ends %(end)s") % words
