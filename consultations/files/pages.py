"""The pages of files, and the files themselves, in the order of ``urls.py``."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Person, require
from accounts.files.serving import A_YEAR, FIVE_MINUTES, file_answer
from accounts.forms import attempt
from consultations.files import attaching, illustrating
from consultations.files.forms import AttachmentForm, CoverForm
from consultations.models import Attachment, Consultation, Cover
from consultations.pages import crumbs_to
from consultations.queries import consultation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """For editors: the cover and the attachments. One page, two forms; ``what`` says which was sent."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.change_consultation", found)
    cover = Cover.objects.filter(consultation=found).first()
    what = request.POST.get("what", "") if request.method == "POST" else ""
    sent = {what: (request.POST, request.FILES)}
    cover_form = CoverForm(*sent.get("cover", ()), cover=cover)
    file_form = AttachmentForm(*sent.get("attachment", ()))
    saved = ""
    if cover_form.is_valid() and _attempt(cover_form, illustrating.set_cover, found, request.user):
        saved = gettext("The cover is there for everybody to see.")
    elif file_form.is_valid() and _attempt(file_form, attaching.attach, found, request.user):
        saved = gettext("The file is attached.")
    if saved:
        messages.success(request, saved)
        return redirect("consultations:files", slug)
    is_wrong = bool(what and (cover_form.errors or file_form.errors))
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "cover": cover,
        "cover_form": cover_form,
        "file_form": file_form,
        "attachments": Attachment.objects.of_consultation(found),
        "most": attaching.ON_A_CONSULTATION,
    }
    return render(request, "consultations/files.html", context, status=400 if is_wrong else 200)


@require_POST
def remove_cover(request: HttpRequest, slug: str) -> HttpResponse:
    found = consultation_or_404(request.user, slug)
    illustrating.remove_cover(consultation=found, actor=request.user)
    messages.success(request, gettext("The cover is gone."))
    return redirect("consultations:files", slug)


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an attachment; back to the page that it was on."""
    visible = Attachment.objects.visible_to(request.user).select_related("consultation", "proposal__consultation")
    found = get_object_or_404(visible, pk=pk)
    attaching.detach(attachment=found, actor=request.user)
    messages.success(request, gettext("The file “%(title)s” is removed.") % {"title": found.title})
    if found.proposal is not None:
        return redirect("consultations:photos", found.proposal.pk)
    return redirect("consultations:files", found.consultation.slug)


@require_safe
def cover(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The wide picture. An address with an old hash is not found."""
    found, is_public = _cover_or_404(request, slug, digest)
    return file_answer(found.file, "image/webp", is_public=is_public)


@require_safe
def cover_card(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The small picture, for lists."""
    found, is_public = _cover_or_404(request, slug, digest)
    return file_answer(found.card_file, "image/webp", is_public=is_public)


@require_safe
def attachment(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """A document, to be saved; or a picture."""
    # Where everybody may, who asks is not even looked at, so that a cache on the way may answer.
    everybody = Attachment.objects.visible_to(AnonymousUser()).filter(pk=pk, digest=digest).first()
    found = everybody or get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, digest=digest)
    # A moderator may come to hide a proposal: its photos do not stay in caches.
    max_age = FIVE_MINUTES if found.proposal_id else A_YEAR
    save_as = "" if found.is_picture else found.file_name
    is_public = everybody is not None
    return file_answer(found.file, found.kind.content_type, is_public=is_public, max_age=max_age, save_as=save_as)


def _attempt(form: forms.Form, use_case: Callable[..., Any], consultation: Consultation, actor: Person) -> Any:
    return attempt(form, use_case, consultation=consultation, actor=actor, **form.cleaned_data)


def _cover_or_404(request: HttpRequest, slug: str, digest: str) -> tuple[Cover, bool]:
    found = get_object_or_404(Cover.objects.select_related("consultation"), consultation__slug=slug, digest=digest)
    if _is_public(found.consultation):
        return found, True
    get_object_or_404(Consultation.objects.visible_to(request.user), pk=found.consultation_id)
    return found, False


def _is_public(consultation: Consultation) -> bool:
    return consultation.is_published and not consultation.is_private
