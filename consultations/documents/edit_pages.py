"""Where editors write the draft of a version: the list of its parts, and one part by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict, InvalidInput
from consultations.documents import drafting, editing, queries
from consultations.documents.drafting import CHANGED_MEANWHILE, Part
from consultations.documents.forms import ArticleForm, TitleForm
from consultations.documents.pages import crumbs_below
from consultations.models import Document, Version
from consultations.pages import crumbs_to
from consultations.queries import consultation_or_404

# What a button of the list does with the part that it stands beside.
ACTS: dict[str, Callable[[Sequence[Part], UUID], list[Part]]] = {
    "up": lambda parts, identity: editing.moved(parts, identity, -1),
    "down": lambda parts, identity: editing.moved(parts, identity, 1),
    "merge": editing.merged,
    "split": editing.split,
    "delete": editing.removed,
}


@require_http_methods(["GET", "HEAD", "POST"])
def create_document(request: HttpRequest, slug: str) -> HttpResponse:
    """A new draft text: its title first, then its words."""
    found = consultation_or_404(request.user, slug)
    require(request.user, queries.MAY_CHANGE, found)
    form = TitleForm(posted(request))
    create = partial(attempt, form, drafting.create_document, consultation=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and (document := create(**form.cleaned_data)):
        messages.success(request, gettext("Now its text. Nobody sees it before you publish it."))
        return redirect("consultations:import-text", document.pk)
    context = {"consultation": found, "crumbs": crumbs_to(found)}
    return answer_form(request, "consultations/create_document.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the draft, with what can be done with each. Buttons send ``act`` as "up:<identity>"."""
    document = editable_or_404(request, pk)
    version = draft_of(document)
    if request.method == "POST":
        return _act(request, document, version)
    context = {
        "document": document,
        "consultation": document.consultation,
        "version": version,
        "latest": document.versions.filter(published_at__isnull=False).last(),
        "rows": queries.reading(list(version.articles.all())) if version else [],
        "crumbs": crumbs_below(document),
        "may_publish": request.user.has_perm("consultations.publish_consultation", document.consultation),
    }
    return render(request, "consultations/edit_document.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_article(request: HttpRequest, pk: int, identity: UUID) -> HttpResponse:
    """One part. What somebody else saved meanwhile stands beside what was typed here, and nothing is lost."""
    document = editable_or_404(request, pk)
    version = _draft_or_404(document)
    parts = drafting.parts_of(version)
    part = next((part for part in parts if part.identity == identity), None)
    if part is None and request.method != "POST":
        raise Http404
    form = ArticleForm(posted(request), part=part or Part(), revision=version.revision)
    if request.method == "POST" and form.is_valid():

        def change(**fields: str) -> Version:
            parts_now = editing.changed(parts, identity, **fields)
            if "split" in request.POST:
                parts_now = editing.split(parts_now, identity)
            return _write(request, version, form.cleaned_data["revision"], parts_now)

        if attempt(form, change, **form.fields_of_part()):
            return _back_to_list(request, document, identity)
    return _article_page(request, document, version, form, part)


@require_http_methods(["GET", "HEAD", "POST"])
def add_article(request: HttpRequest, pk: int) -> HttpResponse:
    """One more part, after the one that ``after`` names or at the beginning."""
    document = editable_or_404(request, pk)
    version = _draft_or_404(document)
    form = ArticleForm(posted(request), part=Part(), revision=version.revision)
    after = _identity(request.GET.get("after", ""))
    if request.method == "POST" and form.is_valid():
        part = form.part()

        def add() -> Version:
            parts = editing.added(drafting.parts_of(version), part, after)
            return _write(request, version, form.cleaned_data["revision"], parts)

        if attempt(form, add):
            return _back_to_list(request, document, part.identity)
    return _article_page(request, document, version, form, None)


def editable_or_404(request: HttpRequest, pk: int) -> Document:
    document = queries.document_or_404(request.user, pk)
    require(request.user, queries.MAY_CHANGE, document.consultation)
    return document


def draft_of(document: Document) -> Version | None:
    version = document.versions.filter(published_at__isnull=True).first()
    if version is not None:
        version.document = document
    return version


def _draft_or_404(document: Document) -> Version:
    version = draft_of(document)
    if version is None:
        raise Http404
    return version


def _act(request: HttpRequest, document: Document, version: Version | None) -> HttpResponse:
    """What a button of the list asks. Refusals become pages of their own: nothing was typed that could be lost."""
    act, _, name = request.POST.get("act", "").partition(":")
    if act == "rename":
        drafting.rename_document(document=document, actor=request.user, title=request.POST.get("title", ""))
        messages.success(request, gettext("The new title is saved."))
        return redirect("consultations:edit-document", document.pk)
    if version is None and act == "discard":  # the button was pressed twice
        return redirect("consultations:edit-document", document.pk)
    if version is None and act != "begin":
        raise Conflict(CHANGED_MEANWHILE, page=request.path)
    if act == "begin" or version is None:
        drafting.start_draft(document=document, actor=request.user)
        return redirect("consultations:edit-document", document.pk)
    revision = number_in(request.POST.get("revision", ""))
    if act == "discard":
        drafting.discard_draft(version=version, actor=request.user, known_revision=revision)
        messages.success(request, gettext("The draft is thrown away."))
        if document.pk is None or not document.versions.exists():
            return redirect(document.consultation)
        return redirect("consultations:edit-document", document.pk)
    identity = _identity(name)
    if act not in ACTS or identity is None:
        raise InvalidInput("no_such_act", gettext("Choose one of the buttons."))
    _write(request, version, revision, ACTS[act](drafting.parts_of(version), identity))
    return _back_to_list(request, document, identity if act in {"up", "down", "split"} else None)


def _write(request: HttpRequest, version: Version, revision: int, parts: Sequence[Part]) -> Version:
    return drafting.write_articles(version=version, actor=request.user, known_revision=revision, articles=parts)


def _article_page(
    request: HttpRequest, document: Document, version: Version, form: ArticleForm, part: Part | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "document": document,
        "part": part,
        "crumbs": [
            *crumbs_below(document),
            {"title": gettext("Draft"), "url": reverse("consultations:edit-document", args=[document.pk])},
        ],
    }
    if form.has_error(NON_FIELD_ERRORS, CHANGED_MEANWHILE.code):
        version.refresh_from_db()
        form.know(version.revision)
        context["theirs"] = part
    return answer_form(request, "consultations/edit_article.html", form, **context)


def _back_to_list(request: HttpRequest, document: Document, identity: UUID | None) -> HttpResponse:
    address = reverse("consultations:edit-document", args=[document.pk])
    return redirect(f"{address}#a-{identity}" if identity else address)


def _identity(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def number_in(words: str) -> int:
    """-1, which no revision and no place is, where it is none."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else -1
