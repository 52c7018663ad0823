"""What people type about themselves, about agencies and about members; and refusals shown in any room's forms."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.consent import agree
from accounts.legal import CURRENT
from accounts.models import Agency, IdentityCheck, Role
from accounts.profile import NO_NAME
from accounts.refusals import Conflict, InvalidInput, PhaseClosed, Refusal, Text, TooFast
from frontend.typed import as_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from accounts.models import User

# A choice with a sentence on what it means, in the reader's language and not in that of the start.
explained = lazy(
    lambda label, hint: format_html('{}<span class="choice-hint">{}</span>', label, hint),
    str,
)
Result = TypeVar("Result")


def _agreement() -> str:
    return format_html(
        gettext(
            'I agree to the <a href="{terms}">terms of use</a> and to <a href="{privacy}">how my data are treated</a>.'
        ),
        terms=reverse("accounts:legal", args=["terms"]),
        privacy=reverse("accounts:legal", args=["privacy"]),
    )


agreement_label = lazy(_agreement, str)


def attempt(form: forms.BaseForm, use_case: Callable[..., Result], **arguments: Any) -> Result | None:
    """What the use case returns; or None, with what it refuses shown in the form, so that nothing typed is lost.

    NotPermitted is not caught: no other input would help.
    """
    try:
        return use_case(**arguments)
    except (InvalidInput, Conflict, PhaseClosed, TooFast) as refusal:
        add_refusal(form, refusal)
        return None


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """At the field that the refusal names, where the form has it; at the form's head otherwise.

    ``form.refused_with`` is then the status to answer with.
    """
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, ValidationError(str(refusal.sentence), code=refusal.code))
    form.refused_with = refusal.status  # type: ignore[attr-defined]


def posted(request: "HttpRequest") -> "QueryDict | None":
    """What a form is bound to: also an empty POST, which is a fault and not a question."""
    return request.POST if request.method == "POST" else None


def answer_form(request: "HttpRequest", template: str, form: forms.BaseForm, **context: Any) -> "HttpResponse":
    """Show a form with what was typed and what is wrong with it, which the status says too."""
    status = getattr(form, "refused_with", 400) if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


ROLE_HINTS: dict[Role, Text] = {
    Role.OWNER: _("Adds members and changes their roles, and may do all that the others may."),
    Role.EDITOR: _("Opens, changes and publishes consultations, and replies officially."),
    Role.MODERATOR: _("Hides and restores what people write, and answers reports."),
    Role.ANALYST: _("Exports data about persons, to study who took part."),
    Role.MEMBER: _("Sees its private consultations and takes part in them."),
}


class RolesForm(forms.Form):
    """What a member does for the agency. Nobody is a member without a role: removing is a button of its own."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, explained(role.label, ROLE_HINTS[role])) for role in Role],
        error_messages={"required": _("Choose at least one role.")},
    )

    def clean_roles(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class AddMemberForm(RolesForm):
    """Somebody by e-mail; in a community also the agency that they come from."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We write to this address. Who has no account yet gets one, and logs in by a code."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Only used where the person has no account yet.")
    )
    on_behalf_of = forms.ModelChoiceField(
        label=_("From agency"),
        queryset=Agency.objects.filter(kind=Agency.Kind.AGENCY),
        required=False,
        empty_label=_("None"),
        help_text=_("The agency for which the person takes part in this community."),
    )

    field_order = ["email", "name", "on_behalf_of", "roles"]

    def __init__(self, data: Any = None, *, agency: Agency):
        super().__init__(data, initial={"roles": [Role.MEMBER.value]})
        if not agency.is_community:
            del self.fields["on_behalf_of"]


class AgencyForm(forms.Form):
    """A new agency or community, with its first owner."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        widget=forms.RadioSelect,
        initial=Agency.Kind.AGENCY,
        choices=[
            ("agency", explained(_("Agency"), _("A public body that opens consultations."))),
            ("community", explained(_("Community of practice"), _("A working group of people from several agencies."))),
        ],
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        required=False,
        help_text=_("The end of its page's address: letters, numbers and hyphens. Empty: made from the name."),
        error_messages={"invalid": _("Write an address of letters, numbers and hyphens.")},
    )
    description = forms.CharField(
        label=_("What it does"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    owner_email = forms.EmailField(
        label=_("Its first owner's e-mail"),
        help_text=_("The owner adds the other members. Who has no account yet gets one, and logs in by a code."),
    )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("slug") and "slug" not in self.errors:
            self.cleaned_data["slug"] = slugify(self.cleaned_data.get("name", ""))[:60].strip("-")
        return self.cleaned_data


class VerifyForm(forms.Form):
    """Whose papers an official has seen, and what they show."""

    email = forms.EmailField(
        label=_("E-mail of the person's account"),
        max_length=254,
        help_text=_("Who has no account yet gets one, and logs in by a code sent to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What you verified"),
        widget=forms.RadioSelect,
        choices=IdentityCheck.Kind.choices,
        initial=IdentityCheck.Kind.IDENTITY,
    )


class ProfileForm(forms.Form):
    """What others see of a person, and in which language we write to them."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("It is shown beside what you write."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the site, and of our e-mails to you."),
    )


class SignupForm(forms.Form):
    """What allauth asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("It is shown beside what you write."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    agrees = forms.BooleanField(
        label=agreement_label(),
        error_messages={"required": _("Without your agreement we may not publish what you write.")},
    )

    field_order = ["name", "email", "password1", "agrees"]

    def clean_name(self) -> str:
        name = as_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(NO_NAME)
        return name

    def signup(self, request: "HttpRequest", user: "User") -> None:
        user.name = self.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["name", "language"])
        agree(user=user, version=CURRENT.number)


class AgreeForm(forms.Form):
    """Agreeing to the terms as they are now. ``next``: where the person was going."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    agrees = forms.BooleanField(
        label=agreement_label(),
        error_messages={"required": _("Tick it if you agree; without it you can go on reading.")},
    )


class EraseForm(forms.Form):
    """The end of an account."""

    with_texts = forms.ChoiceField(
        label=_("What you wrote"),
        widget=forms.RadioSelect,
        initial="",
        choices=[
            ("", explained(_("Stays, under a pseudonym"), _("Others have answered it; nothing leads from it to you."))),
            ("yes", explained(_("Goes too"), _("In its place it says that its author removed it. Answers stay."))),
        ],
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail, to confirm"),
        help_text=_("This cannot be undone."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_with_texts(self) -> bool:
        return self.cleaned_data["with_texts"] == "yes"
