"""The pages of proposals: the list, one of them, changing and withdrawing it, what it said before."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import answer_form, attempt, posted
from accounts.parking import keeps_for_members, parked, require_session
from consultations.budgets.ballot import too_dear
from consultations.budgets.districts import districts_of
from consultations.clock import database_now
from consultations.custom_fields import answers_shown
from consultations.maps.places import map_of
from consultations.milestones.queries import followed_up
from consultations.models import Consultation, Proposal
from consultations.page_facts import attachments_of
from consultations.pages import Crumbs, crumbs_to
from consultations.proposals import listing, proposing, queries
from consultations.proposals.forms import ChangeProposalForm, WithdrawalForm
from consultations.proposals.supporting import support_rights
from consultations.proposals.versions import number_of
from consultations.queries import consultation_or_404, what_now
from consultations.review.queries import review_of, review_phase
from frontend.visitors import shared_by_visitors


def crumbs_below(proposal: Proposal, *, itself: bool = True) -> Crumbs:
    """The way down to what lies below a proposal; or to the proposal, without ``itself``."""
    consultation = proposal.consultation
    crumbs = crumbs_to(consultation)
    url = reverse("consultations:proposals", args=[consultation.slug])
    crumbs.append({"title": gettext("Proposals"), "url": url})
    if itself:
        crumbs.append({"title": title_shown(proposal), "url": proposal.get_absolute_url()})
    return crumbs


def title_shown(proposal: Proposal) -> str:
    """Its title, unless it is not to be read."""
    if proposal.is_hidden:
        return gettext("Hidden proposal")
    return gettext("Withdrawn proposal") if proposal.is_withdrawn else proposal.title


@require_safe
@shared_by_visitors
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """A consultation's proposals: filtered, searched and sorted by the address alone, so that every view is a link."""
    found = consultation_or_404(request.user, slug)
    asked = listing.Asked.of(request.GET, request.user)
    if asked.needs_seed:
        query = request.GET.copy()
        query["seed"] = listing.new_seed()
        return redirect(f"{request.path}?{query.urlencode()}")
    now = database_now()
    page = listing.proposals_page(found, asked, request.user, request.GET.get("page"))
    is_lost = bool(asked.q) and not page.paginator.count
    has_money = hasattr(found, "budget")
    is_map = has_money and request.GET.get("view") == "map"
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "page": page,
        "asked": asked,
        "may_merge": request.user.has_perm("consultations.merge_consultation", found),
        "categories": listing.categories(found),
        "districts": districts_of(found) if has_money else [],
        "has_places": has_money,
        "map": map_of(found) if is_map else None,
        "places_url": _places_of(request, found) if is_map else "",
        "own_held_count": listing.own_held_count(found, asked, request.user),
        "nearly": listing.similar_titles(found, asked.q, request.user) if is_lost else [],
        "supports": support_rights(request.user, found, now),
        "now": now,
        "acts": what_now(found, request.user, now),
        "has_review": review_phase(found) is not None,
    }
    return render(request, "consultations/proposals.html", context)


def _places_of(request: HttpRequest, consultation: Consultation) -> str:
    """Where the map fetches what the list shows: the same query, but for what only the page is asked."""
    query = request.GET.copy()
    for name in ("view", "page", "sort", "seed"):
        query.pop(name, None)
    url = reverse("consultations:proposal-places", args=[consultation.slug])
    return f"{url}?{query.urlencode()}" if query else url


@require_safe
@shared_by_visitors
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with what people say about it. Of a hidden one, the public reason and nothing else."""
    found = queries.proposal_or_404(request.user, pk)
    found.is_own = found.is_signed_by(request.user.pk)  # type: ignore[attr-defined]
    now = database_now()
    is_readable = not found.is_hidden and not found.is_withdrawn
    is_standing = is_readable and not found.is_merged
    context = {
        "proposal": found,
        "title": title_shown(found),
        "is_readable": is_readable,
        "now": now,
        "consultation": found.consultation,
        "crumbs": crumbs_below(found, itself=False),
        "photos": attachments_of(found) if is_readable else [],
        "answers": answers_shown(found.consultation, found.answers) if is_readable else [],
        "supports": support_rights(request.user, found.consultation, now),
        "may_merge": found.is_shown and request.user.has_perm("consultations.merge_consultation", found.consultation),
        "may_restore": found.is_merged
        and request.user.has_perm("consultations.merge_consultation", found.consultation),
        "may_change": is_standing and request.user.has_perm("consultations.change_proposal", found),
        "may_withdraw": is_standing and request.user.has_perm("consultations.withdraw_proposal", found),
        "may_answer": is_standing
        and not (found.is_official or found.held_at)
        and request.user.has_perm("consultations.reply_consultation", found.consultation),
        "review": review_of(found) if is_standing else None,
        "too_dear": too_dear(found),
        "followed": followed_up(found, now) if is_readable else None,
        "is_invited": is_readable and getattr(found, "is_invited", False),
    }
    return render(request, "consultations/proposal.html", context)


@keeps_for_members
@require_http_methods(["GET", "HEAD", "POST"])
def change_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same form for a proposal that exists. Refuses to go unseen over what a co-author has saved meanwhile."""
    require_session(request)
    found = queries.proposal_or_404(request.user, pk)
    proposing.require_changing(found, request.user)
    form = ChangeProposalForm(posted(request), proposal=found)
    form.initial.update(parked(request))  # what was sent after the session had ended
    change = partial(attempt, form, proposing.change_proposal, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid():
        if change(**form.arguments()):
            messages.success(request, _after_change(found))
            return redirect(found)
        if form.has_error(NON_FIELD_ERRORS, proposing.CHANGED_MEANWHILE.code):
            form.know(number_of(found))
    context = {"proposal": found, "crumbs": crumbs_below(found), "consultation": found.consultation}
    return answer_form(request, "consultations/change_proposal.html", form, **context)


def _after_change(proposal: Proposal) -> str:
    if proposal.held_at:
        return gettext("Your changes are saved. A moderator reads them before the others see the proposal again.")
    return gettext("Your changes are saved.")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's proposal back, with a word about why or without."""
    found = queries.proposal_or_404(request.user, pk)
    proposing.require_withdrawing(found, request.user)
    form = WithdrawalForm(posted(request))
    withdraw = partial(attempt, form, proposing.withdraw_proposal, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and withdraw(**form.cleaned_data):
        messages.success(request, gettext("Your proposal is withdrawn."))
        return redirect(found)
    context = {"proposal": found, "crumbs": crumbs_below(found)}
    return answer_form(request, "consultations/withdraw_proposal.html", form, **context)


@require_safe
def proposal_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a proposal said before, and what changed. ``?version=`` chooses which change."""
    found = queries.proposal_or_404(request.user, pk)
    context = {
        "proposal": found,
        "history": queries.history_or_404(found, request.GET.get("version")),
        "crumbs": crumbs_below(found),
    }
    return render(request, "consultations/proposal_history.html", context)
