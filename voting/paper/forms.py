"""What editors and clerks give about paper ballots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import BoundedFileField
from consultations.forms import WholeNumberField


class ClerkForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the clerk"), max_length=254)


class RuleForm(forms.Form):
    rule = forms.CharField(
        label=_("How people are kept from voting twice"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published here and with each batch in the log."),
    )


class BatchForm(forms.Form):
    place = forms.CharField(label=_("Place"), max_length=120)
    ballot_count = WholeNumberField(
        label=_("Number of ballots"), min_value=1, help_text=_("Counted as paper, before anybody types one.")
    )


class MarkForm(forms.Form):
    person = forms.CharField(label=_("E-mail or document number"), max_length=254)


class ReadingForm(forms.Form):
    """The ballot itself is read by ``ballot_forms``; this is what stands beside it."""

    number = WholeNumberField(label=_("Number of the ballot"), min_value=1)
    is_spoilt = forms.BooleanField(
        label=_("Spoilt: it cannot be counted"),
        required=False,
        help_text=_("It breaks the rules of the vote, or cannot be read. Leave the rest empty."),
    )


class FileForm(forms.Form):
    """The papers of a batch as one clerk has typed them elsewhere."""

    file = BoundedFileField(
        label=_("File"),
        accept=".csv,.txt,text/csv,text/plain",
        help_text=_(
            "A line a ballot: its number, a semicolon, and the numbers of the options: 7;2 5. A ranking has the "
            "favourite first; points follow a colon: 7;2:3 5:1. For others write blank or spoilt."
        ),
    )


class DecisionForm(ReadingForm):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["number"].widget = forms.HiddenInput()
