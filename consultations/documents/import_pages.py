"""Bringing a whole text in: paste it or choose a file, look over what was found, correct it, save it as the draft."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict, InvalidInput, Refusal
from consultations.documents import importing
from consultations.documents.edit_pages import draft_of, editable_or_404, number_in
from consultations.documents.forms import SourceForm
from consultations.documents.importing import NO_DRAFT, Row
from consultations.documents.pages import crumbs_below
from consultations.documents.reading_files import Given, read_upload
from consultations.models import Article, Document


@require_http_methods(["GET", "HEAD", "POST"])
def import_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The text first; then its parts in a form, sent again for each correction and in the end to be saved."""
    document = editable_or_404(request, pk)
    if "kind_0" in request.POST:
        return _correct_or_save(request, document)
    form = SourceForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():

        def found() -> list[Row]:
            file = form.cleaned_data["file"]
            return importing.read(document, read_upload(file) if file else Given(form.cleaned_data["text"]))

        rows = attempt(form, found)
        if rows:
            return _preview(request, document, rows, _revision(document))
    context = {"document": document, "crumbs": crumbs_to_draft(document), "draft": draft_of(document)}
    return answer_form(request, "consultations/import_text.html", form, **context)


def crumbs_to_draft(document: Document) -> list[dict[str, str]]:
    url = reverse("consultations:edit-document", args=[document.pk])
    return [*crumbs_below(document), {"title": gettext("Draft"), "url": url}]


def _correct_or_save(request: HttpRequest, document: Document) -> HttpResponse:
    rows = importing.rows_of(request.POST)
    known = number_in(request.POST.get("revision", ""))
    act, _, number = request.POST.get("act", "").partition(":")
    try:
        if act:
            rows = importing.corrected(rows, act, number_in(number))
            return _preview(request, document, rows, known)
        version = importing.save(document=document, actor=request.user, known_revision=known, rows=rows)
    except InvalidInput as refusal:
        return _preview(request, document, rows, known, refusal)
    except Conflict as refusal:
        # What is stored now is what the next save goes over, knowingly: the page says that somebody was there.
        return _preview(request, document, rows, _revision(document), refusal)
    count = version.articles.count()
    messages.success(request, gettext("The draft has %(count)s parts now. Nobody sees it yet.") % {"count": count})
    return redirect("consultations:edit-document", document.pk)


def _preview(
    request: HttpRequest, document: Document, rows: Sequence[Row], known: int, refusal: Refusal | None = None
) -> HttpResponse:
    earlier = importing.earlier_parts(document)
    draft = draft_of(document)
    context: dict[str, Any] = {
        "document": document,
        "crumbs": crumbs_to_draft(document),
        "rows": rows,
        "revision": known,
        "kinds": Article.Kind.choices,
        "earlier": [(n, importing.name_of(n, part)) for n, part in enumerate(earlier, start=1)],
        "left_behind": importing.left_behind(rows, earlier),
        "doubts": importing.doubts(rows),
        "pictures_left": importing.pictures_left(rows),
        "refusal": refusal,
        "replaces": draft is not None and draft.articles.exists(),
    }
    status = refusal.status if refusal else 200
    return render(request, "consultations/import_preview.html", context, status=status)


def _revision(document: Document) -> int:
    draft = draft_of(document)
    return NO_DRAFT if draft is None else draft.revision
