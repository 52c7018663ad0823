"""What people type about themselves, about agencies and about members; and refusals shown in any room's forms."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Conflict, InvalidInput, PhaseClosed, Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


Result = TypeVar("Result")


def attempt(form: forms.BaseForm, use_case: Callable[..., Result], **arguments: Any) -> Result | None:
    """What the use case returns; or None, with what it refuses shown in the form, so that nothing typed is lost.

    NotPermitted is not caught: no other input would help.
    """
    try:
        return use_case(**arguments)
    except (InvalidInput, Conflict, PhaseClosed) as refusal:
        add_refusal(form, refusal)
        return None


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """At the field that the refusal names, where the form has it; at the form's head otherwise.

    ``form.refused_with`` is then the status to answer with.
    """
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, ValidationError(str(refusal.sentence), code=refusal.code))
    form.refused_with = refusal.status  # type: ignore[attr-defined]


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
