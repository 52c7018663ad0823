"""The pages of consultations, in the order of ``urls.py``."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.agencies import agencies_to_open_for
from consultations import queries
from consultations.clock import database_now
from consultations.documents.presence import cards_of
from consultations.models import Consultation
from consultations.opening import preview
from consultations.page_facts import attachments_of, date_changes_of, districts_of
from consultations.proposals import listing
from consultations.proposals import queries as proposal_queries
from consultations.proposals.supporting import cause_rights, support_rights
from consultations.review.queries import has_reviews
from consultations.running import answered
from consultations.sentences import next_phase_sentence, state_sentence, steps
from frontend.visitors import shared_by_visitors

Crumbs = list[dict[str, str]]


def crumbs_to(consultation: Consultation | None = None) -> Crumbs:
    """The way down to what lies in ``consultation``, or to what lies in the list of all."""
    crumbs = [{"title": gettext("Consultations"), "url": reverse("consultations:consultations")}]
    if consultation is not None:
        crumbs.append({"title": consultation.title, "url": consultation.get_absolute_url()})
    return crumbs


@require_safe
@shared_by_visitors
def front_page(request: HttpRequest) -> HttpResponse:
    """What is asked now, what will be, what was."""
    context = {"lists": queries.front_page_lists(request.user, database_now())}
    return render(request, "consultations/front_page.html", context)


@require_safe
@shared_by_visitors
def consultations(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, by state and agency."""
    now = database_now()
    page = queries.consultations_page(request.user, now, request.GET)
    context = {
        "page": page,
        "cards": [queries.card(found, now) for found in page],
        "states": queries.states_to_filter(request.user),
        "agencies": queries.agencies_with_consultations(request.user),
        "asked": {"q": queries.words_asked(request.GET)}
        | {name: request.GET.get(name, "") for name in ("state", "agency")},
        "may_open": agencies_to_open_for(request.user).exists(),
    }
    return render(request, "consultations/consultations.html", context)


@require_safe
@shared_by_visitors
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """One consultation: where it stands, what one can do now, its text, and what people say.

    A draft is shown as somebody without an account will see it, in the phase that the address asks for.
    """
    found = queries.consultation_page_or_404(request.user, slug)
    if found.is_published:
        return _show(request, found, database_now())
    shown = preview.of_draft(found, request.GET.get("phase", ""), database_now())
    return _show(preview.as_anyone(request), found, shown.now, preview=shown)


def _show(request: HttpRequest, found: Consultation, now: datetime, **more: Any) -> HttpResponse:
    may_change = request.user.has_perm("consultations.change_consultation", found)
    context = {
        "consultation": found,
        "crumbs": crumbs_to(),
        "state": found.state_at(now),
        "sentence": state_sentence(found, now),
        "steps": steps(found, now),
        "now": now,
        "acts": queries.what_now(found, request.user, now),
        "next_sentence": next_phase_sentence(found, now),
        "may_change": may_change,
        "has_reviews": has_reviews(found, request.user, now),
        "may_manage": request.user.has_perm("consultations.measure_consultation", found),
        "documents": cards_of(found, may_change=may_change),
        "attachments": attachments_of(found),
        "districts": districts_of(found),
        "date_changes": date_changes_of(found),
        "is_answered": found.is_answered_at(now),
        "answers": answered.answers_of(found),
        "supports": support_rights(request.user, found, now),
        "cause": cause_rights(request.user, found, now),
        "proposal_figures": proposal_queries.proposal_figures(found),
        "proposals": listing.newest_cards(found, request.user),
        **more,
    }
    return render(request, "consultations/consultation.html", context)
