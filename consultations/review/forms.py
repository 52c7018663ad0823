"""What reviewers and editors send. Rules are the use cases'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import explained
from consultations.forms import MoneyField, WholeNumberField
from consultations.models import Consultation, Feasibility, Review
from consultations.models.review import REASON_LENGTH

HINTS = {
    Feasibility.FEASIBLE: _("It can be carried out as it is written."),
    Feasibility.WITH_CHANGES: _("It can be carried out if something is done otherwise: say what."),
    Feasibility.NOT_FEASIBLE: _("It cannot be carried out: say what stands against it."),
}


class OpinionForm(forms.Form):
    """An opinion, or an editor's decision between two."""

    feasibility = forms.ChoiceField(
        label=_("Can it be carried out?"),
        widget=forms.RadioSelect,
        choices=[(value, explained(Feasibility(value).label, HINTS[Feasibility(value)])) for value in Feasibility],
    )
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=REASON_LENGTH,
        help_text=_("Everybody reads it beside the proposal. Write it for the person who proposed it."),
    )
    cost_cents = MoneyField(
        label=_("What it would cost"),
        required=False,
        help_text=_("The whole project, as the agency reckons. People vote on this amount."),
    )
    office = forms.CharField(
        label=_("Office that would carry it out"), max_length=120, required=False, help_text=_("It is published too.")
    )

    def __init__(self, data: Any = None, *, last: Review | None = None, cost_cents: int | None = None):
        initial: dict[str, Any] = {"cost_cents": cost_cents}
        if last is not None:
            initial = {name: getattr(last, name) for name in ("feasibility", "reason", "cost_cents", "office")}
        super().__init__(data, initial=initial)


class BringInForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it goes on without the supports that others need"),
        max_length=300,
        help_text=_("Everybody reads it beside the proposal."),
    )


class RulesForm(forms.Form):
    """How a consultation's review goes."""

    needs_second_reader = forms.BooleanField(label=_("Two reviewers read each proposal"), required=False)
    support_threshold = WholeNumberField(
        label=_("Supports that a proposal needs to go on to review"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Where its district does not say otherwise. Empty: all of them go on."),
    )

    def __init__(self, data: Any = None, *, consultation: Consultation):
        budget = getattr(consultation, "budget", None)
        initial = {
            "needs_second_reader": consultation.needs_second_reader,
            "support_threshold": budget.support_threshold if budget else None,
        }
        super().__init__(data, initial=initial)
        if budget is None:
            del self.fields["support_threshold"]
