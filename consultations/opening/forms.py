"""The steps of an official as forms: what, who. Rules are the use cases'; here is only shape.

``asking.py`` has the step of questions and custom fields, ``planning.py`` that of dates, ``budgets/step.py`` that of
money.
"""

from abc import ABCMeta, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import explained
from accounts.models import Agency
from accounts.refusals import Reason
from consultations.forms import MARKDOWN_HINT
from consultations.models import Consultation
from consultations.opening.changing import ELIGIBILITY_VOTED, fixed_by_votes, version_of
from consultations.opening.recipes import GUIDANCE, Recipe


def what_fields(form: forms.Form) -> None:
    """Title, summary and text: of the first step, before a draft exists and after."""
    form.fields["title"] = forms.CharField(
        label=_("Title"), max_length=140, help_text=_("A question works best, in one line.")
    )
    form.fields["summary"] = forms.CharField(
        label=_("Summary"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two sentences at most: what is to be decided, and why people should care. It stands in lists."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=format_lazy("{} {}", _("Needed before it can be published."), MARKDOWN_HINT),
    )
    body.is_optional = False  # type: ignore[attr-defined]  # a draft lacks it, what is public does not
    form.fields["body"] = body


class SilentForm(forms.Form):
    """A form that can show what was typed without judging it: for a preview."""

    def keep_silent(self) -> None:
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}


class _AbstractForm(DeclarativeFieldsMetaclass, ABCMeta):
    """A form whose methods may be abstract: one that lacks them cannot be made."""


class StepForm(SilentForm, metaclass=_AbstractForm):
    """One step of a consultation that exists. ``version`` tells whether somebody else changed it meanwhile."""

    step: ClassVar[str]
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, consultation: Consultation):
        self.consultation = consultation
        stored = self.stored(consultation)
        super().__init__(data, initial=stored | {"version": version_of(consultation, self.step)})
        self.build()

    @abstractmethod
    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """What is in the database, by the names of the fields."""

    def build(self) -> None:
        """Add the fields that depend on the consultation."""

    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """What ``change_consultation`` takes; the rest of the consultation stays."""

    def known_version(self) -> str:
        """A version of this step's part alone, whatever was sent."""
        return f"{self.step}:{self.cleaned_data['version'].rpartition(':')[2]}"

    def fields_that_differ(self) -> list[str]:
        """Labels of the fields in which what was typed is not what is stored."""
        stored = self.stored(Consultation.objects.get(pk=self.consultation.pk))
        fields = {name: field for name, field in self.fields.items() if not field.widget.is_hidden}
        return [
            str(field.label)
            for name, field in fields.items()
            if field.has_changed(stored.get(name, field.initial), self._typed(name))
        ]

    def know(self, version: str) -> None:
        """Let the next save go over what is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = version  # type: ignore[index]

    def fix(self, name: str, reason: Reason) -> None:
        """Grey a field, with the reason. It is still sent: who typed before it was fixed is told so, not ignored."""
        self.fields[name].widget.attrs["readonly"] = True
        self.fields[name].help_text = str(reason.sentence)

    def _typed(self, name: str) -> Any:
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))


class WhatForm(StepForm):
    """Title, summary, text."""

    step = "what"

    def build(self) -> None:
        what_fields(self)

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        return {name: getattr(consultation, name) for name in ("title", "summary", "body")}

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "summary", "body")}


class NewConsultationForm(SilentForm):
    """The first step of one that does not exist yet, in the name of one of ``agencies``."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), help_text=_("It is opened in its name."), empty_label=None
    )

    def __init__(
        self, data: Any = None, *, agencies: QuerySet[Agency], begins_with: dict[str, Any], recipe: Recipe | None
    ):
        super().__init__(data, initial=begins_with)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        what_fields(self)
        if recipe:
            for name, example in (("title", recipe.title_hint), ("summary", recipe.summary_hint)):
                self.fields[name].help_text = format_lazy("{} {}", self.fields[name].help_text, example)
            sentence = format_lazy(
                _("The lines that begin with {mark} are notes for you: write in their place."), mark=GUIDANCE
            )
            self.fields["body"].help_text = format_lazy("{} {}", sentence, MARKDOWN_HINT)

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("agency", "title", "summary", "body")}


class WhoForm(StepForm):
    """Who reads, who takes part, and whether lists show it."""

    step = "who"
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        widget=forms.RadioSelect,
        choices=[
            ("public", explained(_("Everyone"), _("Anybody can read it, without an account."))),
            ("private", explained(_("Only members"), _("Members of its agency, and of those that you tick below."))),
        ],
    )
    eligibility = forms.ChoiceField(
        label=_("Who may take part"),
        widget=forms.RadioSelect,
        choices=[
            ("registered", explained(_("Anyone with an account"), _("Who may see it and has confirmed an e-mail."))),
            ("verified", explained(_("Verified people"), _("Only people whose identity has been verified."))),
            (
                "resident",
                explained(_("Residents"), _("Only people of whom your agency has verified that they live here.")),
            ),
            ("invited", explained(_("Only members"), _("Members of its agency, and of those that you tick below."))),
        ],
    )
    shared_with = forms.ModelMultipleChoiceField(
        label=_("Agencies whose members are invited"),
        queryset=Agency.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed only where you chose “Only members” above."),
    )
    is_unlisted = forms.BooleanField(
        label=_("Leave it out of lists and search"),
        required=False,
        help_text=_("Whoever has its address reads it. Use it for a rehearsal, or to show it to a few people first."),
    )

    def build(self) -> None:
        # The agency that runs it is there anyway.
        self.fields["shared_with"].queryset = Agency.objects.exclude(pk=self.consultation.agency_id)  # type: ignore[attr-defined]
        fixed = fixed_by_votes(self.consultation)
        for name in fixed:
            self.fields[name].help_text = str(ELIGIBILITY_VOTED.sentence)
        for name in fixed - {"shared_with"}:
            field: Any = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0] == getattr(self.consultation, name)]
            field.error_messages["invalid_choice"] = str(ELIGIBILITY_VOTED.sentence)
        self.fields["shared_with"].disabled = "shared_with" in fixed

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        names = ("visibility", "eligibility", "is_unlisted")
        return {name: getattr(consultation, name) for name in names} | {
            "shared_with": list(consultation.shared_with.all())
        }

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("visibility", "eligibility", "is_unlisted", "shared_with")}
