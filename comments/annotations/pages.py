"""The pages of annotations: those of a place of a version, and the form of a new one.

Each is a page by itself, and for ``draft-text.js``, which asks with ``X-Requested-With: fetch``, only its middle.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.forms import add_refusal
from accounts.parking import keeps_what_was_typed, parked
from accounts.refusals import NEEDS_ACCOUNT, Refusal
from comments.annotations import listing, reading
from comments.annotations.annotating import annotate
from comments.annotations.cards import address_in
from comments.annotations.forms import AnnotationForm
from comments.annotations.models import Annotation
from comments.annotations.passages import beside, wider
from comments.annotations.wording import shortened
from comments.commenting import SaidAlready
from comments.models import Comment
from comments.pages import number_asked
from comments.rights import rights_of
from consultations.models import Article

Purpose = Annotation.Purpose


@require_safe
@vary_on_headers("X-Requested-With")
def annotations(request: HttpRequest) -> HttpResponse:
    """Those of ``?version=``, of one ``article`` of it, or of the words from ``start`` to ``end`` of that."""
    wanted = listing.asked(request)
    if wanted.article is not None:
        article = get_object_or_404(reading.article_to_annotate(request.user, wanted.article))
        version = article.version
    else:
        article = None
        version = get_object_or_404(reading.version_to_read(request.user, number_asked(request, "version")))
    context = listing.context_of(request, version, article, wanted)
    if wanted.has_words:
        assert article is not None
        context["passage"] = _passage(request, article)
    if _is_fetched(request):
        return render(request, "comments/annotation_list.html", context)
    return render(request, "comments/annotations.html", context)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("X-Requested-With")
def annotate_words(request: HttpRequest) -> HttpResponse:
    """The form for the words from ``?start=`` to ``end`` of ``article``; ``purpose``: comment, suggest or ask."""
    article = get_object_or_404(reading.article_to_annotate(request.user, number_asked(request, "article")))
    passage = _passage(request, article)
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in Purpose.values else Purpose.COMMENT
    consultation = article.version.document.consultation
    rights = rights_of(request.user, consultation)
    form = AnnotationForm(
        request.POST if request.method == "POST" else None,
        initial=parked(request),
        rights=rights,
        consultation=consultation,
        purpose=purpose,
        passage=passage["words"],
        auto_id="annotation_%s",
    )
    status = 200
    refused: Refusal | None = None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _annotate(request, form, article, passage["start"], purpose)
            except Refusal as refusal:
                if refusal.reason == NEEDS_ACCOUNT:
                    raise
                refused, status = refusal, refusal.status
                add_refusal(form, refusal)
    context = {
        "form": form,
        "refused": refused,
        "rights": rights,
        "refusal": None if rights.may_write else rights.refusal,
        "is_for_newcomers": rights.refusal is not None and rights.refusal.reason == NEEDS_ACCOUNT,
        "article": article,
        "name": article.name,
        "version": article.version,
        "document": article.version.document,
        "consultation": consultation,
        "passage": passage,
        "purposes": [
            {"name": name, "label": label, "url": _address(article, passage, name), "is_current": name == purpose}
            for name, label in Purpose.choices
        ],
        "action": _address(article, passage, purpose),
        "next": request.get_full_path(),
    }
    template = "comments/annotation_form.html" if _is_fetched(request) else "comments/annotate.html"
    return render(request, template, context, status=status)


def _annotate(request: HttpRequest, form: AnnotationForm, article: Article, start: int, purpose: str) -> HttpResponse:
    exact = form.cleaned_data["exact"]
    start += form.offset
    try:
        said = annotate(
            article=article,
            actor=request.user,
            start=start,
            end=start + len(exact),
            exact=exact,
            purpose=purpose,
            body=form.cleaned_data["body"],
            suggestion=form.cleaned_data.get("suggestion", ""),
            is_official=form.is_official,
        )
        text = _done(said)
    except SaidAlready as already:
        said, text = already.comment, _("It was received already: here it is.")
    address = address_in(said.annotation, article.version)
    if _is_fetched(request):
        answer = {"id": said.pk, "text": text, "held": said.held_at is not None}
        return JsonResponse(answer, status=201, headers={"Location": address})
    messages.success(request, text)
    return redirect(address)


def _done(said: Comment) -> str:
    if said.held_at:
        return _("We have it. A moderator reads it before the others do; so far only you see it.")
    return f"{_('Your annotation is published.')} {_('You can correct it for 15 minutes.')}"


def _passage(request: HttpRequest, article: Article) -> dict[str, Any]:
    """The words that the address names, and the wider ones around them. What lies outside the text is not found."""
    start, end = number_asked(request, "start"), number_asked(request, "end")
    if start is None or end is None or not 0 <= start < end <= len(article.text):
        raise Http404
    before, after = beside(article.text, start, end, 60)
    return {
        "start": start,
        "end": end,
        "words": article.text[start:end],
        "shown": shortened(article.text[start:end]),
        "before": before,
        "after": after,
        "wider": [
            {"label": label, "url": _list_address(article, {"start": one, "end": other})}
            for label, one, other in wider(article.text, start, end)
        ],
        "url": _list_address(article, {"start": start, "end": end}),
        "acts": [
            {"name": name, "label": label, "url": _address(article, {"start": start, "end": end}, name)}
            for name, label in Purpose.choices
        ],
    }


def _list_address(article: Article, passage: dict[str, Any]) -> str:
    place = {"article": article.pk, "start": passage["start"], "end": passage["end"]}
    return f"{reverse('comments:annotations')}?{urlencode(place)}"


def _address(article: Article, passage: dict[str, Any], purpose: str) -> str:
    place = {"article": article.pk, "start": passage["start"], "end": passage["end"], "purpose": purpose}
    return f"{reverse('comments:annotate')}?{urlencode(place)}"


def _is_fetched(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
