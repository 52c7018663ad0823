"""Comparing two versions; and looking over what a draft changes before it is published."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from consultations.documents import comparing, publishing, queries
from consultations.documents.drafting import CHANGED_MEANWHILE
from consultations.documents.edit_pages import draft_of
from consultations.documents.forms import PublishForm
from consultations.documents.import_pages import crumbs_to_draft
from consultations.documents.pages import crumbs_below
from consultations.following import followers
from consultations.models import Document, Version


@require_safe
def compare(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """What changed from one version to another, inline or with ``?view=side`` side by side. The lower number first."""
    if old == new:
        return redirect("consultations:version", pk, new)
    if old > new:
        return redirect("consultations:compare", pk, new, old)
    versions = queries.versions_for(request.user, queries.document_or_404(request.user, pk))
    before, after = (queries.numbered_or_404(versions, number) for number in (old, new))
    changes = comparing.changes_of(before, after)
    context = {
        "document": after.document,
        "consultation": after.document.consultation,
        "old": before,
        "new": after,
        "versions": versions,
        "runs": comparing.in_runs(changes),
        "summary": comparing.summary_of(changes),
        "is_side": request.GET.get("view") == "side",
        "crumbs": crumbs_below(after.document),
    }
    return render(request, "consultations/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish_version(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes with the draft, what becomes of the annotations, and the button."""
    document = queries.document_or_404(request.user, pk)
    require(request.user, "consultations.publish_consultation", document.consultation)
    version = draft_of(document)
    if version is None:
        if request.method == "POST":  # somebody was first, or the button was pressed twice
            return redirect("consultations:document", pk)
        return redirect("consultations:edit-document", pk)
    form = PublishForm(posted(request), initial={"revision": version.revision, "summary": version.summary})
    if request.method == "POST" and form.is_valid():
        publish = partial(publishing.publish_version, version=version, actor=request.user)
        published = attempt(
            form, publish, known_revision=form.cleaned_data["revision"], summary=form.cleaned_data["summary"]
        )
        if published:
            sentence = gettext("Version %(number)s is published.") % {"number": published.number}
            messages.success(request, sentence)
            return redirect(document)
    if form.has_error("__all__", CHANGED_MEANWHILE.code):
        version.refresh_from_db(fields=["revision"])
        form.know(version.revision)
    return answer_form(request, "consultations/publish_version.html", form, **_outlook(document, version))


def _outlook(document: Document, version: Version) -> dict[str, Any]:
    old = publishing.last_published(document)
    changes = comparing.changes_of(old, version) if old else []
    told = list(followers(document.consultation)) if document.consultation.is_published else []
    landing = publishing.landing_of(old, version) if old else {}
    return {
        "document": document,
        "version": version,
        "old": old,
        "summary": comparing.summary_of(changes),
        "landing": [
            {"label": label, "count": landing[state]}
            for state, label in publishing.LANDING_NAMES.items()
            if landing.get(state)
        ],
        "part_count": None if old else version.articles.count(),
        "follower_count": len(told),
        "crumbs": crumbs_to_draft(document),
    }
