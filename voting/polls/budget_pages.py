"""What the page of a budget's poll adds: the voter's own order, what they kept for later, a part at a time."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Person
from consultations.clock import database_now
from frontend.formats import money_sign
from voting.districts.ordering import ticket, viewer_of
from voting.drafts.keeping import draft_of, keep_draft
from voting.polls import queries
from voting.polls.ballot_forms import numbers_in, typed_in
from voting.polls.budget_ballot import Asked, found_of, part_of
from voting.polls.cards import Card, CardState, card_for, fill_in
from voting.results.outcomes import currency_of
from voting.rolls.eligible import voter_name

LOOKED_AT = (CardState.SOON, CardState.BARRED, CardState.EMPTY, CardState.COUNTS, CardState.SEALED)


def with_budget_ballot(card: Card, user: Person, data: Mapping[str, str], now: datetime) -> None:
    """Give the card of a budget its ballot: what was handed in just now, else what was kept, else what was cast."""
    poll = card.poll
    if not poll.shares_money or card.state not in LOOKED_AT:
        return
    draft = draft_of(poll, user) if card.takes_ballots and not card.error else None
    if draft is not None:
        fill_in(card, {option: str(value) for option, value in draft.items()})
    rows = card.options
    if poll.order_seed:
        seed, viewer = bytes(poll.order_seed), viewer_of(poll, voter_name(poll, user), now)
        rows = sorted(rows, key=lambda row: ticket(seed, viewer, str(row["id"])))
    card.budget_ballot = part_of(rows, Asked.of(data), has_draft=draft is not None)


@require_safe
def ballot_places(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Where the proposals are that the ballot with the same query shows. ``points``: id of the proposal, latitude,
    longitude, title, cost in cents, id of the option, and what the list says beside the title."""
    found = queries.poll_or_404(request.user, poll_id)
    rows = found_of(card_for(found, request.user, database_now()).options, Asked.of(request.GET))
    answer = {
        "proposal": reverse("consultations:proposal", args=[0]),
        "money_sign": money_sign(currency_of(found)),
        "points": [
            [row["proposal_id"], *row["place"], row["label"], row["cost_cents"], row["id"], row["description"]]
            for row in rows
            if row["place"]
        ],
    }
    return JsonResponse(answer, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@require_http_methods(["GET", "HEAD", "POST"])
def save_draft(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Keep what is ticked, and go on looking. Writes nothing about the person, like the cast."""
    found = queries.poll_to_cast_in(request.user, poll_id)
    if request.method != "POST":
        return redirect(found)
    is_kept = keep_draft(poll=found, voter=request.user, choices=numbers_in(typed_in(found, request.POST)))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": is_kept})
    asked = {name: value for name in ("q", "category", "part", "view") if (value := request.POST.get(name, ""))}
    if "search" in request.POST:
        asked.pop("part", None)
    return redirect(f"{found.get_absolute_url()}{'?' if asked else ''}{urlencode(asked)}#ballot")
