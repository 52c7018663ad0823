"""What officials type about a consultation that is running. Rules are the use cases'."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.forms import MARKDOWN_HINT, MomentField
from consultations.models import Consultation, Phase
from frontend.formats import place_of_the_clock, when


class ReasonField(forms.CharField):
    """Why; everybody reads it."""

    def __init__(self, **options: Any):
        super().__init__(
            label=_("Why"),
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Everybody reads it on the consultation's page."),
            **options,
        )


class ExtendForm(forms.Form):
    """A later end for one of the phases that have one."""

    kind = forms.ChoiceField(label=_("Phase"), widget=forms.RadioSelect)
    ends_at = MomentField(label=_("New end"))
    reason = ReasonField()
    move_later = forms.BooleanField(label=_("Move the later phases along by as much, where they must"), required=False)

    def __init__(self, data: Any = None, *, phases: list[Phase], now: datetime):
        super().__init__(data, initial={"kind": _first_open(phases, now)})
        self.fields["kind"].choices = [(phase.kind, _choice(phase, now)) for phase in phases]  # type: ignore[attr-defined]
        self.fields["ends_at"].required = True
        self.fields["ends_at"].help_text = gettext("The clock is that of %(place)s.") % {"place": place_of_the_clock()}


class ClosingForm(forms.Form):
    """What came of it, in the agency's words."""

    closing_words = forms.CharField(
        label=_("Closing words"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=MARKDOWN_HINT,
    )
    report_url = forms.URLField(
        label=_("Address of the report"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Where the whole report can be read."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, consultation: Consultation):
        super().__init__(
            data,
            initial={"closing_words": consultation.closing_words, "report_url": consultation.report_url},
        )


class CloseEarlyForm(ClosingForm):
    """The same, with the reason why it ends before its time."""

    reason = ReasonField()

    field_order = ["reason", "closing_words", "report_url"]


def _first_open(phases: list[Phase], now: datetime) -> str:
    return next((phase.kind for phase in phases if phase.ends_at is None or phase.ends_at > now), phases[-1].kind)


def _choice(phase: Phase, now: datetime) -> str:
    assert phase.ends_at is not None
    words = {"phase": phase, "when": when(phase.ends_at)}
    if phase.ends_at <= now:
        return gettext("%(phase)s: ended %(when)s") % words
    return gettext("%(phase)s: ends %(when)s") % words
