"""Reading a draft text: its versions, and permanent links to each article."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.files.documents import cleaned_name
from consultations.documents import downloads, queries
from consultations.documents.presence import cards_of, with_documents
from consultations.models import Consultation, Document, Version
from consultations.pages import Crumbs, crumbs_to

# What a version is taken along as, and how that is called.
DOWNLOAD_KINDS = [("docx", "DOCX"), ("html", "HTML"), ("md", "Markdown")]


def crumbs_below(document: Document) -> Crumbs:
    """The way down to what lies below a document."""
    return [*crumbs_to(document.consultation), {"title": document.title, "url": document.get_absolute_url()}]


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft texts of a consultation; for its editors also those of which nothing is published, and the way to one
    more."""
    found = get_object_or_404(with_documents(Consultation.objects.visible_to(request.user)), slug=slug)
    may_change = request.user.has_perm(queries.MAY_CHANGE, found)
    context = {
        "consultation": found,
        "documents": cards_of(found, may_change=may_change),
        "crumbs": crumbs_to(found),
        "may_change": may_change,
    }
    return render(request, "consultations/documents.html", context)


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest published version. To editors of one that is not published yet, the draft."""
    found = queries.document_or_404(request.user, pk)
    versions = queries.versions_for(request.user, found)
    newest = next((version for version in versions if version.is_published), versions[-1])
    return _read(request, newest, versions)


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, at an address that always shows the same."""
    versions = queries.versions_for(request.user, queries.document_or_404(request.user, pk))
    return _read(request, queries.numbered_or_404(versions, number), versions)


@require_safe
def article(request: HttpRequest, pk: int, number: int, identity: UUID) -> HttpResponse:
    """The permanent address of an article: its place in the version."""
    versions = queries.versions_for(request.user, queries.document_or_404(request.user, pk))
    get_object_or_404(queries.numbered_or_404(versions, number).articles, identity=identity)
    return redirect(f"{reverse('consultations:version', args=[pk, number])}#a-{identity}")


@require_safe
def download(request: HttpRequest, pk: int, number: int, suffix: str) -> HttpResponse:
    """A version as a file; with ``?annotations=1`` also what people said of it."""
    if suffix not in downloads.CONTENT_TYPES:
        raise Http404
    versions = queries.versions_for(request.user, queries.document_or_404(request.user, pk))
    found = queries.numbered_or_404(versions, number)
    notes = downloads.notes_of(found, request.user) if request.GET.get("annotations") == "1" else {}
    address = request.build_absolute_uri(reverse("consultations:version", args=[pk, number]))
    answer = HttpResponse(
        downloads.file_of(found, suffix, notes, address), content_type=downloads.CONTENT_TYPES[suffix]
    )
    name = cleaned_name(f"{found.document.title} v{number}", suffix)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _read(request: HttpRequest, version: Version, versions: Sequence[Version]) -> HttpResponse:
    found = version.document
    published = [one for one in versions if one.is_published]
    context = {
        "document": found,
        "consultation": found.consultation,
        "version": version,
        "versions": versions,
        "before": next((one for one in published if one.number < version.number), None),
        "latest": published[0] if published else None,
        "rows": queries.reading(list(version.articles.all())),
        "crumbs": crumbs_to(found.consultation),
        "download_kinds": DOWNLOAD_KINDS,
        "may_change": request.user.has_perm(queries.MAY_CHANGE, found.consultation),
    }
    return render(request, "consultations/version.html", context)
