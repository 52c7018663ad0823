"""The pages of polls: a poll, casting a ballot, and setting a poll up."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Person, require
from accounts.addresses import address_asked
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict, InvalidInput
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from consultations.pages import crumbs_to
from consultations.permissions import public
from frontend.visitors import shared_by_visitors
from voting.ballots.casting import LONGEST_KEY, Once
from voting.ballots.casting import cast_ballot as cast
from voting.models import Poll
from voting.polls import queries
from voting.polls.amending import extend_voting as extend
from voting.polls.amending_forms import ExtensionForm
from voting.polls.amendments import amendments_of
from voting.polls.ballot_forms import choices_in, typed_in
from voting.polls.budget_pages import with_budget_ballot
from voting.polls.cards import Card, card_for, keep_choices, mark_winners
from voting.polls.forms import PollForm, form_as_typed, initial_of
from voting.polls.previewing import preview_of
from voting.polls.rule_words import how_words, rule_words
from voting.polls.setting_up import CLOSED, HAS_BALLOTS, TO_THE_VOTE, change_poll, open_poll
from voting.results.decisions import Decided, decided_words
from voting.results.gate import ballots_withheld
from voting.results.other_methods import difference


@require_safe
@shared_by_visitors
def poll(request: HttpRequest, poll_id: int) -> HttpResponse:
    """A poll: its ballot, its count where the gate lets it through, its outcome, and how it is counted."""
    card, now = card_now(request.user, poll_id)
    with_budget_ballot(card, request.user, request.GET, now)
    return _show(request, card)


def card_now(user: Person, poll_id: int) -> tuple[Card, datetime]:
    """How a poll stands for this person, and when that is; closed where its time is over."""
    found = queries.poll_or_404(user, poll_id)
    now = database_now()
    if queries.close_when_due(found, now):
        found = queries.poll_or_404(user, poll_id)
    return card_for(found, user, now), now


def decided_in(card: Card) -> Decided | None:
    """What an agency decided otherwise, where the gate lets the outcome through; marks what goes ahead in the count."""
    outcome = card.poll.outcome if card.outcome and card.poll.shares_money else None
    decided = decided_words(card.poll, outcome) if outcome else None
    if decided:
        mark_winners(card, decided.winners)
    return decided


@require_http_methods(["GET", "HEAD", "POST"])
def cast_ballot(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Receive a ballot. Writes nothing about the person: no session; the card that comes next says that it counts."""
    found = queries.poll_to_cast_in(request.user, poll_id)
    if request.method != "POST":  # where somebody comes back to from logging in
        return redirect(found)
    try:
        cast(poll=found, voter=request.user, choices=choices_in(found, request.POST), once=_once(request))
    except InvalidInput as refusal:
        now = database_now()
        card = card_for(queries.poll_or_404(request.user, poll_id), request.user, now)
        keep_choices(card, typed_in(found, request.POST), str(refusal.sentence))
        with_budget_ballot(card, request.user, request.POST, now)
        return _show(request, card, status=400)
    back = address_asked(request, found.get_absolute_url()).partition("#")[0]
    return HttpResponseRedirect(f"{back}#poll-{found.pk}")  # an address, which ``redirect`` would look for among names


@require_http_methods(["GET", "HEAD", "POST"])
def new_poll(request: HttpRequest) -> HttpResponse:
    """Put a question to the vote. The address says in which consultation: ``?consultation=<slug>``."""
    consultations = Consultation.objects.visible_to(request.user).select_related("agency").prefetch_related("phases")
    consultation = get_object_or_404(consultations, slug=request.GET.get("consultation", ""))
    require(request.user, "consultations.change_consultation", consultation)
    form = PollForm(request.POST if request.method == "POST" else None, consultation=consultation)
    if "settings" in request.POST:
        return _look(request, "voting/new_poll.html", form, consultation)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, open_poll, consultation=consultation, actor=request.user, **form.arguments())
        if made:
            messages.success(request, gettext("The question is put to the vote."))
            return redirect(made)
    return _form_page(request, "voting/new_poll.html", form, consultation)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_poll(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Change a poll in which nobody has voted. After the first ballot the page says why it is fixed."""
    found = queries.poll_or_404(request.user, poll_id)
    require(request.user, "voting.change_poll", found)
    if found.is_closed:
        raise Conflict(CLOSED, page=found.get_absolute_url(), page_label=TO_THE_VOTE)
    if found.ballots.exists():
        raise Conflict(HAS_BALLOTS, page=found.get_absolute_url(), page_label=TO_THE_VOTE)
    form = PollForm(
        posted(request), consultation=found.consultation, district=found.district, initial=initial_of(found)
    )
    if "settings" in request.POST:
        return _look(request, "voting/edit_poll.html", form, found.consultation, poll=found)
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, change_poll, poll=found, actor=request.user, **form.arguments())
        if changed:
            messages.success(request, gettext("Your changes are saved."))
            return redirect(changed)
    return _form_page(request, "voting/edit_poll.html", form, found.consultation, poll=found)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_voting(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Let people vote for longer, with a public reason."""
    found = queries.visible_poll(request.user, poll_id)
    require(request.user, "voting.change_poll", found)
    form = ExtensionForm(posted(request), initial={"ends_at": found.phase.ends_at})
    if request.method == "POST" and form.is_valid():
        extended = attempt(form, extend, poll=found, actor=request.user, **form.cleaned_data)
        if extended:
            messages.success(request, gettext("Voting lasts longer now, and the log says why."))
            return redirect(found)
    return answer_form(
        request, "voting/extend_voting.html", form, poll=found, crumbs=crumbs_to(found.consultation), back=found
    )


def _once(request: HttpRequest) -> Once | None:
    """The token of the form, by which a double click is one ballot."""
    token = request.POST.get("once", "")[:LONGEST_KEY]
    return Once(token, is_form=True) if token else None


def _show(request: HttpRequest, card: Card, status: int = 200) -> HttpResponse:
    found = card.poll
    outcome = found.outcome if card.outcome and found.shares_money else None  # where the gate lets it through
    context = {
        "card": card,
        "poll": found,
        "consultation": found.consultation,
        "how": how_words(found),
        "rules": rule_words(found),
        "crumbs": crumbs_to(found.consultation),
        "may_change": request.user.has_perm("voting.change_poll", found),
        "amendments": amendments_of(found),
        "decided": decided_in(card),
        "sections": [*card.sections, *(difference(found, outcome) if outcome else ())],
        "embed_code": _embed_code(request, found),
        "has_file": found.shares_money and ballots_withheld(found, request.user) is None,
    }
    return render(request, "voting/poll.html", context, status=status)


def _embed_code(request: HttpRequest, found: Poll) -> str:
    """What somebody puts into their own page; empty where not everybody may see the poll."""
    if public(AnonymousUser(), found.consultation) is not None:
        return ""
    address = request.build_absolute_uri(reverse("voting:embedded-poll", args=[found.pk]))
    height = 260 + 64 * len(found.options.all())
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0"></iframe>',
        address,
        found.question,
        height,
    )


def _form_page(
    request: HttpRequest,
    template: str,
    form: PollForm,
    consultation: Consultation,
    poll: Poll | None = None,
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    phases = [] if poll else consultation.phases.all()
    context = {
        "form": form,
        "consultation": consultation,
        "poll": poll,
        "crumbs": crumbs_to(consultation),
        "preview": preview,
        "has_voting_phase": any(phase.kind == Phase.Kind.VOTING for phase in phases),
    }
    return render(request, template, context, status=getattr(form, "refused_with", 400) if form.errors else 200)


def _look(
    request: HttpRequest, template: str, form: PollForm, consultation: Consultation, poll: Poll | None = None
) -> HttpResponse:
    """The form as it was typed, with the settings of the method that is chosen now; or with the ballot that it would
    make. Nothing is saved by that."""
    if request.POST["settings"] != "preview":
        return _form_page(request, template, form_as_typed(form), consultation, poll)
    preview = preview_of(form, consultation, request.user)
    return _form_page(request, template, form_as_typed(form) if preview else form, consultation, poll, preview)
