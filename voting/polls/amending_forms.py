"""What an editor gives to change the rules of a poll in which people have voted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import MomentField, MoneyField
from voting.models import Option, Poll


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


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published: on the page of the vote, in its log, and on every receipt from now on."),
    )


class AmountForm(forms.Form):
    """Another amount to share out, and why."""

    amount = MoneyField(label=_("New amount"), help_text=_("Ballots that were cast stand; new ones go by it."))
    reason = _reason()

    def arguments(self) -> dict[str, Any]:
        return {"amount_cents": self.cleaned_data["amount"], "reason": self.cleaned_data["reason"]}


class WithdrawalForm(forms.Form):
    """A proposal that can no longer win, and why."""

    option = forms.ModelChoiceField(label=_("Which proposal"), queryset=Option.objects.none(), empty_label=None)
    reason = _reason()

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["option"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = poll.options.filter(withdrawn_at__isnull=True)
