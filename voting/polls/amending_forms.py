"""What an editor gives to change the rules of a poll in which people have voted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import MomentField


class ExtensionForm(forms.Form):
    """A later end, and why."""

    ends_at = MomentField(label=_("New end of the voting"), help_text=_("Later than the present one."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published: on the page of the vote, in its log, and on every receipt from now on."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ends_at"].required = True
