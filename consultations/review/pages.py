"""The pages of the review, in the order of ``urls.py``."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import answer_form, attempt, posted
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, InvalidInput, NotPermitted
from consultations.budgets.ballot import too_dear
from consultations.clock import database_now
from consultations.models import Consultation, District, Proposal, Review
from consultations.proposals.pages import crumbs_below
from consultations.proposals.queries import proposal_or_404
from consultations.queries import consultation_or_404
from consultations.review import assigning, opining, queries, running
from consultations.review.forms import BringInForm, OpinionForm, RulesForm
from consultations.review.standing import Standing, newest, standing_of
from consultations.review.thresholds import progress_of
from consultations.running.pages import Crumbs, crumbs_to_manage
from frontend.formats import number


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What I have to review, in all consultations."""
    if not isinstance(request.user, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    rows = queries.mine(request.user)
    context = {
        "waiting": [row for row in rows if not row.is_done],
        "done": [row for row in rows if row.is_done],
        "now": database_now(),
    }
    return render(request, "consultations/review/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a proposal and give an opinion on it; an editor decides here where two readers differ."""
    found = proposal_or_404(request.user, pk)
    require(request.user, "consultations.watch_reviews_consultation", found.consultation)
    given = list(found.reviews.select_related("reviewer"))
    progress = progress_of(found)
    people = opining.assigned_to(found)
    standing = standing_of(given, progress=progress, needs_second=opining.needs_second(found), is_assigned=bool(people))
    may_change = request.user.has_perm("consultations.change_consultation", found.consultation)
    may_review = request.user.has_perm("consultations.review_proposal", found)
    is_deciding = may_change and standing == Standing.DIFFER and request.GET.get("as") != "reader"
    if request.method == "POST" and not is_deciding:
        require(request.user, "consultations.review_proposal", found)
    own = [row for row in given if row.reviewer_id == request.user.pk and row.kind != Review.Kind.DECISION]
    last = own[-1] if own and not is_deciding else None
    form = OpinionForm(posted(request), last=last, cost_cents=found.cost_cents or found.rough_cost_cents)
    deed = opining.decide if is_deciding else opining.give_opinion
    give = partial(attempt, form, deed, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and give(**form.cleaned_data):
        messages.success(request, _after_opinion(is_deciding))
        if warning := too_dear(proposal_or_404(request.user, pk)):
            messages.warning(request, f"{found.title}: {warning}")
        return redirect("consultations:reviews" if may_review and not is_deciding else found)
    context = {
        "proposal": found,
        "consultation": found.consultation,
        "crumbs": crumbs_below(found),
        "standing": standing,
        "too_dear": too_dear(found),
        "progress": progress,
        "opinions": list(newest(given).values()),
        "reviews": given,
        "own": last,
        "is_deciding": is_deciding,
        "may_review": may_review,
        "may_change": may_change,
        "takes_opinion": may_review or is_deciding,
        "people": User.objects.filter(pk__in=people).order_by("name"),
        "bring_in_form": BringInForm() if may_change and not progress.goes_on else None,
        "may_ask_second": may_change
        and not opining.needs_second(found)
        and not any(row.kind == Review.Kind.SECOND for row in given),
    }
    return answer_form(request, "consultations/review/review.html", form, **context)


def _after_opinion(is_decision: bool) -> str:
    if is_decision:
        return gettext("The decision is published beside the proposal, with your reason.")
    return gettext("Your opinion is in.")


@require_POST
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a proposal go on to review, with a public reason."""
    found = proposal_or_404(request.user, pk)
    form = BringInForm(request.POST)
    reason = request.POST.get("reason", "") if form.is_valid() else ""
    running.bring_in(proposal=found, actor=request.user, reason=reason)
    messages.success(request, gettext("It goes on to review. Your reason stands on its page."))
    return redirect("consultations:review-proposal", pk)


@require_POST
def ask_second_reader(request: HttpRequest, pk: int) -> HttpResponse:
    found = proposal_or_404(request.user, pk)
    running.ask_second_reader(proposal=found, actor=request.user)
    messages.success(request, gettext("A second reader is asked for. Assign one, if nobody else is assigned yet."))
    return redirect("consultations:review-proposal", pk)


# --- The board


def crumbs_to_board(consultation: Consultation) -> Crumbs:
    url = reverse("consultations:review", args=[consultation.slug])
    return [*crumbs_to_manage(consultation), {"title": gettext("Review"), "url": url}]


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """All proposals by district: who reads them, what was found, what is missing, how long there is."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.watch_reviews_consultation", found)
    asked = queries.Filter.of(request.GET)
    may_change = request.user.has_perm("consultations.change_consultation", found)
    shown = queries.board_of(found, asked, request.GET.get("page"))
    context = {
        "consultation": found,
        "crumbs": crumbs_to_manage(found),
        "asked": asked,
        "board": shown,
        "districts": shown.districts,
        "people": assigning.reviewers_to_choose(found),
        "may_change": may_change,
        "rules": RulesForm(consultation=found) if may_change else None,
        "now": database_now(),
    }
    return render(request, "consultations/review/board.html", context)


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give what was ticked on the board to one person, or take it from them (``act=unassign``)."""
    found = consultation_or_404(request.user, slug)
    chosen = {
        "proposals": list(Proposal.objects.filter(consultation=found, pk__in=_ids(request, "proposals"))),
        "districts": list(District.objects.filter(consultation=found, pk__in=_ids(request, "districts"))),
    }
    people = _ids(request, "reviewer") or [0]
    is_taken = request.POST.get("act") == "unassign"
    deed = assigning.unassign if is_taken else assigning.assign
    back = address_asked(request) or reverse("consultations:review", args=[slug])
    try:
        count = deed(consultation=found, actor=request.user, reviewer_id=people[0], **chosen)
    except InvalidInput as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(back)
    messages.success(request, _after_assigning(count, is_taken=is_taken))
    return redirect(back)


@require_POST
def change_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Second readers, and the supports that it takes."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.change_consultation", found)
    form = RulesForm(request.POST, consultation=found)
    if form.is_valid():
        running.set_rules(consultation=found, actor=request.user, **form.cleaned_data)
        messages.success(request, gettext("Your changes are saved."))
    else:
        messages.error(request, _first_error(form))
    return redirect("consultations:review", slug)


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19]


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _after_assigning(count: int, *, is_taken: bool) -> str:
    if is_taken:
        words = ngettext("%(number)s assignment is taken back.", "%(number)s assignments are taken back.", count)
    else:
        words = ngettext(
            "%(number)s new assignment. The person is told.", "%(number)s new assignments. The person is told.", count
        )
    return words % {"number": number(count)}
