"""The Atom feeds: of all public consultations, of an agency's, of one. What anybody may see, whoever asks.

A hidden text, a count before its time, a draft is in none: sources read what is public (``entries.py``).
"""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Agency
from consultations.clock import database_now
from consultations.feeds.atom import atom, etag_of
from consultations.feeds.entries import Source, entries_of
from consultations.milestones.feed import reports
from consultations.models import Consultation

MAX_AGE = 300  # seconds that a cache may keep it
CONSULTATIONS = 200  # the latest, of which a feed tells
anybody = AnonymousUser()


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is new in all public consultations, or with ``?agency=`` in those of one agency."""
    found = Consultation.objects.visible_to(anybody).listed().order_by("-published_at")
    path, title, author = reverse("consultations:consultations"), gettext("Consultations · Asamblea"), "Asamblea"
    if slug := request.GET.get("agency"):
        agency = get_object_or_404(Agency, slug=slug)
        found = found.filter(agency=agency)
        path, title, author = agency.get_absolute_url(), f"{agency.name} · Asamblea", agency.name
    return _answer(request, list(found[:CONSULTATIONS]), title=title, path=path, author=author)


@require_safe
def consultation_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new in one public consultation. A private one has no feed: feed readers do not log in."""
    found = get_object_or_404(Consultation.objects.visible_to(anybody).select_related("agency"), slug=slug)
    return _answer(
        request,
        [found],
        title=f"{found.title} · Asamblea",
        path=found.get_absolute_url(),
        author=found.agency.name,
    )


@require_safe
def follow_up_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What is reported of a public consultation's pledges, and nothing else."""
    found = get_object_or_404(Consultation.objects.visible_to(anybody).select_related("agency"), slug=slug)
    return _answer(
        request,
        [found],
        title=f"{gettext('What becomes of it')}: {found.title} · Asamblea",
        path=reverse("consultations:follow-up", args=[slug]),
        author=found.agency.name,
        sources=[reports],
    )


def _answer(
    request: HttpRequest,
    consultations: Sequence[Consultation],
    *,
    title: str,
    path: str,
    author: str,
    sources: Sequence[Source] = (),
) -> HttpResponse:
    now = database_now()
    entries = entries_of(consultations, now, sources)
    etag, newest = etag_of(entries), max((entry.at for entry in entries), default=None)
    answer = get_conditional_response(request, etag=etag, last_modified=int(newest.timestamp()) if newest else None)
    if answer is None:
        document = atom(
            title, path=path, feed_path=request.get_full_path(), entries=entries, updated=now, author=author
        )
        answer = HttpResponse(document, content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = etag
    if newest:
        answer["Last-Modified"] = http_date(newest.timestamp())
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])  # the language
    answer["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return answer
