"""The pages of consultations, in the order of ``urls.py``."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.agencies import NO_AGENCY, agencies_to_open_for
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import NEEDS_ACCOUNT, InvalidInput, NotPermitted
from consultations import opening, queries
from consultations.clock import State, database_now
from consultations.forms import ChangeConsultationForm, ConsultationForm, NewConsultationForm
from consultations.models import Consultation
from consultations.page_facts import attachments_of, date_changes_of
from consultations.proposals import queries as proposal_queries
from consultations.proposals.supporting import cause_rights, support_rights
from consultations.sentences import next_phase_sentence, state_sentence, steps

Crumbs = list[dict[str, str]]


def crumbs_to(consultation: Consultation | None = None) -> Crumbs:
    """The way down to what lies in ``consultation``, or to what lies in the list of all."""
    crumbs = [{"title": gettext("Consultations"), "url": reverse("consultations:consultations")}]
    if consultation is not None:
        crumbs.append({"title": consultation.title, "url": consultation.get_absolute_url()})
    return crumbs


def is_preview(request: HttpRequest, form: ConsultationForm) -> bool:
    """Whether the person only wants to look at what they typed; then the form judges nothing."""
    if "preview" in request.POST:
        form.keep_silent()
        return True
    return False


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """What is asked now, what will be, what was."""
    context = {"lists": queries.front_page_lists(request.user, database_now())}
    return render(request, "consultations/front_page.html", context)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, by state and agency."""
    now = database_now()
    page = queries.consultations_page(request.user, now, request.GET)
    context = {
        "page": page,
        "cards": [queries.card(found, now) for found in page],
        "states": queries.states_to_filter(request.user),
        "agencies": queries.agencies_with_consultations(request.user),
        "asked": {name: request.GET.get(name, "") for name in ("state", "agency")},
        "may_open": agencies_to_open_for(request.user).exists(),
    }
    return render(request, "consultations/consultations.html", context)


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """One consultation: where it stands, what one can do now, its text, and what people say. A draft's preview too."""
    found = queries.consultation_page_or_404(request.user, slug)
    now = database_now()
    state = found.state_at(now)
    context = {
        "consultation": found,
        "crumbs": crumbs_to(),
        "state": state,
        "sentence": state_sentence(found, now),
        "steps": steps(found, now),
        "now": now,
        "acts": queries.what_now(found, request.user, now),
        "next_sentence": next_phase_sentence(found, now),
        "missing": opening.what_is_missing(found) if state == State.DRAFT else [],
        "may_change": request.user.has_perm("consultations.change_consultation", found),
        "may_manage": request.user.has_perm("consultations.measure_consultation", found),
        "attachments": attachments_of(found),
        "date_changes": date_changes_of(found),
        "supports": support_rights(request.user, found, now),
        "cause": cause_rights(request.user, found, now),
        "proposal_figures": proposal_queries.proposal_figures(found),
        "proposals": proposal_queries.first_proposals(found, request.user),
    }
    return render(request, "consultations/consultation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_consultation(request: HttpRequest) -> HttpResponse:
    """A form for a new draft. Its button "Preview" shows the text as the public will see it, and saves nothing."""
    agencies = agencies_to_open_for(request.user)
    if not agencies:
        raise NotPermitted(NO_AGENCY if request.user.is_authenticated else NEEDS_ACCOUNT)
    form = NewConsultationForm(posted(request), agencies=agencies)
    if request.method == "POST" and not is_preview(request, form) and form.is_valid():
        made = attempt(form, opening.create_consultation, actor=request.user, **form.arguments())
        if made:
            messages.success(request, gettext("The draft is saved. Look it over, then publish it."))
            return redirect(made)
    return answer_form(request, "consultations/create_consultation.html", form, crumbs=crumbs_to())


@require_http_methods(["GET", "HEAD", "POST"])
def change_consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """The same form for one that exists. Refuses to go unseen over what another editor has saved meanwhile."""
    found = queries.consultation_or_404(request.user, slug)
    require(request.user, "consultations.change_consultation", found)
    form = ChangeConsultationForm(posted(request), consultation=found)
    context = {"consultation": found, "crumbs": crumbs_to(found)}
    if request.method == "POST" and not is_preview(request, form) and form.is_valid():
        arguments = form.arguments()
        if attempt(form, opening.change_consultation, consultation=found, actor=request.user, **arguments):
            messages.success(request, gettext("Your changes are saved."))
            return redirect(found)
        if form.has_error(NON_FIELD_ERRORS, opening.CHANGED_MEANWHILE.code):
            context["fields_that_differ"] = form.fields_that_differ()
            form.know(opening.version_of(found))
    return answer_form(request, "consultations/change_consultation.html", form, **context)


@require_POST
def publish_consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a draft to those who may see it."""
    found = queries.consultation_or_404(request.user, slug)
    try:
        opening.publish_consultation(consultation=found, actor=request.user)
        messages.success(request, gettext("The consultation is published."))
    except InvalidInput as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect(found)
