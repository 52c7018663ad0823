"""What people type about themselves and about members."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User
    from accounts.refusals import Refusal


def add_refusal(form: forms.BaseForm, refusal: "Refusal") -> None:
    """Show why a use case refused as an error of the form, at the field that it names if the form has it."""
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, str(refusal.sentence))


class SignupForm(forms.Form):
    """What allauth asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("It is shown beside what you write."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["name", "email", "password1"]

    def signup(self, request: "HttpRequest", user: "User") -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])
