"""The fields of the form that belong to one method or another: shown with it, read for it alone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import WholeNumberField
from voting.methods.rules import APPROVALS, KNAPSACK, MAJORITIES, PLACES, POINTS, SCALES, TAKES, Rules
from voting.models import Poll

NAMES = (
    "ballot", "max_choices", "max_sum", "max_points", "seats", "threshold", "quorum", "majority", "abstentions_count",
    "highest", "unranked", "utility", "completion", "then", "comparison",
)  # fmt: skip
_SHARES = {"": _("More for than against"), "1/2": _("More than half"), "3/5": _("Three fifths"), "2/3": _("Two thirds"),
           "3/4": _("Three quarters")}  # fmt: skip


class RuleFields(forms.Form):
    """Each is optional: what is left empty goes without saying, or the use case asks for it by its name."""

    ballot = forms.ChoiceField(
        label=_("What a ballot gives the proposals"),
        required=False,
        widget=forms.RadioSelect,
        initial=APPROVALS,
        choices=[
            (APPROVALS, _("A tick for each that the person wants")),
            (KNAPSACK, _("A tick for each, as long as they cost no more together than there is")),
            (POINTS, _("Points that the person spreads")),
            (PLACES, _("Places: of n, the first is worth n points, the last one")),
        ],
    )
    max_choices = WholeNumberField(
        label=_("How many options one person may choose at most"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Only where people choose or rank several. Empty: as many as they like."),
    )
    max_sum = WholeNumberField(
        label=_("Points that one person has"),
        required=False,
        min_value=1,
        max_value=1_000,
        help_text=_("Only where a ballot gives points."),
    )
    max_points = WholeNumberField(
        label=_("Points that one option may have from one person"),
        required=False,
        min_value=1,
        max_value=1_000,
        help_text=_("Empty: all of them."),
    )
    seats = WholeNumberField(label=_("Seats"), required=False, min_value=1, max_value=1_000)
    threshold = WholeNumberField(
        label=_("Votes without which an option gets nothing"), required=False, min_value=0, max_value=10**9
    )
    quorum = WholeNumberField(
        label=_("People who must vote for the result to stand"),
        required=False,
        min_value=0,
        max_value=10**9,
        help_text=_("Empty: any number."),
    )
    majority = forms.ChoiceField(
        label=_("What “for” needs to carry it"), required=False, choices=[(each, _SHARES[each]) for each in MAJORITIES]
    )
    abstentions_count = forms.BooleanField(
        label=_("Of all who vote, so that abstaining and a blank ballot count like a vote against"), required=False
    )
    highest = forms.TypedChoiceField(
        label=_("Highest mark"), required=False, coerce=int, initial=10, empty_value=None,
        choices=[(each, str(each)) for each in SCALES],
    )  # fmt: skip
    unranked = forms.ChoiceField(
        label=_("Options that a ballot leaves without a place"),
        required=False,
        choices=[("nothing", _("Get nothing")), ("average", _("Share the points that are left"))],
    )
    utility = forms.ChoiceField(
        label=_("What a proposal is worth to those who chose it"),
        required=False,
        choices=[
            ("cost", _("Its cost: dear proposals have the same chance")),
            ("cardinality", _("The same, dear or cheap")),
        ],
    )
    completion = forms.ChoiceField(
        label=_("With money that no group can spend alone"),
        required=False,
        initial="add1",
        choices=[
            ("add1", _("Give everybody one unit more, until nothing else fits")),
            ("add1_run_on", _("Give everybody one unit more, as long as the budget holds")),
            ("none", _("Leave it")),
        ],
    )
    then = forms.ChoiceField(
        label=_("With what is left after that"),
        required=False,
        initial="greedy",
        choices=[("greedy", _("Spend it on proposals that fit, the most voted first")), ("nothing", _("Leave it"))],
        help_text=_("Where dear and cheap are worth the same: those with the most votes for what they cost first."),
    )
    comparison = forms.BooleanField(
        label=_("Compare with “most votes first”, and let that stand if more people have more of their choices there"),
        required=False,
    )


def methods_with(name: str) -> list[str]:
    """The methods that a field is for."""
    return [code for code in Poll.Method.values if name in TAKES.get(code, ())]


def rules_in(given: dict[str, Any]) -> Rules:
    """What was filled in; the rest as it is by default."""
    names = [name for name in NAMES if name not in ("max_choices", "max_points")]
    filled = {name: given[name] for name in names if given.get(name) not in (None, "", False)}
    return Rules(**filled)


def initial_rules(poll: Poll) -> dict[str, Any]:
    """What the fields show of a poll that exists."""
    form = poll.form
    shown = {name: getattr(form, name) for name in NAMES if hasattr(form, name)}
    return {**shown, "max_choices": poll.max_choices, "max_points": poll.max_points if poll.max_points > 1 else None}
