"""Whether what an editor says about a method can be counted; and what goes without saying filled in."""

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from voting.methods import METHODS
from voting.methods.rules import APPROVALS, BALLOTS, MAJORITIES, PLACES, POINTS, SCALES, TAKES, Rules
from voting.models import Poll

MOST_SEATS = 1_000
MOST_POINTS = 1_000
FEWEST_OPTIONS = {Poll.Method.CAUSE: 1, Poll.Method.SLIDER: 1}  # the others: 2


class Settled(NamedTuple):
    """What a poll keeps about its method."""

    max_choices: int | None
    max_points: int
    rules: Rules


def settle(method: str, option_count: int, max_choices: int | None, max_points: int, rules: Rules) -> Settled:
    """What of this the method reads, checked. Raises InvalidInput with the field that is wrong.

    Points that one option may have are all that a ballot has, where nobody says otherwise; places are as many as
    options.
    """
    takes = TAKES.get(method, ())
    rules = rules.only_of(method)
    gives = _given_by(method, rules)
    if "max_choices" not in takes or gives == POINTS:
        max_choices = None
    if max_choices is not None and not 1 <= max_choices <= option_count:
        raise InvalidInput("bad_max_choices", _("Choose a number between 1 and the number of options."), "max_choices")
    if gives == PLACES and max_choices is None and METHODS[method].money:
        max_choices = option_count
    _check_numbers(method, option_count, rules)
    _check_forms(rules)
    if gives != POINTS:
        return Settled(max_choices, 1, replace(rules, max_sum=None))
    if rules.max_sum is None or not 1 <= rules.max_sum <= MOST_POINTS:
        raise InvalidInput("bad_max_sum", _("Say how many points one person has: from 1 to 1000."), field="max_sum")
    if max_points > rules.max_sum:
        raise InvalidInput("bad_max_points", _("That is more than one person has."), field="max_points")
    return Settled(None, max_points if max_points > 1 else rules.max_sum, rules)


def _given_by(method: str, rules: Rules) -> str:
    if method == Poll.Method.CUMULATIVE:
        return POINTS
    return rules.ballot if METHODS[method].money else APPROVALS


def _check_numbers(method: str, option_count: int, rules: Rules) -> None:
    if not 1 <= rules.seats <= MOST_SEATS:
        raise InvalidInput("bad_seats", _("Give a number of seats from 1 to 1000."), field="seats")
    if method == Poll.Method.STV and rules.seats >= option_count:
        raise InvalidInput("too_many_seats", _("There must be fewer seats than options."), field="seats")
    if rules.threshold < 0:
        raise InvalidInput("bad_threshold", _("Give a number of votes, 0 or more."), field="threshold")
    if method == Poll.Method.GREEDY_THRESHOLD and rules.threshold < 1:
        raise InvalidInput("no_threshold", _("Say how many votes a proposal needs."), field="threshold")
    if rules.quorum < 0:
        raise InvalidInput("bad_quorum", _("Give a number of people, 0 or more."), field="quorum")


def _check_forms(rules: Rules) -> None:
    allowed = {
        "ballot": BALLOTS,
        "majority": MAJORITIES,
        "highest": SCALES,
        "unranked": ("nothing", "average"),
        "utility": ("cost", "cardinality"),
        "completion": ("none", "add1", "add1_run_on"),
        "then": ("nothing", "greedy"),
    }
    for name, values in allowed.items():
        if getattr(rules, name) not in values:
            raise InvalidInput(f"bad_{name}", _("Choose one of the ways that are listed."), field=name)
