"""What a consultation's page shows besides the consultation itself, brought by the one query that fetches it.

A few small rows each (files, changed dates), so they come as JSON in a column of that query: the page has a budget of
queries, and these cost none.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from consultations.documents.presence import with_documents
from consultations.models import Attachment, Consultation, DateChange, District, Pledge, Proposal, Question
from consultations.running import answered
from consultations.running.sentences import said

_OF_ATTACHMENT = ("pk", "title", "file_name", "suffix", "size_bytes", "digest", "width", "height")
_TIMES = ("old_starts_at", "old_ends_at", "new_starts_at", "new_ends_at", "changed_at")
_OF_DISTRICT = ("pk", "name", "amount_cents", "population", "is_for_all")
_OF_DATE_CHANGE = ("phase_kind", "reason", *_TIMES)


def with_page_facts(consultations: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    """With cover, logo, attachments, changed dates and districts, for ``attachments_of`` and what stands beside it.

    And with ``has_questions``, so that a page without any does not ask for them; and with how many contributions have
    their answer.
    """
    return (
        with_documents(answered.with_counts(consultations))
        .select_related("cover", "agency__logo")
        .annotate(
            attachment_rows=_attachments(),
            district_rows=_districts(),
            date_change_rows=_date_changes(),
            has_pledges=Exists(Pledge.objects.filter(consultation=OuterRef("pk"))),
            has_questions=_has_questions(),
        )
    )


def _attachments() -> ArraySubquery:
    attachments = Attachment.objects.filter(consultation=OuterRef("pk"), proposal__isnull=True).order_by("pk")
    return ArraySubquery(attachments.values(row=_row(_OF_ATTACHMENT)))


def _districts() -> ArraySubquery:
    districts = District.objects.filter(consultation=OuterRef("pk")).order_by("position")
    return ArraySubquery(districts.values(row=_row(_OF_DISTRICT)))


def _date_changes() -> ArraySubquery:
    changes = DateChange.objects.filter(consultation=OuterRef("pk")).order_by("-pk")
    return ArraySubquery(changes.values(row=_row(_OF_DATE_CHANGE)))


def _has_questions() -> Exists:
    return Exists(Question.objects.filter(consultation=OuterRef("pk")))


def with_photos(proposals: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    """With the photos beside each proposal, for ``attachments_of``."""
    return proposals.annotate(attachment_rows=_photos())


def _photos() -> ArraySubquery:
    photos = Attachment.objects.filter(proposal=OuterRef("pk")).order_by("pk")
    return ArraySubquery(photos.values(row=_row(_OF_ATTACHMENT)))


def attachments_of(found: Any) -> list[Attachment]:
    """The files beside what ``with_page_facts`` or ``with_photos`` fetched."""
    return [Attachment(**row) for row in found.attachment_rows]


def districts_of(consultation: Any) -> list[District]:
    """The parts of its budget, in their order."""
    return [District(**row) for row in consultation.district_rows]


def date_changes_of(consultation: Any) -> Sequence[tuple[list[str], DateChange]]:
    """What was announced about dates, the latest first: the sentences of what was changed at once for one reason."""
    changes = [DateChange(**{**row, **_times(row)}) for row in consultation.date_change_rows]
    announced = groupby(changes, key=lambda change: (change.reason, change.changed_at.date()))
    at_once = [list(together)[::-1] for _act, together in announced]
    return [([said(change) for change in together], together[0]) for together in at_once]


def _row(names: Sequence[str]) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def _times(row: dict[str, Any]) -> dict[str, Any]:
    return {name: parse_datetime(row[name]) if row[name] else None for name in _TIMES}
