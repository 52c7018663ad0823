"""What is wrong with a ballot, in a sentence for the voter."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from frontend.formats import money
from voting.methods import InvalidBallot
from voting.models import Poll

NO_OPTION = _("That is not one of the options of this vote. Reload the page and choose again.")
# The script of the ballot says the same before anything is sent: {gaps} for it.
EQUAL = _("You gave place {place} to two options: “{one}” and “{other}”. Give each place once.")
SKIPPED = _("You gave no option place {place}. Give the places in order, from 1 on.")
TOO_MANY_POINTS = _("You gave {given} points, and there are {allowed}. Take some away.")
TOO_MANY_PLACES = _("You ranked {chosen} options, and may rank {allowed}. Leave some without a place.")
OVERSPENT = gettext_noop(
    "You are %(over)s over: what you chose costs %(cost)s, and there is %(allowed)s. Take something away."
)


def sentence_of(fault: InvalidBallot, poll: Poll) -> Text:
    """One query, for the names of options, where the sentence has some."""
    details = fault.details
    if fault.code == "too_many_choices" and poll.gives_places:
        return str(TOO_MANY_PLACES).format(**details)
    if fault.code == "too_many_choices":
        allowed = int(details["allowed"])
        return ngettext(
            "Choose at most %(allowed)d option. You chose %(chosen)d.",
            "Choose at most %(allowed)d options. You chose %(chosen)d.",
            allowed,
        ) % {"allowed": allowed, "chosen": int(details["chosen"])}
    if fault.code == "equal_ranks":
        one, other = _names(poll, [str(details["option"]), str(details["other"])])
        return str(EQUAL).format(place=details["rank"], one=one, other=other)
    if fault.code == "skipped_rank":
        return str(SKIPPED).format(place=details["rank"])
    if fault.code == "too_many_points":
        return str(TOO_MANY_POINTS).format(**details)
    if fault.code == "too_dear":
        currency = poll.consultation.budget.currency
        cost, allowed = int(fault.details["cost"]), int(fault.details["allowed"])
        amounts = {"over": cost - allowed, "cost": cost, "allowed": allowed}
        return gettext(OVERSPENT) % {name: money(cents, currency) for name, cents in amounts.items()}
    if fault.code == "wrong_value":
        [name] = _names(poll, [str(details["option"])])
        return gettext("“%(option)s” cannot be given %(value)s here.") % {"option": name, "value": details["value"]}
    return NO_OPTION


def _names(poll: Poll, ids: Sequence[str]) -> list[str]:
    names = {str(option.pk): str(option) for option in poll.options.all()}
    return [names.get(option, option) for option in ids]
