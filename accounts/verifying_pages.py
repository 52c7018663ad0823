"""The page where officials record whom they have verified, and the one that tells a person how they stand."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import verifying
from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import VerifyForm, answer_form, attempt, posted
from accounts.models import Agency, IdentityCheck
from accounts.own_pages import crumbs_to_account
from accounts.pages import crumbs_to, require_account

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def verify_person(request: HttpRequest, slug: str) -> HttpResponse:
    """For owners and administrators: a form, and the last people whom the agency has verified."""
    found = get_object_or_404(Agency, slug=slug)
    require(request.user, "accounts.verify_people_agency", found)
    form = VerifyForm(posted(request))
    record = partial(attempt, form, verifying.record_check, agency=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and record(**form.cleaned_data):
        messages.success(request, gettext("It is recorded, and the person has been told."))
        return redirect("accounts:verify-person", slug)
    checks = found.identity_checks.filter(taken_back_at__isnull=True).select_related("user", "checked_by")
    context = {"agency": found, "checks": checks[:SHOWN], "crumbs": crumbs_to(found)}
    return answer_form(request, "accounts/verify_person.html", form, **context)


@require_POST
def take_back_check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Undo a check that was a mistake."""
    found = get_object_or_404(Agency, slug=slug)
    require(request.user, "accounts.verify_people_agency", found)
    check = get_object_or_404(IdentityCheck.objects.select_related("agency"), agency=found, pk=pk)
    verifying.take_back_check(check=check, actor=request.user)
    messages.success(request, gettext("It is taken back."))
    return redirect("accounts:verify-person", slug)


@require_safe
def verification(request: HttpRequest) -> HttpResponse:
    """How well one's identity is known here, and where to have it verified."""
    user = require_account(request)
    checks = list(user.identity_checks.filter(taken_back_at__isnull=True).select_related("agency"))
    context = {
        "checks": checks,
        "is_verified": any(check.kind == IdentityCheck.Kind.IDENTITY for check in checks),
        "agencies": Agency.objects.filter(kind=Agency.Kind.AGENCY)[:SHOWN],
        "back": address_asked(request),
        "crumbs": crumbs_to_account(),
    }
    return render(request, "accounts/verification.html", context)
