"""What people type about proposals. Rules are the use cases'; here is only shape."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import MARKDOWN_HINT, MoneyField
from consultations.models import Consultation, Proposal
from consultations.proposals.proposing import FIELDS


class ProposalForm(forms.Form):
    """A proposal as its author describes it. Cost only where there is money; ``is_official`` only for who may."""

    title = forms.CharField(label=_("Title"), max_length=140, help_text=_("Your idea in one line."))
    body = forms.CharField(
        label=_("What and why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=MARKDOWN_HINT,
    )
    category = forms.CharField(
        label=_("Category"), required=False, max_length=120, help_text=_("For example: parks, schools, streets.")
    )
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Where it would be: a street, a neighbourhood.")
    )
    cost_cents = MoneyField(label=_("Cost"), required=False, help_text=_("What it would cost, as well as you know."))
    is_official = forms.BooleanField(label=_("In the agency's name"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        consultation: Consultation,
        proposal: Proposal | None = None,
        may_be_official: bool = False,
        typed: dict[str, Any] | None = None,
    ):
        initial = {name: getattr(proposal, name) for name in FIELDS} if proposal else {"is_official": may_be_official}
        super().__init__(data, initial=initial | (typed or {}))
        if not may_be_official:
            del self.fields["is_official"]
        if not hasattr(consultation, "budget"):
            del self.fields["cost_cents"]
