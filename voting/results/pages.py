"""The page by which an agency decides otherwise than the count, in public."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict
from consultations.pages import crumbs_to
from voting.models import Poll
from voting.results.decided import NO_OUTCOME_YET, NOT_A_BUDGET, decide_otherwise, decided_winners
from voting.results.deviation_forms import DeviationForm
from voting.results.gate import is_public_count


@require_http_methods(["GET", "HEAD", "POST"])
def deviate(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Leave out a proposal that goes ahead, or take one in."""
    polls = Poll.objects.visible_to(request.user).select_related("consultation__budget", "phase", "outcome", "district")
    poll = get_object_or_404(polls, pk=poll_id)
    require(request.user, "voting.change_poll", poll)
    if not poll.shares_money:
        raise Conflict(NOT_A_BUDGET, page=poll.get_absolute_url())
    if not poll.is_closed or not is_public_count(poll):
        raise Conflict(NO_OUTCOME_YET, page=poll.get_absolute_url())
    form = DeviationForm(posted(request), options=list(poll.options.all()), winners=decided_winners(poll))
    if request.method == "POST" and form.is_valid():
        decided = attempt(form, decide_otherwise, poll=poll, actor=request.user, **form.arguments())
        if decided:
            messages.success(request, gettext("It stands on the page of the vote, with your reason beside the count."))
            return redirect(poll)
    return answer_form(request, "voting/deviate.html", form, poll=poll, crumbs=crumbs_to(poll.consultation))
