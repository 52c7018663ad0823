"""The pages of agencies, their members, and one's own account, in the order of ``urls.py``."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Agency

Crumbs = list[dict[str, str]]


def crumbs_to(agency: Agency | None = None) -> Crumbs:
    """The way down to what lies in ``agency``, or to what lies in the list of all."""
    crumbs = [{"title": gettext("Agencies"), "url": reverse("accounts:agencies")}]
    if agency is not None:
        crumbs.append({"title": agency.name, "url": agency.get_absolute_url()})
    return crumbs


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Who opens consultations here."""
    return render(request, "accounts/agencies.html", {"agencies": Agency.objects.all()})


@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """What an agency does, and the consultations of it that the reader may see."""
    found = get_object_or_404(Agency, slug=slug)
    context = {"agency": found, "crumbs": crumbs_to()}
    return render(request, "accounts/agency.html", context)
