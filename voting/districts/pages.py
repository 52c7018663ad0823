"""The pages of districts: setting up the votes of all of them at once, and choosing where one votes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import answer_form, attempt, posted
from accounts.models import User
from accounts.refusals import Conflict
from consultations.models import Budget, Consultation, DistrictChoice
from consultations.pages import crumbs_to
from frontend.formats import number
from voting.districts.choosing import NOT_CHOSEN_HERE, choose_district, voter_in
from voting.districts.forms import DistrictForm, DistrictPollsForm
from voting.districts.setting_up import NO_DISTRICTS, open_district_polls, parts_of
from voting.districts.where import rule_of
from voting.models import Poll
from voting.polls.forms import form_as_typed


@require_http_methods(["GET", "HEAD", "POST"])
def open_polls(request: HttpRequest, slug: str) -> HttpResponse:
    """Set up the votes of all the districts of a budget."""
    consultation = _consultation(request, slug)
    require(request.user, "consultations.change_consultation", consultation)
    parts = parts_of(consultation)
    if not parts:
        raise Conflict(NO_DISTRICTS, page=consultation.get_absolute_url())
    form = DistrictPollsForm(posted(request), consultation=consultation)
    if "settings" in request.POST:
        form = form_as_typed(form)
    elif request.method == "POST" and form.is_valid():
        made = attempt(form, open_district_polls, consultation=consultation, actor=request.user, **form.arguments())
        if made:
            words = ngettext("%(count)s vote is set up.", "%(count)s votes are set up.", len(made))
            messages.success(request, words % {"count": number(len(made))})
            return redirect(consultation)
    return answer_form(
        request,
        "voting/districts/open_polls.html",
        form,
        consultation=consultation,
        parts=parts,
        ready_count=sum(part.is_ready for part in parts),
        currency=consultation.budget.currency,
        crumbs=crumbs_to(consultation),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Say in which district one votes. ``?next=``: where to go on."""
    consultation = _consultation(request, slug)
    if rule_of(consultation) != Budget.DistrictRule.CHOSEN:
        raise Conflict(NOT_CHOSEN_HERE, page=consultation.get_absolute_url())
    require(request.user, "consultations.vote_consultation", consultation)
    assert isinstance(request.user, User)
    chosen = _chosen(consultation, request.user)
    parts = [part for part in parts_of(consultation) if not part.district.is_for_all]
    if not parts:
        raise Conflict(NO_DISTRICTS, page=consultation.get_absolute_url())
    form = DistrictForm(
        posted(request),
        districts=[part.district for part in parts],
        currency=consultation.budget.currency,
        counts={part.district.pk: part.proposal_count for part in parts},
        initial={"district": chosen.district_id if chosen else None},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            choose_district,
            consultation=consultation,
            district=form.cleaned_data["district"],
            user=request.user,
        )
        if made:
            messages.success(request, gettext("You vote in %(district)s.") % {"district": made.district.name})
            poll = Poll.objects.filter(district=made.district).first()
            return redirect(address_asked(request) or (poll or consultation).get_absolute_url())
    context: dict[str, Any] = {"consultation": consultation, "chosen": chosen, "crumbs": crumbs_to(consultation)}
    if chosen and not form.errors:
        context["poll"] = Poll.objects.filter(district=chosen.district_id).first()
        return render(request, "voting/districts/chosen.html", context)
    return answer_form(request, "voting/districts/choose.html", form, **context)


def _chosen(consultation: Consultation, user: User) -> DistrictChoice | None:
    choices = DistrictChoice.objects.filter(consultation=consultation, voter=voter_in(consultation, user))
    return choices.select_related("district").first()


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    visible = Consultation.objects.visible_to(request.user).select_related("agency", "budget")
    return get_object_or_404(visible.prefetch_related("phases"), slug=slug)
