"""The buttons by which people follow a consultation, and how often e-mail tells them of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from consultations import following
from consultations.models import Consultation


def _visible(request: HttpRequest, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)


@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell me what becomes of it."""
    found = _visible(request, slug)
    following.follow(consultation=found, actor=request.user)
    messages.success(request, gettext("You follow this consultation. We tell you when something happens."))
    return redirect(found)


@require_POST
def stop_following(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell me no more. From the settings it leads back to them."""
    found = _visible(request, slug)
    following.stop_following(consultation=found, actor=request.user)
    messages.success(request, gettext("You no longer follow “%(title)s”.") % {"title": found.title})
    return redirect("accounts:notice-settings") if "in_settings" in request.POST else redirect(found)


@require_POST
def choose_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """How often e-mail tells of this one consultation."""
    found = _visible(request, slug)
    following.choose_mail(consultation=found, actor=request.user, pace=request.POST.get("pace", ""))
    messages.success(request, gettext("Your changes are saved."))
    return redirect("accounts:notice-settings")
