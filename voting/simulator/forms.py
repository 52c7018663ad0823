"""What an official chooses for a simulation. Nothing of it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import BoundedFileField
from consultations.forms import MoneyField, WholeNumberField
from voting.simulator.generated import IMPARTIAL, NEIGHBOURHOOD
from voting.simulator.scenarios import MOST_VOTERS, Scenario
from voting.simulator.sources import MOST_IN_A_GENERATED_BUDGET

OWN, INVENTED, PAST, FILE = "own", "invented", "past", "file"

METHODS: list[tuple[str, Any]] = [
    ("greedy", _("Most votes first")),
    ("greedy_no_skip", _("Most votes first, to the first misfit")),
    ("greedy_threshold", _("Most votes first, with a minimum")),
    ("greedy_per_cost", _("Most votes for the money")),
    ("equal_shares", _("Equal shares")),
    ("equal_shares_run_on", _("Equal shares, run on")),
    ("equal_shares_alone", _("Equal shares, rest unspent")),
    ("phragmen", _("Phragmén")),
]
"""Short: they stand at the head of columns. What each does is on the page below them."""


class SimulationForm(forms.Form):
    """The parts' amounts come when it is known which parts there are: after the first count."""

    source = forms.ChoiceField(label=_("Which ballots"), widget=forms.RadioSelect, initial=OWN)
    past = forms.ChoiceField(label=_("The earlier budget"), required=False)
    file = BoundedFileField(
        label=_("The Pabulib file"),
        required=False,
        accept=".pb",
        help_text=_("It is read and not kept: choose it again each time."),
    )
    model = forms.ChoiceField(
        label=_("How made-up people choose"),
        widget=forms.RadioSelect,
        initial=NEIGHBOURHOOD,
        required=False,
        choices=[
            (
                NEIGHBOURHOOD,
                _("Near home: each person takes eight of ten proposals from their own neighbourhood or category"),
            ),
            (IMPARTIAL, _("Without any preference: all proposals are equally likely")),
        ],
    )
    voters = WholeNumberField(
        label=_("Made-up people"), required=False, initial=1_000, min_value=1, max_value=MOST_VOTERS
    )
    each = WholeNumberField(
        label=_("Proposals that each chooses"), required=False, initial=4, min_value=1, max_value=20
    )
    projects = WholeNumberField(
        label=_("Invented proposals"), required=False, initial=30, min_value=2, max_value=MOST_IN_A_GENERATED_BUDGET
    )
    seed = forms.CharField(
        label=_("Seed"),
        required=False,
        initial="1",
        max_length=40,
        help_text=_("The same seed makes the same ballots again."),
    )
    first = forms.ChoiceField(label=_("One method"), choices=METHODS, initial="greedy")
    second = forms.ChoiceField(label=_("Another method"), choices=METHODS, initial="equal_shares")
    threshold = WholeNumberField(
        label=_("Least number of votes"),
        required=False,
        min_value=0,
        max_value=10**9,
        help_text=_("Only where a method has one."),
    )

    def __init__(self, *args: Any, past: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        sources = [
            (OWN, _("Made up, on the proposals of this consultation")),
            (INVENTED, _("Made up, on invented proposals")),
            *([(PAST, _("Of an earlier budget"))] if past else []),
            (FILE, _("Of a Pabulib file")),
        ]
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
        self.fields["past"].choices = past  # type: ignore[attr-defined]
        if not past:
            del self.fields["past"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("model", "voters", "each", "projects", "seed"):
            if not data.get(name) and name not in self.errors:
                data[name] = self.fields[name].initial
        if data.get("source") == FILE and not data.get("file"):
            self.add_error("file", ValidationError(_("Choose a file."), code="required"))
        if data.get("source") == PAST and not data.get("past"):
            self.add_error("past", ValidationError(_("Choose an earlier budget."), code="required"))
        return data

    def amounts_of(self, scenario: Scenario) -> Scenario:
        """With the amounts that were typed for its parts, and a field for each of them from now on."""
        parts = []
        for number, part in enumerate(scenario.parts):
            name = f"amount_{number}"
            field = MoneyField(label=part.name or _("Amount"), required=False)
            typed = self.data.get(self.add_prefix(name), "")
            # Of another scenario, whose parts were others, an amount says nothing.
            is_same = self.data.get(self.add_prefix(f"part_{number}"), part.name) == part.name
            amount: int | None = None
            try:
                amount = field.clean(typed) if typed and is_same else None
            except ValidationError as wrong:
                self.add_error(None, wrong)
            parts.append(part.with_amount(amount))
            self.fields[name] = field
        return Scenario(parts, scenario.about, scenario.currency)
