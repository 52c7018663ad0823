"""What the card of a poll shows to one person now: its state, why, and the count if the gate lets it through."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, why_not
from accounts.refusals import Reason
from consultations.models import Consultation, Proposal
from frontend.figures import share
from frontend.formats import ago, money, when
from voting.districts.where import place_of, remember_places, why_not_here
from voting.models import Option, Poll
from voting.polls.ballot_forms import control_of, words_of
from voting.polls.budget_ballot import BudgetBallot
from voting.results.explaining import counts_head, counts_words, sections_of
from voting.results.gate import Withheld, count_withheld
from voting.results.outcomes import Allocation, allocation_of, currency_of, sentence_of
from voting.results.sections import Section
from voting.results.tallies import OptionCount, OwnBallot, TallyView, ballot_left, ballots_under_name, tallies_for
from voting.results.weighed import weight_words

BEING_COUNTED = _("The vote is over, and the last ballots are being counted. Reload the page in a moment.")
MANY_OPTIONS = 8  # beyond it, the ballot and the count have a page of their own


class CardState(StrEnum):
    """As ``components/vote_card.html`` knows them."""

    SOON = "soon"
    BARRED = "barred"  # voting is open, but not to this person
    EMPTY = "empty"
    COUNTS = "counts"
    SEALED = "sealed"
    COUNTING = "counting"  # the time is over, and nobody has closed it yet
    CLOSED = "closed"


@dataclass
class Card:
    """One poll as one person sees it now."""

    poll: Poll
    state: CardState
    options: list[dict[str, Any]]
    times: str  # when it opens, or closes
    reason: Reason | None  # why this person may not vote, where it is open
    own: OwnBallot | None
    tally: dict[str, Any] | None  # as components/tally.html shows it; None where the gate withholds it
    withheld: Withheld | None
    turnout: int = 0  # how many people have voted, as far as counted: told to everybody always
    outcome: str = ""
    allocation: Allocation | None = None
    sections: Sequence[Section] = ()  # how the outcome came about
    weight_words: str = ""  # where ballots count by weight
    is_of_own_district: bool = False
    budget_ballot: BudgetBallot | None = None  # on the page of a budget's poll, while one can look through it
    replaces_another: bool = False  # the person's place on the roll was another account's, which voted with it
    note: str = ""
    error: str = ""  # why what was just handed in is not received

    @property
    def is_multiple(self) -> bool:
        return self.poll.ballot_kind == "several"

    @property
    def control(self) -> dict[str, Any]:
        """How a ballot is filled in, as ``components/vote_form.html`` knows it."""
        return control_of(self.poll)

    @property
    def money(self) -> dict[str, Any] | None:
        """What there is to share out, for a ballot that adds up what it chose."""
        if not self.poll.shares_money or self.poll.ballot_kind not in ("several", "points"):
            return None
        return {"total_cents": self.poll.money_cents or 0, "currency": currency_of(self.poll)}

    @property
    def has_many_options(self) -> bool:
        return len(self.options) > MANY_OPTIONS

    @property
    def has_own_page(self) -> bool:
        """A budget's ballot adds up money and is kept as a draft: its form is on the poll's page only."""
        return self.has_many_options or (self.poll.shares_money and self.takes_ballots)

    @property
    def has_proposals(self) -> bool:
        return any(option.proposal_id for option in self.poll.options.all())

    @property
    def is_blank(self) -> bool:
        return self.own is not None and not self.own.choices

    @property
    def takes_ballots(self) -> bool:
        return self.state in (CardState.EMPTY, CardState.COUNTS, CardState.SEALED)

    @property
    def live_id(self) -> int | None:
        """The poll's id, while its count may move live."""
        return self.poll.pk if self.tally and not self.poll.is_closed else None


def cards_for(polls: Sequence[Poll], user: Person, now: datetime) -> list[Card]:
    """The cards of several polls of one consultation: one query, and what a permission costs."""
    if not polls:
        return []
    reasons = reasons_for(polls, user)
    found = ballots_under_name(polls, user)
    tallies = tallies_for(polls, user, found.own)
    cards = [_card(poll, user, now, reasons[poll.pk], found.own.get(poll.pk), tallies.get(poll.pk)) for poll in polls]
    for card in cards:
        card.replaces_another = card.state == CardState.EMPTY and card.poll.pk in found.of_another
    return cards


def reasons_for(polls: Sequence[Poll], user: Person) -> dict[int, Reason | None]:
    """Why the person may not vote, by the poll's id: asked for one poll of a consultation, and for the others only
    whether their district is the person's."""
    remember_places(polls, user)
    asked = min(polls, key=lambda poll: poll.is_of_one_district and place_of(poll, user) != poll.district)
    general = why_not(user, "voting.vote_poll", asked)
    others = [poll for poll in polls if poll is not asked and poll.is_of_one_district]
    return dict.fromkeys((poll.pk for poll in polls), general) | {
        poll.pk: general or why_not_here(poll, user) for poll in others
    }


def card_for(poll: Poll, user: Person, now: datetime) -> Card:
    """The card on the poll's own page, where whoever was taken off the roll finds the ballot that they left."""
    card = cards_for([poll], user, now)[0]
    if card.state == CardState.BARRED and poll.electoral_roll_id is not None and card.own is None:
        card.own = ballot_left(poll, user)
    return card


def keep_choices(card: Card, typed: Mapping[str, str], error: str) -> Card:
    """The card as it was handed in, with what is wrong with it. typed: option id -> what was typed for it."""
    card.error = error
    fill_in(card, typed)
    return card


def fill_in(card: Card, typed: Mapping[str, str]) -> None:
    """Let the ballot of the card say this. typed: option id -> what stands beside it."""
    for option in card.options:
        option["is_chosen"] = str(option["id"]) in typed
        option["value"] = typed.get(str(option["id"]), "")


def in_order_of_own(card: Card) -> list[dict[str, Any]]:
    """The options with what the person gave them: of a ranking the favourite first."""
    if card.own is None or not card.poll.gives_places:
        return card.options
    places = card.own.choices
    return sorted(card.options, key=lambda option: places.get(str(option["id"]), len(card.options) + 1))


def mark_winners(card: Card, winners: Collection[int]) -> None:
    """In the count of a budget. winners: ids of the options."""
    options = {option.pk: option for option in card.poll.options.all()}
    for row in card.tally["options"] if card.tally else ():
        row["has_won"] = row["id"] in winners
        row["proposal_id"] = options[row["id"]].proposal_id


def _card(
    poll: Poll, user: Person, now: datetime, reason: Reason | None, own: OwnBallot | None, tally: TallyView | None
) -> Card:
    state = state_of(poll, now, reason, own)
    withheld = count_withheld(poll, user, voted=own is not None)
    outcome = getattr(poll, "outcome", None) if poll.is_closed and not withheld else None
    counted = getattr(poll, "tally", None)
    card = Card(
        poll=poll,
        state=state,
        options=[_option(option, own, poll) for option in poll.options.all()],
        times=times_of(poll, now),
        reason=reason if state == CardState.BARRED else None,
        own=own,
        tally=_tally(poll, tally) if tally and state != CardState.SOON else None,  # nothing to count yet
        withheld=withheld,
        turnout=counted.counted["voters"] if counted else 0,
        outcome=sentence_of(poll, outcome) if outcome else "",
        allocation=allocation_of(poll, outcome) if outcome else None,
        sections=sections_of(poll, outcome) if outcome else (),
        weight_words=weight_words(poll),
        is_of_own_district=poll.is_of_one_district and place_of(poll, user) == poll.district,
        note=str(BEING_COUNTED) if state == CardState.COUNTING else "",
    )
    if outcome and poll.shares_money:
        mark_winners(card, [int(option) for option in outcome.winners])
    return card


def state_of(poll: Poll, now: datetime, reason: Reason | None, own: OwnBallot | None) -> CardState:
    """The clock comes first, then the person, then what they have done."""
    if poll.is_closed:
        return CardState.CLOSED
    if not poll.consultation.is_published or now < poll.phase.starts_at:
        return CardState.SOON
    if not poll.phase.is_active_at(now):
        return CardState.COUNTING
    if reason is not None:
        return CardState.BARRED
    if own is None:
        return CardState.EMPTY
    return CardState.COUNTS if own.number is None else CardState.SEALED


def times_of(poll: Poll, now: datetime) -> str:
    """ "Closes in 3 days, on Friday 27 November at 18:00, Buenos Aires time", or the like."""
    phase = poll.phase
    if now < phase.starts_at:
        return gettext("Opens %(ago)s, %(when)s.") % {"ago": ago(phase.starts_at, now), "when": when(phase.starts_at)}
    if phase.ends_at is None:
        return gettext("Open, with no closing date yet.")
    words = {"ago": ago(phase.ends_at, now), "when": when(phase.ends_at)}
    if phase.ends_at > now:
        return gettext("Closes %(ago)s, %(when)s.") % words
    return gettext("Closed %(ago)s, %(when)s.") % words


def _option(option: Option, own: OwnBallot | None, poll: Poll) -> dict[str, Any]:
    return {
        "id": option.pk,
        "label": str(option),
        "description": _description(option, poll.consultation),
        "is_chosen": own is not None and str(option.pk) in own.choices,
        "value": str(own.choices.get(str(option.pk), "")) if own is not None else "",
        "chosen_words": words_of(poll, own.choices, str(option.pk)) if own is not None else "",
        "cost_cents": option.cost_cents if poll.shares_money else None,
        "withdrawn": option.withdrawn_at is not None,
        **_of_proposal(option.proposal if option.proposal and not option.proposal.is_hidden else None),
    }


def _of_proposal(proposal: Proposal | None) -> dict[str, Any]:
    """What the ballot of a budget shows of one: nothing of one that is hidden."""
    if proposal is None:
        return {"proposal_id": None, "category": "", "place": None}
    has_place = proposal.latitude is not None and proposal.longitude is not None
    return {
        "proposal_id": proposal.pk,
        "category": proposal.category,
        "place": (proposal.latitude, proposal.longitude) if has_place else None,
    }


def _description(option: Option, consultation: Consultation) -> str:
    """Cost, category and place of a proposal; of a hidden one what it costs, for the ballot cannot do without."""
    budget = getattr(consultation, "budget", None) if option.cost_cents is not None else None
    parts = [gettext("Withdrawn: it can no longer win")] if option.withdrawn_at else []
    parts += [money(option.cost_cents or 0, budget.currency)] if budget else []
    if option.proposal is not None and not option.proposal.is_hidden:
        parts += [option.proposal.category, option.proposal.place]
    return " · ".join(part for part in parts if part)


def _tally(poll: Poll, tally: TallyView) -> dict[str, Any]:
    """As ``components/tally.html`` shows it. A final one has the most votes first; a row that moves keeps its place."""
    options = tally.options
    if tally.is_final and poll.method != Poll.Method.FOR_AGAINST_ABSTAIN:
        options = sorted(options, key=lambda option: -option.count)
    return {
        "options": [_bar(option, tally.whole * poll.most_each) for option in options],
        "number": tally.number,
        "voter_count": tally.voters,
        "is_weighted": poll.is_weighted,
        "weight": tally.whole,
        "most_each": poll.most_each,
        "blank_count": tally.blank,
        "spoilt_count": tally.spoilt,
        "sealed_at": tally.sealed_at,
        "eligible_count": poll.electoral_roll.size if poll.electoral_roll else None,
        "is_final": tally.is_final,
        "counts_words": counts_words(poll),
        "head": str(counts_head(poll)),
    }


def _bar(option: OptionCount, most: int) -> dict[str, Any]:
    """``most``: what all voters together could have given it."""
    percent = share(option.count, most)
    return {
        "id": option.id,
        "label": option.label,
        "count": option.count,
        "share_percent": percent,
        "bar_percent": min(abs(percent or 0.0), 100.0),
        "kind": option.kind,
        "is_withdrawn": option.is_withdrawn,
    }
