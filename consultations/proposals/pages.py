"""The pages of proposals, in the order of ``urls.py``."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import answer_form, attempt, posted
from accounts.parking import keeps_what_was_typed, parked
from consultations.clock import database_now
from consultations.pages import crumbs_to
from consultations.proposals import proposing, queries
from consultations.proposals.forms import ProposalForm
from consultations.queries import consultation_or_404, what_now


@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """All proposals of a consultation, by category, newest or dearest first."""
    found = consultation_or_404(request.user, slug)
    now = database_now()
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "page": queries.proposals_page(found, request.GET),
        "categories": queries.categories(found),
        "asked": {name: request.GET.get(name, "") for name in ("category", "sort")},
        "now": now,
        "acts": what_now(found, request.user, now),
    }
    return render(request, "consultations/proposals.html", context)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def make_proposal(request: HttpRequest, slug: str) -> HttpResponse:
    """A form for a proposal: a citizen's while the clock allows it, or the agency's own."""
    found = consultation_or_404(request.user, slug)
    speaks_for_agency = request.user.has_perm("consultations.reply_consultation", found)
    proposing.require_proposing(found, request.user, is_official=speaks_for_agency)
    form = ProposalForm(posted(request), consultation=found, may_be_official=speaks_for_agency, typed=parked(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, proposing.make_proposal, consultation=found, actor=request.user, **form.cleaned_data)
        if made:
            if made.held_at:
                held = gettext("We have it. A moderator reads it before the others do; so far only you see it.")
                messages.success(request, held)
            else:
                messages.success(request, gettext("Your proposal is published."))
            return redirect(made)
    return answer_form(request, "consultations/make_proposal.html", form, consultation=found, crumbs=crumbs_to(found))


@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with what people say about it. Of a hidden one, the public reason and nothing else."""
    found = queries.proposal_or_404(request.user, pk)
    context = {
        "proposal": found,
        "now": database_now(),
        "consultation": found.consultation,
        "crumbs": [
            *crumbs_to(found.consultation),
            {"title": gettext("Proposals"), "url": reverse("consultations:proposals", args=[found.consultation.slug])},
        ],
        "may_change": not found.is_hidden and request.user.has_perm("consultations.change_proposal", found),
    }
    return render(request, "consultations/proposal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same form for a proposal that exists."""
    found = queries.proposal_or_404(request.user, pk)
    proposing.require_changing(found, request.user)
    form = ProposalForm(posted(request), consultation=found.consultation, proposal=found)
    change = partial(attempt, form, proposing.change_proposal, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and change(**form.cleaned_data):
        messages.success(request, gettext("Your changes are saved."))
        return redirect(found)
    crumbs = crumbs_to(found.consultation)
    return answer_form(request, "consultations/change_proposal.html", form, proposal=found, crumbs=crumbs)
