"""Deviations in words, for the page of the vote, the API and the files that leave."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from frontend.formats import money, number, when
from voting.models import Deviation, Outcome, Poll
from voting.results.decided import after
from voting.results.outcomes import currency_of

TAKEN_BACK = {
    Deviation.Kind.EXCLUDED: _("Taken in before without having won by the count, and does not go ahead after all"),
    Deviation.Kind.ADDED: _("Won by the count, left out before, and goes ahead after all"),
}


@dataclass(frozen=True)
class Decided:
    """What goes ahead after all, in a sentence, and each decision that made it so."""

    sentence: str
    winners: list[int]
    rows: list[dict[str, str]]


def decided_words(poll: Poll, outcome: Outcome) -> Decided | None:
    """None where nothing was decided otherwise. One query. The caller has asked the gate."""
    deviations = list(poll.deviations.all()) if poll.shares_money else []
    if not deviations:
        return None
    options = {option.pk: option for option in poll.options.all()}
    winners = after(outcome, deviations)
    spent = sum(options[pk].cost_cents or 0 for pk in winners)
    currency, budget = currency_of(poll), poll.money_cents or 0
    sentence = ngettext(
        "After the count and what the agency decided, %(count)s proposal goes ahead, for %(spent)s of %(budget)s.",
        "After the count and what the agency decided, %(count)s proposals go ahead, for %(spent)s of %(budget)s.",
        len(winners),
    ) % {"count": number(len(winners)), "spent": money(spent, currency), "budget": money(budget, currency)}
    if spent > budget:
        more = gettext("That is %(more)s more than there was to share out.")
        sentence = f"{sentence} {more % {'more': money(spent - budget, currency)}}"
    rows = [
        {
            "name": str(options[deviation.option_id]),
            "kind": _kind_words(deviation, outcome),
            "reason": deviation.reason,
            "when": when(deviation.decided_at),
        }
        for deviation in deviations
    ]
    return Decided(sentence, winners, rows)


def _kind_words(deviation: Deviation, outcome: Outcome) -> str:
    """What the count said and what is done; of a decision that takes an earlier one back, that it does."""
    has_won = str(deviation.option_id) in outcome.winners
    is_left_out = deviation.kind == Deviation.Kind.EXCLUDED
    if has_won == is_left_out:
        return deviation.get_kind_display()
    return str(TAKEN_BACK[Deviation.Kind(deviation.kind)])
