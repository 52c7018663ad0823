"""What the page of a budget's poll adds: the voter's own order, what they kept for later, a part at a time."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.access import Person
from voting.districts.ordering import ticket, viewer_of
from voting.drafts.keeping import draft_of, keep_draft
from voting.polls import queries
from voting.polls.ballot_forms import numbers_in, typed_in
from voting.polls.budget_ballot import Asked, part_of
from voting.polls.cards import Card, CardState, fill_in
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


@require_http_methods(["GET", "HEAD", "POST"])
def save_draft(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Keep what is ticked, and go on looking. Writes nothing about the person, like the cast."""
    found = queries.poll_to_cast_in(request.user, poll_id)
    if request.method != "POST":
        return redirect(found)
    is_kept = keep_draft(poll=found, voter=request.user, choices=numbers_in(typed_in(found, request.POST)))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": is_kept})
    asked = {name: value for name in ("q", "category", "part") if (value := request.POST.get(name, ""))}
    if "search" in request.POST:
        asked.pop("part", None)
    return redirect(f"{found.get_absolute_url()}{'?' if asked else ''}{urlencode(asked)}#ballot")
