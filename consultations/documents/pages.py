"""Reading a draft text: its versions, and permanent links to each article."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations.documents import queries
from consultations.models import Document, Version
from consultations.pages import Crumbs, crumbs_to


def crumbs_below(document: Document) -> Crumbs:
    """The way down to what lies below a document."""
    return [*crumbs_to(document.consultation), {"title": document.title, "url": document.get_absolute_url()}]


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest published version. To editors of one that is not published yet, the draft."""
    found = queries.document_or_404(request.user, pk)
    number = queries.latest_number(found)
    version = queries.version_or_404(request.user, pk, number or 1)
    return _read(request, version)


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, at an address that always shows the same."""
    return _read(request, queries.version_or_404(request.user, pk, number))


@require_safe
def article(request: HttpRequest, pk: int, number: int, identity: UUID) -> HttpResponse:
    """The permanent address of an article: its place in the version, or in the newest where it is no longer there."""
    found = queries.version_or_404(request.user, pk, number)
    queries.article_or_404(found, identity)
    return redirect(f"{reverse('consultations:version', args=[pk, number])}#a-{identity}")


def _read(request: HttpRequest, version: Version) -> HttpResponse:
    found = version.document
    versions = queries.versions_for(request.user, found)
    published = [one for one in versions if one.is_published]
    if version not in versions:
        raise Http404
    rows = queries.reading(list(version.articles.all()))
    context = {
        "document": found,
        "consultation": found.consultation,
        "version": version,
        "versions": versions,
        "before": next((one for one in published if one.number < version.number), None),
        "latest": published[0] if published else None,
        "rows": rows,
        "crumbs": crumbs_to(found.consultation),
        "may_change": request.user.has_perm(queries.MAY_CHANGE, found.consultation),
    }
    return render(request, "consultations/version.html", context)
