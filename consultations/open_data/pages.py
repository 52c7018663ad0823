"""The pages of open data: what can be taken away, and the files themselves."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.models import Consultation
from consultations.open_data.copying import Format
from consultations.open_data.exporting import export_table
from consultations.open_data.streaming import gzipped, nothing
from consultations.open_data.tables import all_tables, table_named

ON_A_PAGE = 50
CONTENT_TYPES = {Format.CSV: "text/csv; charset=utf-8; header=present", Format.JSON: "application/json"}


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Whose data can be taken away: every published consultation that the reader may see and find."""
    listed = Consultation.objects.visible_to(request.user).filter(published_at__isnull=False, is_unlisted=False)
    pages = Paginator(listed.select_related("agency").defer("body").order_by("-published_at", "-pk"), ON_A_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "tables": all_tables(),
        "licence": settings.DATA_LICENCE,
    }
    return render(request, "consultations/catalogue.html", context)


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be taken away of a consultation: each table, each column, and what is withheld until when."""
    consultation = _consultation(request, slug)
    tables = [(table, table.extract(consultation, request.user)) for table in all_tables()]
    may_export_personal = request.user.has_perm("consultations.export_personal_consultation", consultation)
    context = {
        "consultation": consultation,
        "tables": tables,
        "formats": list(Format),
        "may_export_personal": may_export_personal,
        "licence": settings.DATA_LICENCE,
        "address": settings.SITE_URL + request.path,
        "today": timezone.localtime(),
    }
    return render(request, "consultations/data.html", context)


@require_safe
def export(request: HttpRequest, slug: str, table: str, suffix: str) -> HttpResponseBase:
    """One table as a file. ``?personal=1`` adds the columns about persons, for those who may."""
    consultation = _consultation(request, slug)
    wanted = table_named(table)
    if wanted is None:
        raise Http404
    file_format, personal = Format(suffix), request.GET.get("personal") == "1"
    file = export_table(
        consultation=consultation, table=wanted, file_format=file_format, actor=request.user, personal=personal
    )
    headers = {
        "Content-Type": CONTENT_TYPES[file_format],
        "Content-Disposition": f'attachment; filename="{file.filename}"',
        "Cache-Control": "no-store" if personal else "private, no-cache",
        "Vary": "Accept-Encoding",
        "X-Accel-Buffering": "no",  # nginx would keep it back
    }
    if not (personal or consultation.is_private):
        headers["Access-Control-Allow-Origin"] = "*"  # any site's script may read what is public, without a session
    if request.method == "HEAD":
        return StreamingHttpResponse(nothing(), headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return StreamingHttpResponse(gzipped(file.read()), headers={**headers, "Content-Encoding": "gzip"})
    return StreamingHttpResponse(file.read(), headers=headers)


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user).select_related("agency"), slug=slug)
