"""What people give about electoral rolls: a list, whom to remove, a code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import BoundedFileField
from voting.rolls.changing import LONGEST_REASON
from voting.rolls.reading import Entry, Unreadable, read

MOST_PASTED = 200_000


class ListForm(forms.Form):
    """A list of people: a file, or pasted."""

    file = BoundedFileField(
        label=_("File"),
        required=False,
        accept=".csv,.txt,text/csv,text/plain",
        help_text=_("CSV, with commas or semicolons, in UTF-8 or Latin-1."),
    )
    text = forms.CharField(
        label=_("Or paste the list here"),
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("The same as in a file; or one e-mail or document number a line, without headings."),
    )

    def clean(self) -> dict[str, Any]:
        given = [name for name in ("file", "text") if self.cleaned_data.get(name) and name not in self.errors]
        if len(given) != 1 and not self.errors:
            raise ValidationError(_("Choose a file or paste a list: one of the two."), code="one_list")
        return self.cleaned_data

    def content(self) -> bytes | str:
        """Of a valid form."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"]


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is published, with the number of people and without names. Name nobody here."),
    )


class ConfirmForm(forms.Form):
    """Loading what was read. ``reason`` from the second time on."""

    upload = forms.IntegerField(widget=forms.HiddenInput)
    reason = reason_field()

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


class RemovalForm(forms.Form):
    """Whom to take off the roll."""

    people = forms.CharField(
        label=_("Whom"),
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One e-mail or document number a line."),
    )
    reason = reason_field()

    def clean_people(self) -> list[Entry]:
        """Entries with nothing but an e-mail or a document number."""
        try:
            lines = list(read(self.cleaned_data["people"]).lines)
        except Unreadable as fault:
            raise ValidationError(_("Write one e-mail or document number a line."), code="no_people") from fault
        wrong = [line.line for line in lines if not isinstance(line, Entry)]
        if wrong:
            words = _("Line %(line)s is no e-mail and no document number.")
            raise ValidationError(words, code="bad_line", params={"line": wrong[0]})
        return [line for line in lines if isinstance(line, Entry)]


class RuleForm(forms.Form):
    """Whether a document number alone is enough."""

    takes_numbers = forms.BooleanField(
        label=_("A document number alone is enough to take over an entry"),
        required=False,
        help_text=_(
            "Easier, and weaker: document numbers are no secrets, and whoever knows another's number could vote in "
            "that person's place. The page of the vote says so. Without it people need the code of an invitation."
        ),
    )


class ClaimForm(forms.Form):
    """A code, or a document number."""

    code = forms.CharField(
        label=_("Code of your invitation, or your document number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Like ABCD-EFGH-JKMN-PQRS. A document number is taken only where the agency has chosen so."),
    )
