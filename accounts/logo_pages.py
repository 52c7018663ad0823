"""The pages of an agency's logo, and the picture itself, in the order of ``urls.py``."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import logos
from accounts.access import require
from accounts.files.fields import PICTURES, BoundedFileField
from accounts.files.serving import file_answer
from accounts.forms import answer_form, attempt
from accounts.models import Agency, AgencyLogo
from accounts.pages import crumbs_to


class LogoForm(forms.Form):
    """One picture. SVG is not taken: it is a program as much as a picture."""

    picture = BoundedFileField(
        label=_("Logo"),
        accept=PICTURES,
        help_text=_("JPEG, PNG or WebP, with or without a background. It is shown up to 240 dots wide and 120 high."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """For owners: give the agency a logo."""
    found = _own_agency(request, slug)
    sent: tuple[Any, Any] = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LogoForm(*sent)
    set_logo = partial(attempt, form, logos.set_logo, agency=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and set_logo(**form.cleaned_data):
        messages.success(request, gettext("The logo stands beside the agency's name."))
        return redirect(found)
    logo = AgencyLogo.objects.filter(agency=found).first()
    return answer_form(request, "accounts/change_logo.html", form, agency=found, logo=logo, crumbs=crumbs_to(found))


@require_POST
def remove_logo(request: HttpRequest, slug: str) -> HttpResponse:
    found = _own_agency(request, slug)
    logos.remove_logo(agency=found, actor=request.user)
    messages.success(request, gettext("The logo is gone."))
    return redirect(found)


@require_safe
def logo(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The picture: of an agency, so for everybody. An address with an old hash is not found."""
    found = get_object_or_404(AgencyLogo, agency__slug=slug, digest=digest)
    return file_answer(found.file, "image/webp", is_public=True)


def _own_agency(request: HttpRequest, slug: str) -> Agency:
    found = get_object_or_404(Agency, slug=slug)
    require(request.user, "accounts.change_agency", found)
    return found
