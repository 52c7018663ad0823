"""The reply report, for everybody who sees the consultation: the page, and the files."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import get_valid_filename
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comments.dispositions import listing, report, report_docx
from comments.dispositions.listing import Asked
from comments.dispositions.places import places_of, with_places
from comments.models import Disposition
from consultations.clock import database_now
from consultations.models import Consultation
from consultations.open_data import pages as data_pages
from consultations.pages import crumbs_to
from frontend.visitors import shared_by_visitors

ON_A_PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@shared_by_visitors
def reply_report(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of each contribution, with the totals first."""
    consultation = _consultation(request, slug)
    asked = Asked.of(request.GET)
    after = request.GET.get("after", "")
    page = listing.page_of(consultation, asked, after, size=ON_A_PAGE)
    totals = listing.totals_of(consultation)
    context = {
        "consultation": consultation,
        "crumbs": crumbs_to(consultation),
        "page": page,
        "asked": asked,
        "rows": report.rows_of(totals),
        "kinds": [(kind, totals.of_kind(kind.name)) for kind in report.kinds_in(totals)],
        "total": totals.of_kind(),
        "lacking": totals.of_fate(listing.LACKING),
        "fates": [*Disposition.Kind.choices, (listing.LACKING, gettext("Without an answer"))],
        "places": places_of(consultation).to_filter(),
        "out_of_sight": report.out_of_sight(consultation),
        "is_answered": consultation.is_answered_at(database_now()),
        "now": timezone.now(),
        "may_answer": request.user.has_perm("consultations.reply_consultation", consultation),
        "first_url": f"?{_query(asked)}" if after else "",
        "older_url": f"?{_query(asked, after=page.after)}" if page.after else "",
    }
    return render(request, "comments/reply_report.html", context)


@require_safe
@shared_by_visitors  # so that many visitors at once cost one document
def reply_report_docx(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole report as a document to send and to print."""
    consultation = _consultation(request, slug)
    name = get_valid_filename(f"{consultation.slug}-report.docx")
    headers = {
        "Content-Type": DOCX,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    return HttpResponse(report_docx.document_of(consultation), headers=headers)


def reply_report_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The table of dispositions among the open data, at the address of the report."""
    return data_pages.export(request, slug, "dispositions", "csv")


def _consultation(request: HttpRequest, slug: str) -> Any:
    visible = with_places(Consultation.objects.visible_to(request.user)).prefetch_related("phases")
    return get_object_or_404(visible, slug=slug)


def _query(asked: Asked, **more: str) -> str:
    said = {
        "fate": asked.fate, "kind": asked.kind, "place": asked.place, "q": asked.q, "change": asked.change,
        "sort": asked.sort, **more,
    }  # fmt: skip
    return urlencode({name: value for name, value in said.items() if value and (name, value) != ("sort", "oldest")})
