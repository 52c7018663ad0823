"""The way of a proposal to the public: written, kept, compared with what is there, sent."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import answer_form, attempt
from accounts.parking import keeps_for_members, keeps_what_was_typed, parked, require_session
from accounts.refusals import NEEDS_ACCOUNT, InvalidInput, NotPermitted, PhaseClosed, Refusal
from consultations.clock import Act, database_now, is_allowed, require_phase
from consultations.models import Consultation, Proposal, ProposalDraft
from consultations.pages import crumbs_to
from consultations.proposals import drafting, proposing, queries
from consultations.proposals.forms import NewProposalForm
from consultations.proposals.similar import likely_duplicates
from consultations.proposals.supporting import support_rights
from consultations.queries import consultation_or_404


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def make_proposal(request: HttpRequest, slug: str) -> HttpResponse:
    """A form for a proposal: a citizen's while the clock allows it, or the agency's own.

    Who has no account may write too, and logs in when they send it; not where an account alone would not be enough.
    """
    found = consultation_or_404(request.user, slug)
    if request.method == "POST":
        return _written(request, found, None)
    if request.user.is_authenticated:
        proposing.require_proposing(found, request.user, is_official=_speaks_for_agency(request, found))
        if kept := parked(request, is_taken_over=True):
            return _take_over(request, found, kept)
    else:
        require_phase(found, Act.PROPOSE)
        if found.eligibility != Consultation.Eligibility.REGISTERED:
            raise NotPermitted(NEEDS_ACCOUNT)
    return _answer(request, found, _form(request, found))


@keeps_for_members
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Go on writing. It opens at any time; whether it may be sent is asked when it is."""
    require_session(request)
    found = queries.draft_or_404(request.user, key)
    if found.sent_as:
        return redirect(found.sent_as)
    consultation = consultation_or_404(request.user, found.consultation.slug)
    if request.method == "POST":
        return _written(request, consultation, found)
    form = _form(request, consultation, initial={**found.typed, **parked(request), "key": found.key})
    return _answer(request, consultation, form, draft=found)


@require_http_methods(["GET", "HEAD", "POST"])
def send_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """The last look: is it one of these that are there already? If not, send it."""
    found = queries.draft_or_404(request.user, key)
    if found.sent_as:
        return redirect(found.sent_as)
    consultation = consultation_or_404(request.user, found.consultation.slug)
    form = _form(request, consultation, data=found.typed)
    if not form.is_valid():
        return redirect("consultations:draft", key=key)
    if request.method == "POST":
        sent = attempt(form, drafting.send_draft, draft=found, actor=request.user, **form.arguments())
        if sent:
            return _sent(request, sent)
        for error in form.non_field_errors():
            messages.error(request, str(error))
        return redirect("consultations:draft", key=key)
    context = {
        "draft": found,
        "form": form,
        "consultation": consultation,
        "crumbs": crumbs_to(consultation),
        "similar": _similar(request, consultation, form),
        "supports": support_rights(request.user, consultation, database_now()),
    }
    return render(request, "consultations/send_draft.html", context)


@require_POST
def delete_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Throw a draft away."""
    drafting.delete_draft(draft=queries.draft_or_404(request.user, key), actor=request.user)
    messages.success(request, gettext("The draft is deleted."))
    return redirect("consultations:drafts")


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What one has written and not sent, and who asks one to sign with them."""
    if not request.user.is_authenticated:
        raise NotPermitted(NEEDS_ACCOUNT)
    context = {"drafts": queries.drafts_of(request.user), "invitations": queries.invitations_for(request.user)}
    return render(request, "consultations/drafts.html", context)


# --- What was typed, and what is to be done with it


def _speaks_for_agency(request: HttpRequest, consultation: Consultation) -> bool:
    return request.user.has_perm("consultations.reply_consultation", consultation)


def _form(request: HttpRequest, consultation: Consultation, **options: Any) -> NewProposalForm:
    speaks = _speaks_for_agency(request, consultation)
    options["initial"] = {"is_official": speaks, **options.get("initial", {})}
    return NewProposalForm(consultation=consultation, may_be_official=speaks, **options)


def _answer(
    request: HttpRequest,
    consultation: Consultation,
    form: NewProposalForm,
    *,
    draft: ProposalDraft | None = None,
    **context: Any,
) -> HttpResponse:
    now = database_now()
    others = []
    if draft is None and request.user.is_authenticated:
        others = list(queries.drafts_of(request.user).filter(consultation=consultation)[:3])
    return answer_form(
        request,
        "consultations/make_proposal.html",
        form,
        consultation=consultation,
        crumbs=crumbs_to(consultation),
        draft=draft,
        other_drafts=others,
        is_too_late=not is_allowed(consultation, Act.PROPOSE, now) and not _speaks_for_agency(request, consultation),
        **context,
    )


def _written(request: HttpRequest, consultation: Consultation, draft: ProposalDraft | None) -> HttpResponse:
    """One of three buttons: save, preview, send."""
    form = _form(request, consultation, data=request.POST)
    key = draft.key if draft else form.typed_key
    typed = drafting.typed_in(form.fields, request.POST)
    if "preview" in request.POST:
        form.is_valid()
        shown = {"preview": typed, "form": form}
        return render(request, "consultations/preview_proposal.html", _page_of(request, consultation, draft) | shown)
    try:
        if "save" in request.POST:
            saved = drafting.save_draft(consultation=consultation, actor=request.user, typed=typed, key=key)
            return _saved(request, saved)
        wants_official = "is_official" in form.fields and bool(request.POST.get("is_official"))
        if not request.user.is_authenticated:  # who comes too late need not log in to learn it
            require_phase(consultation, Act.PROPOSE)
        proposing.require_proposing(consultation, request.user, is_official=wants_official)
    except (NotPermitted, PhaseClosed) as refusal:
        if refusal.reason == NEEDS_ACCOUNT:
            raise  # what was typed is parked while they log in
        return _kept(request, consultation, typed, key, refusal)
    except InvalidInput as refusal:
        form.is_valid()
        form.add_error(None, str(refusal.sentence))
        return _answer(request, consultation, form, draft=draft)
    if not form.is_valid():
        return _answer(request, consultation, form, draft=draft)
    kept = attempt(form, drafting.save_draft, consultation=consultation, actor=request.user, typed=typed, key=key)
    if kept is None:
        return _answer(request, consultation, form, draft=draft)
    if kept.sent_as is None and _similar(request, consultation, form):
        return redirect("consultations:send-draft", key=kept.key)
    sent = attempt(form, drafting.send_draft, draft=kept, actor=request.user, **form.arguments())
    return _sent(request, sent) if sent else _answer(request, consultation, form, draft=kept)


def _page_of(request: HttpRequest, consultation: Consultation, draft: ProposalDraft | None) -> dict[str, Any]:
    return {"consultation": consultation, "crumbs": crumbs_to(consultation), "draft": draft}


def _similar(request: HttpRequest, consultation: Consultation, form: NewProposalForm) -> list[Proposal]:
    title, body = form.cleaned_data["title"], form.cleaned_data["body"]
    return likely_duplicates(consultation=consultation, title=title, body=body, reader=request.user)


def _saved(request: HttpRequest, draft: ProposalDraft) -> HttpResponse:
    """For the page's script, which saves while one writes, or as a page."""
    address = reverse("consultations:draft", args=[draft.key])
    if "application/json" in request.headers.get("Accept", ""):
        at = time_format(timezone.localtime(draft.saved_at), "G:i")
        return JsonResponse({"address": address, "says": gettext("Draft saved at %(time)s.") % {"time": at}})
    messages.success(request, gettext("The draft is saved. Only you see it; go on here or on another device."))
    return redirect(address)


def _sent(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    if proposal.held_at:
        says = gettext("We have it. A moderator reads it before the others do; so far only you see it.")
    else:
        says = gettext("Your proposal is published.")
    messages.success(request, says)
    return redirect(proposal)


def _take_over(request: HttpRequest, consultation: Consultation, kept: dict[str, Any]) -> HttpResponse:
    """What somebody typed before they logged in becomes their draft."""
    form = _form(request, consultation, data=kept)
    typed = drafting.typed_in(form.fields, kept)
    try:
        key = form.typed_key
        made = drafting.save_draft(consultation=consultation, actor=request.user, typed=typed, key=key)
    except InvalidInput:  # too many drafts: then at least the form has it
        return _answer(request, consultation, _form(request, consultation, initial=typed))
    messages.success(request, gettext("Here is what you had written. Look it over, then publish it."))
    return redirect("consultations:draft", key=made.key)


def _kept(
    request: HttpRequest, consultation: Consultation, typed: drafting.Typed, key: UUID | None, refusal: Refusal
) -> HttpResponse:
    """A refusal that loses nothing: a draft for who has an account; for everybody the text, to copy."""
    draft = None
    if request.user.is_authenticated:
        with suppress(InvalidInput):  # too many drafts; the page shows what was typed all the same
            draft = drafting.save_draft(consultation=consultation, actor=request.user, typed=typed, key=key)
    context = {
        "refusal": refusal,
        "reason": refusal.reason,
        "typed": typed,
        "draft": draft,
        "consultation": consultation,
        "crumbs": crumbs_to(consultation),
    }
    return render(request, "consultations/proposal_kept.html", context, status=refusal.status)
