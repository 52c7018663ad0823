"""Supporting with one press: a proposal, or a consultation that is a cause."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.addresses import address_asked
from consultations.pages import crumbs_to
from consultations.proposals import supporting
from consultations.proposals.pages import crumbs_below
from consultations.proposals.queries import proposal_or_404
from consultations.queries import consultation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def support_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """POST supports. GET is the same button on a page of its own: where one lands after logging in."""
    found = proposal_or_404(request.user, pk)
    if request.method == "POST":
        return _press(request, found, supporting.support)
    supporting.require_supporting(found, request.user)
    is_supported = found.is_supported  # type: ignore[attr-defined]
    context = {"place": found, "title": found.title, "crumbs": crumbs_below(found), "is_supported": is_supported}
    return render(request, "consultations/support_page.html", context)


@require_POST
def take_back_support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support it no more."""
    return _press(request, proposal_or_404(request.user, pk), supporting.take_back_support)


@require_http_methods(["GET", "HEAD", "POST"])
def support_cause(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a consultation that is a cause."""
    found = consultation_or_404(request.user, slug)
    if request.method == "POST":
        return _press(request, found, supporting.support)
    supporting.require_supporting(found, request.user)
    is_supported = found.is_cause_supported  # type: ignore[attr-defined]
    context = {"place": found, "title": found.title, "crumbs": crumbs_to(found), "is_supported": is_supported}
    return render(request, "consultations/support_page.html", context)


@require_POST
def take_back_cause(request: HttpRequest, slug: str) -> HttpResponse:
    """Support the cause no more."""
    return _press(request, consultation_or_404(request.user, slug), supporting.take_back_support)


def _press(request: HttpRequest, place: supporting.Place, deed: Callable[..., bool]) -> HttpResponse:
    deed(place=place, actor=request.user)
    is_supported = deed is supporting.support
    messages.success(request, gettext("You support it.") if is_supported else gettext("Your support is taken back."))
    return redirect(address_asked(request, place.get_absolute_url()))
