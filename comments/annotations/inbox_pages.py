"""The inbox of a draft text: where editors place annotations that could not be placed by themselves."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require
from accounts.refusals import InvalidInput, Text
from comments import queries
from comments.annotations import inbox, reading
from comments.annotations.models import Placement
from comments.annotations.settling import MAY_SETTLE, Place, place_of_words, settle
from comments.pages import number_asked
from consultations.documents.queries import document_or_404
from consultations.models import Article, Document, Version


@require_safe
def placing_inbox(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits in the latest version; ``?show=changed``: what was placed on changed words, to look at."""
    return _show(request, _document(request, pk))


@require_POST
def settle_placement(request: HttpRequest, pk: int, placement_id: int) -> HttpResponse:
    """Place one, or leave it. What cannot be done is said at its form, with what was typed."""
    document = _document(request, pk)
    found = Placement.objects.select_related("version__document__consultation", "annotation__comment")
    found = found.filter(annotation__comment__held_at__isnull=True)
    placement = get_object_or_404(found, pk=placement_id, version__document=document)
    try:
        place = None if "leave" in request.POST else _place(request, placement.version)
        settled = settle(placement=placement, actor=request.user, place=place)
    except InvalidInput as refusal:
        return _show(request, document, failed=placement, fault=refusal.sentence)
    messages.success(request, _done(settled))
    show = "?show=changed" if placement.state == Placement.State.TEXT_CHANGED else ""
    return redirect(f"{reverse('comments:placing-inbox', args=[pk])}{show}")


def _done(settled: Placement) -> str:
    if settled.article_id is None:
        return _("It is left in the version where it was made, and its author is told.")
    if settled.state == Placement.State.TEXT_CHANGED:
        return _("Its place is confirmed.")
    return _("It is placed, and its author is told.")


def _place(request: HttpRequest, version: Version) -> Place:
    chosen = request.POST.get("place", "")
    if chosen:
        numbers = chosen.split(":")
        if len(numbers) != 3 or not all(_is_number(number) for number in numbers):
            raise Http404
        article_id, start, end = (int(number) for number in numbers)
        return get_object_or_404(version.articles, pk=article_id), start, end
    within = request.POST.get("article", "")
    article = get_object_or_404(version.articles, pk=int(within)) if _is_number(within) else None
    return place_of_words(version, request.POST.get("words", ""), article)


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 19


def _document(request: HttpRequest, pk: int) -> Document:
    document = document_or_404(request.user, pk)
    require(request.user, MAY_SETTLE, document.consultation)
    return document


def _show(
    request: HttpRequest, document: Document, *, failed: Placement | None = None, fault: Text = ""
) -> HttpResponse:
    version = document.versions.filter(published_at__isnull=False).order_by("-number").first()
    if version is None:
        raise Http404
    version.document = document
    is_changed = request.GET.get("show") == "changed" or (
        failed is not None and failed.state == Placement.State.TEXT_CHANGED
    )
    open_rows, changed_rows = inbox.waiting(version), inbox.changed(version)
    counts = {"waiting": open_rows.count(), "changed": changed_rows.count()}
    articles: list[Article] = list(version.articles.defer("body", "html"))
    rows = (changed_rows if is_changed else open_rows).order_by("pk")
    after = number_asked(request, "after")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(
        rows.select_related("annotation__article__version", "article").defer(
            "annotation__article__body", "annotation__article__html", "article__body", "article__html"
        )[: inbox.ON_A_PAGE + 1]
    )
    shown = found[: inbox.ON_A_PAGE]
    comments = reading.comments_of(shown, queries.ANYBODY)
    context: dict[str, Any] = {
        "document": document,
        "consultation": document.consultation,
        "version": version,
        "counts": counts,
        "is_changed": is_changed,
        "items": [
            (item, comments[item.placement.annotation_id])
            for item in inbox.items(shown, version, articles)
            if item.placement.annotation_id in comments
        ],
        "articles": [(article.pk, article.name) for article in articles if article.text],
        "older_url": f"?show={'changed' if is_changed else ''}&after={shown[-1].pk}" if len(found) > len(shown) else "",
        "failed": failed.pk if failed else None,
        "fault": fault,
        "typed": request.POST,
    }
    return render(request, "comments/placing_inbox.html", context, status=400 if failed else 200)
