"""How other rooms' pages show polls without importing them: ``{% load voting %}``.

``{% polls_of consultation %}``: the card of each poll. ``{% votes_of proposal %}``: one line with what it got, where
the gate lets the count through. Where a page has the database's time in its context as ``now``, nobody asks again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from consultations.clock import database_now
from consultations.maps.places import map_of
from consultations.models import Consultation, Phase, Proposal
from consultations.page_facts import districts_of
from frontend.formats import number
from voting.log.manifest import is_open_to_any_email
from voting.models import Deviation, Option, Poll
from voting.polls.cards import Card, CardState, cards_for, in_order_of_own
from voting.polls.queries import polls_in, polls_with
from voting.results.by_district import results_by_district
from voting.results.decided import decided_winners
from voting.results.gate import count_withheld
from voting.results.tallies import own_ballots, tallies_for

register = template.Library()


@register.inclusion_tag("voting/polls_of.html", takes_context=True)
def polls_of(context: Context, consultation: Consultation) -> dict[str, Any]:
    """Three queries, however many polls there are; nothing at all where there is none."""
    request = context["request"]
    now = time_of(context)
    cards = cards_for(polls_in(consultation, request.user, now), request.user, now)
    first, others = _by_district(cards)
    may_add = _is_voting_to_come(consultation, now) and request.user.has_perm(
        "consultations.change_consultation", consultation
    )
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "consultation": consultation,
        "cards": first,
        "of_other_districts": others,
        "results": results_by_district((card.poll, card.turnout) for card in cards if card.outcome),
        "to_choose": next((c.reason for c in others if c.reason and c.reason.code == "choose_district"), None),
        "has_districts": bool(districts_of(consultation)),
        "takes_ballots": any(card.takes_ballots for card in cards),
        "may_add": may_add,
    }


@register.inclusion_tag("voting/poll_card.html", takes_context=True)
def poll_card(context: Context, card: Card, *, is_own_page: bool = False) -> dict[str, Any]:
    """One card. With many options the ballot is on the poll's own page, and here is the way to it."""
    request: HttpRequest = context["request"]
    poll = card.poll
    return {
        "csrf_token": context.get("csrf_token"),
        "card": card,
        "poll": poll,
        "is_own_page": is_own_page,
        "is_open_to_any_email": is_open_to_any_email(poll),
        "is_wide": card.has_many_options and is_own_page,
        "is_short": card.has_own_page and not is_own_page,
        "here": f"{request.get_full_path()}#poll-{poll.pk}",
        # What components/vote_card.html asks for:
        "anchor": f"poll-{poll.pk}",
        "state": card.state,
        "question": poll.question,
        "heading": "h1" if is_own_page else "h3",
        "action": ballot_address(request, card, is_own_page),
        "options": [*card.budget_ballot.elsewhere, *card.budget_ballot.rows] if card.budget_ballot else card.options,
        "is_editing": card.budget_ballot is not None and (card.budget_ballot.has_draft or is_looked_through(request)),
        "chosen": _cast(card),
        "control": card.control,
        "money": card.money,
        "budget": card.budget_ballot,
        "map": map_of(poll.consultation) if card.budget_ballot and card.budget_ballot.has_places else None,
        "places_url": places_address(card),
        "form_template": "voting/budget_form.html" if card.budget_ballot else "components/vote_form.html",
        "is_multiple": card.is_multiple,
        "allowed": poll.max_choices,
        "is_blank": card.is_blank,
        "number": card.own.number if card.own else None,
        "can_change": card.takes_ballots and ("press" not in card.control or card.is_blank),  # the rest is a blank one
        "closes": card.times,
        "note": _note(card),
        "once": secrets.token_urlsafe(12) if card.takes_ballots else "",
        "error": card.error,
    }


@dataclass(frozen=True)
class VotesOf:
    """In words; ``why``: where it is explained, once there is an outcome."""

    words: str
    why: str = ""

    def __str__(self) -> str:
        return self.words


@register.simple_tag(takes_context=True)
def votes_of(context: Context, proposal: Proposal) -> VotesOf | str:
    """What a proposal got in its poll: "312 votes", and whether it won. Empty where it is in none, or withheld."""
    user = context["request"].user
    polls = list(polls_with(proposal))
    tallies = tallies_for(polls, user, own_ballots(polls, user))
    for poll in polls:
        tally = tallies.get(poll.pk)
        ids = {option.pk for option in poll.options.all() if option.proposal_id == proposal.pk}
        for option in tally.options if tally else []:
            if option.id in ids:
                if poll.most_each > 1:
                    words = ngettext("%(points)s point", "%(points)s points", option.count)
                else:
                    words = ngettext("%(votes)s vote", "%(votes)s votes", option.count)
                votes = words % {"votes": number(option.count), "points": number(option.count)}
                outcome = getattr(poll, "outcome", None)
                if outcome is None:
                    return VotesOf(votes)
                if option.id in decided_winners(poll):
                    how = gettext("Winner")
                elif str(option.id) in outcome.winners:
                    how = str(Deviation.Kind.EXCLUDED.label)
                else:
                    how = gettext("Did not win")
                return VotesOf(f"{votes} · {how}", poll.get_absolute_url())
    return ""


@register.simple_tag(takes_context=True)
def winners_of(context: Context, consultation: Consultation) -> set[int]:
    """Ids of the proposals that won in its votes, those that the reader may not know of yet left out.

    No query while voting is ahead or goes on; three afterwards.
    """
    over = [phase.ends_at for phase in consultation.phases.all() if phase.kind == Phase.Kind.VOTING and phase.ends_at]
    if not over or over[0] > time_of(context):
        return set()
    polls = Poll.objects.filter(consultation=consultation, closed_at__isnull=False).select_related("outcome", "phase")
    won = {
        option
        for poll in polls.prefetch_related("deviations")
        if count_withheld(poll, context["request"].user, voted=False) is None
        for option in decided_winners(poll)
    }
    return set(Option.objects.filter(pk__in=won, proposal__isnull=False).values_list("proposal", flat=True))


def places_address(card: Card) -> str:
    """Where the map of a budget's ballot fetches what the search has found."""
    query = card.budget_ballot.asked.query if card.budget_ballot else ""
    return f"{reverse('voting:ballot-places', args=[card.poll.pk])}{'?' if query else ''}{query}"


def is_looked_through(request: HttpRequest) -> bool:
    return any(name in request.GET for name in ("q", "category", "part", "view"))


def _cast(card: Card) -> list[dict[str, Any]]:
    """What the person's ballot says that counts, whatever they have ticked since."""
    own = card.own.choices if card.own else {}
    return [{**option, "is_chosen": True} for option in in_order_of_own(card) if str(option["id"]) in own]


def _by_district(cards: list[Card]) -> tuple[list[Card], list[Card]]:
    """Those of the person's own district, and of everybody; then those of the other districts, where there are many."""
    mine = [card for card in cards if not card.poll.is_of_one_district or card.is_of_own_district]
    others = [card for card in cards if card not in mine]
    return (mine, others) if len(others) > 1 else (cards, [])


def ballot_address(request: HttpRequest, card: Card, is_own_page: bool) -> str:
    """Where the ballot is sent, with the page to come back to."""
    address = reverse("voting:cast-ballot", args=[card.poll.pk])
    return address if is_own_page else f"{address}?{urlencode({'next': request.get_full_path()})}"


def time_of(context: Context) -> datetime:
    """The page's moment by the database's clock."""
    return context.get("now") or database_now()


def _is_voting_to_come(consultation: Consultation, now: datetime) -> bool:
    """Whether it has a voting phase that is not over: a vote takes its times from there."""
    ends = [phase.ends_at for phase in consultation.phases.all() if phase.kind == Phase.Kind.VOTING]
    return bool(ends) and all(end is None or end > now for end in ends)


def _note(card: Card) -> str:
    if card.state == CardState.BARRED and card.reason:
        return str(card.reason.sentence)
    if card.state == CardState.EMPTY and card.poll.max_choices and card.is_multiple:
        sentence = ngettext(
            "Choose at most %(allowed)s. Nothing counts until you press “Vote”; you can change it until the close.",
            "Choose up to %(allowed)s. Nothing counts until you press “Vote”; you can change it until the close.",
            card.poll.max_choices,
        )
        return sentence % {"allowed": number(card.poll.max_choices)}
    if card.state == CardState.EMPTY and "press" in card.control:
        return gettext("It counts when you press “I support this”. You can take it back until the close.")
    if card.state == CardState.EMPTY:
        return gettext("Nothing counts until you press “Vote”. You can change it until the close.")
    return card.note
