"""The page of the audit trail."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import require
from consultations.history import queries
from consultations.history.deeds import GROUP_NAMES, Group
from consultations.queries import consultation_or_404
from consultations.running.pages import crumbs_to_manage


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """For the owner: who changed what, when, in words. ``kind`` filters, ``older_than`` pages."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.audit_consultation", found)
    kind = request.GET.get("kind", "")
    group = next((group for group in Group if group == kind), None)
    asked = request.GET.get("older_than", "")
    older_than = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    page = queries.history_of(found, group, older_than)
    older = {"kind": group.value if group else "", "older_than": page.older_than}
    context = {
        "consultation": found,
        "crumbs": crumbs_to_manage(found),
        "page": page,
        "groups": [(each.value, GROUP_NAMES[each]) for each in Group],
        "kind": group.value if group else "",
        "older_url": f"?{urlencode(older)}" if page.older_than else "",
    }
    return render(request, "consultations/history.html", context)
