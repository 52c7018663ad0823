"""Whether a consultation has a text to read, and the cards of its texts on its page. Costs its pages no query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from consultations.models import Consultation, Document, Version

_PUBLISHED = Q(versions__published_at__isnull=False)


def with_documents(consultations: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    """Annotates what ``cards_of`` reads."""
    return consultations.annotate(document_rows=_documents())


def _documents() -> ArraySubquery:
    found = Document.objects.filter(consultation=OuterRef("pk")).annotate(
        number=Max("versions__number", filter=_PUBLISHED), published_at=Max("versions__published_at", filter=_PUBLISHED)
    )
    row = JSONObject(pk="pk", title="title", number="number", published_at="published_at")
    return ArraySubquery(found.order_by("position").values(row=row))


def cards_of(consultation: Any, *, may_change: bool) -> list[dict[str, Any]]:
    """The texts of a consultation that ``with_documents`` fetched: ``number`` and ``published_at`` are those of the
    newest published version, None where there is none: such a text is there for editors alone."""
    cards = []
    for row in consultation.document_rows:
        if row["number"] is None and not may_change:
            continue
        at = row["published_at"]
        cards.append({**row, "published_at": parse_datetime(at) if at else None})
    return cards


def with_text(consultations: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    """Annotates what ``has_text`` reads, so that a list of many asks once."""
    return consultations.annotate(has_published_text=Exists(_texts(OuterRef("pk"))))


def has_text(consultation: Any) -> bool:
    """Whether a version of a text in it is published."""
    known = getattr(consultation, "has_published_text", None)
    return _texts(consultation.pk).exists() if known is None else bool(known)


def _texts(consultation: Any) -> QuerySet[Version]:
    return Version.objects.filter(document__consultation=consultation, published_at__isnull=False)


def with_drafts(consultations: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    """Each with ``version_drafts``: of its texts, the version that is written and not published (``drafts_of``)."""
    drafts = Version.objects.filter(document__consultation=OuterRef("pk"), published_at__isnull=True)
    row = JSONObject(document="document", title="document__title", number="number", since="created_at")
    return consultations.annotate(version_drafts=ArraySubquery(drafts.order_by("document").values(row=row)))


def drafts_of(consultation: Any) -> list[dict[str, Any]]:
    """document (its id), title, number, since: of what ``with_drafts`` fetched."""
    return [{**row, "since": parse_datetime(row["since"])} for row in consultation.version_drafts]
