"""What an editor types about contributions: what was done with them, why, and where the text changed for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.dispositions.giving import LONGEST_REASON
from comments.dispositions.places import Places
from comments.models import Disposition


class DispositionForm(forms.Form):
    """``article`` only where a text has changed: a later version to point to."""

    kind = forms.ChoiceField(
        label=_("What was done"),
        choices=Disposition.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what was done with it."), "invalid_choice": _("Say what was done with it.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "aria-keyshortcuts": "Control+Enter"}),
        help_text=_("Everybody reads it, and whoever wrote it is told."),
        error_messages={"required": _("Write the reason. Everybody will read it.")},
    )
    article = forms.ChoiceField(label=_("Where the text changed for it"), required=False)

    def __init__(self, data: Any = None, *, places: Places, initial: dict[str, Any] | None = None):
        super().__init__(data, initial=initial, auto_id="disposition_%s")
        groups = places.to_answer()
        if groups:
            choices = [("", _("Nowhere, or does not apply")), *((group.label, group.choices) for group in groups)]
            self.fields["article"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["article"]
