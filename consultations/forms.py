"""What officials type about consultations. Rules are the use cases'; here is only shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import explained
from accounts.models import Agency
from accounts.refusals import Text
from consultations.models import Consultation, Phase
from consultations.opening import PhaseDates, version_of
from frontend.formats import place_of_the_clock

PHASE_HINTS: dict[str, Text] = {
    Phase.Kind.INFORMATION: _("People read. Nothing can be sent in yet."),
    Phase.Kind.PROPOSALS: _("People make proposals, and comment."),
    Phase.Kind.DISCUSSION: _("People comment."),
    Phase.Kind.VOTING: _("People vote, and comment. You set up the vote itself afterwards."),
    Phase.Kind.RESULTS: _("The results are there to read. Nothing can be sent in any more."),
    Phase.Kind.FOLLOW_UP: _("You tell what became of it, and people comment."),
}
CURRENCIES: list[tuple[str, Text]] = [
    ("ARS", _("Argentine pesos (ARS)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("Euros (EUR)")),
]
MARKDOWN_HINT = _(
    "Leave an empty line between paragraphs. Begin a heading with ## and each item of a list with -. "
    "Put **two stars** around what is bold. A link is [its words](https://its.address)."
)


def validate_year(moment: datetime) -> None:
    """Refuse a slip of the fingers. The year is that of the site's own zone, as it was written."""
    if not 2000 <= moment.year <= 2099:
        raise ValidationError(_("Choose a year between 2000 and 2099."))


def _starts(kind: Phase.Kind) -> str:
    return gettext("%(phase)s: start") % {"phase": kind.label}


def _ends(kind: Phase.Kind) -> str:
    return gettext("%(phase)s: end") % {"phase": kind.label}


# In the reader's language, not in that of the start.
starts, ends = lazy(_starts, str), lazy(_ends, str)


def to_the_minute(moment: datetime) -> datetime:
    """As a form shows it."""
    return moment.replace(second=0, microsecond=0)


class MomentField(forms.DateTimeField):
    """A date and time in the site's time zone, to the minute."""

    is_optional = False  # not said at each of twelve fields: the section says which may stay empty

    default_validators = [validate_year]
    default_error_messages = {"invalid": _("Write the date and time as 27/11/2026 18:00.")}

    def __init__(self, **options: Any):
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]  # the last: a browser without the picker
        super().__init__(required=False, widget=widget, input_formats=formats, **options)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial and to_the_minute(initial), data)


class MoneyField(forms.DecimalField):
    """An amount as people write it ("1.250.000,50" in Spanish), as a number of cents."""

    def __init__(self, **options: Any):
        super().__init__(localize=True, min_value=Decimal("0.01"), max_digits=15, decimal_places=2, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)


@dataclass(frozen=True)
class PhaseRow:
    """One phase in the form."""

    title: Text
    hint: Text
    starts_at: forms.BoundField
    ends_at: forms.BoundField


class ConsultationForm(forms.Form):
    """A consultation as its editor describes it: what, who, when, and how much money."""

    title = forms.CharField(label=_("Title"), max_length=140, help_text=_("A question works best, in one line."))
    summary = forms.CharField(
        label=_("Summary"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences at most: what is to be decided, and why people should care. It stands in lists."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=format_lazy("{} {}", _("Needed before it can be published."), MARKDOWN_HINT),
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        widget=forms.RadioSelect,
        initial=Consultation.Visibility.PUBLIC,
        choices=[
            ("public", explained(_("Everyone"), _("Anybody can read it, without an account. Search engines find it."))),
            ("private", explained(_("Only members"), _("Members of its agency, and of those that you tick below."))),
        ],
    )
    eligibility = forms.ChoiceField(
        label=_("Who may take part"),
        widget=forms.RadioSelect,
        initial=Consultation.Eligibility.REGISTERED,
        choices=[
            ("registered", explained(_("Anyone with an account"), _("Who may see it and has confirmed an e-mail."))),
            ("verified", explained(_("Verified people"), _("Only people whose identity has been verified."))),
            ("invited", explained(_("Only members"), _("Members of its agency, and of those that you tick below."))),
        ],
    )
    shared_with = forms.ModelMultipleChoiceField(
        label=_("Agencies whose members are invited"),
        queryset=Agency.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed only where you chose “Only members” above."),
    )
    budget_cents = MoneyField(
        label=_("Amount"), required=False, help_text=_("Leave it empty where there is no money to allocate.")
    )
    currency = forms.ChoiceField(label=_("Currency"), initial="ARS")

    def __init__(self, data: Any = None, *, consultation: Consultation | None = None, **options: Any):
        self.consultation = consultation
        super().__init__(data, initial=_initial(consultation) if consultation else {}, **options)
        self.fields["body"].is_optional = False  # type: ignore[attr-defined]  # a draft lacks it, what is public does not
        for kind in Phase.Kind:
            self.fields[f"{kind}_starts_at"] = MomentField(label=starts(kind))
            self.fields[f"{kind}_ends_at"] = MomentField(label=ends(kind))
        known = dict(CURRENCIES)
        present = self.initial.get("currency", "ARS")  # an imported budget may have another one
        self.fields["currency"].choices = list({present: present, **known}.items())  # type: ignore[attr-defined]

    def phase_rows(self) -> Iterator[PhaseRow]:
        for kind in Phase.Kind:
            yield PhaseRow(kind.label, PHASE_HINTS[kind], self[f"{kind}_starts_at"], self[f"{kind}_ends_at"])

    @property
    def clock_place(self) -> str:
        """Whose times the dates are: those of the site."""
        return place_of_the_clock()

    def clean(self) -> dict[str, Any]:
        for kind in Phase.Kind:
            start, end = f"{kind}_starts_at", f"{kind}_ends_at"
            if self.cleaned_data.get(end) and start not in self.errors and not self.cleaned_data.get(start):
                self.add_error(start, _("Say when it starts, or leave the end empty too."))
        return self.cleaned_data

    def phases(self) -> list[PhaseDates]:
        dates = [(kind, self._moment(f"{kind}_starts_at"), self._moment(f"{kind}_ends_at")) for kind in Phase.Kind]
        return [PhaseDates(kind.value, starts_at, ends_at) for kind, starts_at, ends_at in dates if starts_at]

    def _moment(self, name: str) -> datetime | None:
        """What was typed; where it is what the form showed, the stored moment, whose seconds a form does not show."""
        typed, stored = self.cleaned_data[name], self.initial.get(name)
        return stored if stored and typed == to_the_minute(stored) else typed

    def arguments(self) -> dict[str, Any]:
        """What the use cases take."""
        names = ("title", "summary", "body", "visibility", "eligibility", "shared_with", "currency")
        given = {name: self.cleaned_data[name] for name in names}
        return given | {"phases": self.phases(), "budget_cents": self.cleaned_data["budget_cents"] or 0}

    def keep_silent(self) -> None:
        """Show what was typed without judging it: for a preview."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}


class NewConsultationForm(ConsultationForm):
    """For a consultation that does not exist yet, in the name of one of ``agencies``."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), help_text=_("It is opened in its name."), empty_label=None
    )

    field_order = ["agency"]

    def __init__(self, data: Any = None, *, agencies: QuerySet[Agency], **options: Any):
        super().__init__(data, **options)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"agency": self.cleaned_data["agency"]}


class ChangeConsultationForm(ConsultationForm):
    """For one that exists. ``version`` tells whether somebody else has changed it while the form was open."""

    version = forms.CharField(widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"known_version": self.cleaned_data["version"]}

    def fields_that_differ(self) -> list[str]:
        """Labels of the fields in which what was typed is not what is stored."""
        stored = _initial(Consultation.objects.get(pk=self.consultation.pk)) if self.consultation else {}
        fields = {name: field for name, field in self.fields.items() if name != "version"}
        return [
            str(field.label)
            for name, field in fields.items()
            if field.has_changed(stored.get(name, field.initial), self._typed(name))
        ]

    def know(self, version: str) -> None:
        """Let the next save go over what is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = version  # type: ignore[index]

    def _typed(self, name: str) -> Any:
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))


def _initial(consultation: Consultation) -> dict[str, Any]:
    names = ("title", "summary", "body", "visibility", "eligibility")
    initial = {name: getattr(consultation, name) for name in names}
    initial["shared_with"] = list(consultation.shared_with.all())
    budget = getattr(consultation, "budget", None)
    if budget:
        initial |= {"budget_cents": budget.amount_cents, "currency": budget.currency}
    for phase in consultation.phases.all():
        initial |= {f"{phase.kind}_starts_at": phase.starts_at, f"{phase.kind}_ends_at": phase.ends_at}
    return initial | {"version": version_of(consultation)}
