"""The page of the simulator: a form, and below it what came of it. Every count is made on the spot and forgotten."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import Person, require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict, Reason
from consultations.models import Consultation
from consultations.running.pages import crumbs_to_manage
from voting.simulator import sources
from voting.simulator.comparing import shown
from voting.simulator.counting import compare
from voting.simulator.forms import FILE, INVENTED, PAST, SimulationForm
from voting.simulator.scenarios import Scenario

NO_BUDGET = Reason("no_budget_to_try", _("This consultation shares out no money. Say first how much there is."))


@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest, slug: str) -> HttpResponse:
    """Any two methods on any ballots, side by side."""
    visible = Consultation.objects.visible_to(request.user).select_related("agency", "budget")
    consultation = get_object_or_404(visible.prefetch_related("phases"), slug=slug)
    require(request.user, "consultations.change_consultation", consultation)
    if not hasattr(consultation, "budget"):
        raise Conflict(NO_BUDGET, page=consultation.get_absolute_url())
    form = SimulationForm(posted(request), request.FILES or None, past=sources.past_budgets(request.user))
    context: dict[str, Any] = {"consultation": consultation, "crumbs": crumbs_to_manage(consultation), "result": None}
    if request.method == "POST" and form.is_valid():
        context["result"] = attempt(form, _simulate, asked=form, consultation=consultation, user=request.user)
    return answer_form(request, "voting/simulator.html", form, **context)


def _simulate(*, asked: SimulationForm, consultation: Consultation, user: Person) -> dict[str, Any] | None:
    data = asked.cleaned_data
    scenario = asked.amounts_of(_scenario(data, consultation, user))
    if asked.errors:
        return None
    results = compare(scenario, [data["first"], data["second"]], data["threshold"] or 0)
    return shown(scenario, results)


def _scenario(data: dict[str, Any], consultation: Consultation, user: Person) -> Scenario:
    if data["source"] == PAST:
        return sources.of_past(user, data["past"])
    if data["source"] == FILE:
        return sources.of_file(data["file"])
    return sources.of_model(consultation, data, is_invented=data["source"] == INVENTED)
