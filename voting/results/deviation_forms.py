"""What an official gives to decide otherwise than the count."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voting.models import Deviation, Option


class DeviationForm(forms.Form):
    """One proposal and why. What happens to it follows from how it stands now."""

    option = forms.ChoiceField(label=_("Which proposal"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is published beside what the count said, and cannot be changed afterwards."),
    )

    def __init__(self, *args: Any, options: Sequence[Option], winners: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.options = {str(option.pk): option for option in options}
        self.winners = set(winners)
        groups = [
            (_("Leave out: they go ahead now"), [o for o in options if o.pk in self.winners]),
            (
                _("Take in: they do not go ahead now"),
                [o for o in options if not (o.pk in self.winners or o.withdrawn_at)],
            ),
        ]
        self.fields["option"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((title, [(str(o.pk), str(o)) for o in found]) for title, found in groups if found),
        ]

    def arguments(self) -> dict[str, Any]:
        option = self.options[self.cleaned_data["option"]]
        kind = Deviation.Kind.EXCLUDED if option.pk in self.winners else Deviation.Kind.ADDED
        return {"option": option, "kind": kind, "reason": self.cleaned_data["reason"]}
