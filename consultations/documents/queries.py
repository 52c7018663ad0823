"""What the pages of draft texts read, each in a constant number of queries."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Person
from consultations.models import Article, Consultation, Document, Version

MAY_CHANGE = "consultations.change_consultation"
PUBLISHED = Version.objects.filter(published_at__isnull=False)


def document_or_404(user: Person, pk: int) -> Document:
    """A document with its consultation. One of which nothing is published yet is there for its editors alone."""
    found = _documents(user).annotate(is_public=Exists(PUBLISHED.filter(document=OuterRef("pk"))))
    document = get_object_or_404(found, pk=pk)
    if not document.is_public and not user.has_perm(MAY_CHANGE, document.consultation):
        raise Http404
    return document


def versions_for(user: Person, document: Document) -> list[Version]:
    """The versions that the person may read, the newest first; the draft among them for an editor."""
    versions = document.versions.order_by("-number")
    if not user.has_perm(MAY_CHANGE, document.consultation):
        versions = versions.filter(published_at__isnull=False)
    found = list(versions)
    for version in found:
        version.document = document
    return found


def documents_of(consultation: Consultation, user: Person) -> Sequence[Document]:
    """Those to show on the consultation's page: with ``published_count``, and those without any for editors alone."""
    found = consultation.documents.annotate(
        published_count=Count("versions", filter=Q(versions__published_at__isnull=False))
    )
    rows = list(found)
    if all(row.published_count for row in rows):
        return rows
    may_change = user.has_perm(MAY_CHANGE, consultation)
    return [row for row in rows if row.published_count or may_change]


def numbered_or_404(versions: Iterable[Version], number: int) -> Version:
    """Of the versions that the person may read, the one with this number."""
    for version in versions:
        if version.number == number:
            return version
    raise Http404


def reading(articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Each article with the level of its heading: below the page's own, and below the titles and chapters over it."""
    levels = {Article.Kind.TITLE: 2, Article.Kind.CHAPTER: 3, Article.Kind.SECTION: 4}
    above: list[int] = []
    rows = []
    for article in articles:
        rank = levels.get(Article.Kind(article.kind), 9)
        above = [level for level in above if level < rank]
        rows.append({"article": article, "level": 2 + len(above), "depth": len(above)})
        if rank < 9:
            above.append(rank)
    return rows


def _documents(user: Person) -> QuerySet[Document, Any]:
    visible = Consultation.objects.visible_to(user)
    return Document.objects.filter(consultation__in=visible.values("pk")).select_related("consultation__agency")
