"""The pages on which an editor changes a budget's vote while people vote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict
from consultations.pages import crumbs_to
from voting.models import Poll
from voting.polls import amending_budget, queries
from voting.polls.amending_forms import AmountForm, WithdrawalForm


@require_http_methods(["GET", "HEAD", "POST"])
def change_amount(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Share out another amount, with a public reason."""
    found = _budget(request, poll_id)
    form = AmountForm(posted(request), initial={"amount": found.money_cents})
    if request.method == "POST" and form.is_valid():
        attempt(form, amending_budget.change_amount, poll=found, actor=request.user, **form.arguments())
        if not form.errors:
            messages.success(request, gettext("The amount is changed, and the log says why."))
            return redirect(found)
    return _answer(request, "voting/change_amount.html", form, found)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_option(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Let a proposal no longer win, with a public reason."""
    found = _budget(request, poll_id)
    form = WithdrawalForm(posted(request), poll=found)
    if request.method == "POST" and form.is_valid():
        option = form.cleaned_data["option"]
        option.poll = found
        reason = form.cleaned_data["reason"]
        attempt(form, amending_budget.withdraw_option, option=option, reason=reason, actor=request.user)
        if not form.errors:
            messages.success(request, gettext("The proposal is withdrawn from the vote, and the log says why."))
            return redirect(found)
    return _answer(request, "voting/withdraw_option.html", form, found)


def _budget(request: HttpRequest, poll_id: int) -> Poll:
    found = queries.visible_poll(request.user, poll_id)
    require(request.user, "voting.change_poll", found)
    if not found.shares_money:
        raise Conflict(amending_budget.NO_MONEY, page=found.get_absolute_url())
    return found


def _answer(request: HttpRequest, template: str, form: AmountForm | WithdrawalForm, poll: Poll) -> HttpResponse:
    return answer_form(request, template, form, poll=poll, crumbs=crumbs_to(poll.consultation))
