"""The pages on which officials merge proposals, and split one."""

import re
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict
from consultations.budgets.districts import districts_of
from consultations.models import Consultation, Proposal
from consultations.pages import crumbs_to
from consultations.proposals import listing, merging, queries, restoring
from consultations.proposals.merge_forms import MergeForm, RestoreForm, SplitForm
from consultations.proposals.pages import crumbs_below
from consultations.queries import consultation_or_404
from frontend.formats import number

OFFERED = 100  # on one page; a filter finds the others
ID = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
def merge_proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose proposals (``?p=12&p=15``, with the list's filters), then say which one stands for all, and why."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.merge_consultation", found)
    chosen = _chosen(request, found)
    if len(chosen) < merging.FEWEST or "more" in request.GET:
        return _choose(request, found, chosen)
    form = MergeForm(posted(request), consultation=found, chosen=chosen, districts=districts_of(found))
    merge = partial(attempt, form, merging.merge_proposals, consultation=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and (target := merge(**form.arguments())):
        count = len(chosen)
        sentence = ngettext("%(count)s proposal is one now.", "%(count)s proposals are one now.", count)
        messages.success(request, sentence % {"count": number(count)})
        return redirect(target)
    context = {"consultation": found, "chosen": chosen, "crumbs": crumbs_to(found)}
    return answer_form(request, "consultations/merge_proposals.html", form, **context)


def _choose(request: HttpRequest, found: Consultation, chosen: list[Proposal]) -> HttpResponse:
    asked = listing.Asked.of(request.GET, request.user)
    matching = listing.asked_for(found, asked, request.user).shown().exclude(pk__in=[one.pk for one in chosen])
    offered = _without_votes(matching).select_related("district").defer("body", "answers")
    context: dict[str, Any] = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "chosen": chosen,
        "asked": asked,
        "offered": offered.order_by("title", "pk")[:OFFERED],
        "most": OFFERED,
        "districts": districts_of(found),
        "categories": listing.categories(found),
        "is_too_few": request.method == "POST" or ("p" in request.GET and "more" not in request.GET),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "consultations/choose_to_merge.html", context, status=status)


def _chosen(request: HttpRequest, consultation: Consultation) -> list[Proposal]:
    """Those that the address names and that stand; in the order of their numbers."""
    pks = {int(pk) for pk in request.GET.getlist("p")[: merging.MOST_MERGED] if ID.fullmatch(pk)}
    shown = Proposal.objects.filter(consultation=consultation, pk__in=pks).shown()
    return list(shown.with_signers().select_related("district", "consultation__agency").order_by("pk"))


def _without_votes(proposals: Any) -> Any:
    return proposals.filter(options__isnull=True)


@require_http_methods(["GET", "HEAD", "POST"])
def split_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the parts of one proposal that says several things, and why."""
    found = queries.proposal_or_404(request.user, pk)
    require(request.user, "consultations.merge_consultation", found.consultation)
    if not found.is_shown:
        raise Conflict(merging.NOT_IN_SIGHT, page=found.get_absolute_url())
    form = SplitForm(posted(request), proposal=found, districts=districts_of(found.consultation))
    split = partial(attempt, form, merging.split_proposal, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and (parts := split(**form.arguments())):
        sentence = ngettext("It is %(count)s proposal now.", "It is %(count)s proposals now.", len(parts))
        messages.success(request, sentence % {"count": number(len(parts))})
        return redirect(found)
    context = {"proposal": found, "consultation": found.consultation, "crumbs": crumbs_below(found)}
    return answer_form(request, "consultations/split_proposal.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it was merged or split, and say why."""
    found = queries.proposal_or_404(request.user, pk)
    require(request.user, "consultations.merge_consultation", found.consultation)
    if not found.is_merged:
        raise Conflict(restoring.NOT_MERGED, page=found.get_absolute_url())
    form = RestoreForm(posted(request))
    restore = partial(attempt, form, restoring.restore_proposal, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and restore(**form.cleaned_data):
        messages.success(request, gettext("It stands by itself again, and who signs it is told."))
        return redirect(found)
    context = {"proposal": found, "consultation": found.consultation, "crumbs": crumbs_below(found)}
    return answer_form(request, "consultations/restore_proposal.html", form, **context)
