"""Custom fields as a proposal's form asks them, and their answers as ``Proposal.answers`` keeps them.

    fields = fields_for(consultation)
    form.fields.update(form_fields(fields))                          # answer_12, answer_13, …
    form.initial.update(initial_answers(fields, proposal.answers))
    proposal.answers = clean_answers(fields, given, kept=proposal.answers)   # {"12": "Sí", "13": 4.5}
    answers_shown(consultation, proposal.answers)                    # to show: label, answer

An answer is text, a number or one of the field's choices. Empty ones are not kept. Text is plain, not Markdown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from consultations.forms import NumberField
from consultations.models import Consultation, CustomField

LONGEST_ANSWER = 2_000
Answers = dict[str, str | int | float]


@dataclass(frozen=True)
class ShownAnswer:
    """An answer for a page, in words, and for programs, where a number is one."""

    label: str
    kind: str
    value: str | int | float

    @property
    def words(self) -> str:
        """A number with its separators; none in one of four figures, which may be a year."""
        if isinstance(self.value, str):
            return self.value
        return number_format(self.value, use_l10n=True, force_grouping=abs(self.value) >= 10_000)


def fields_for(consultation: Consultation) -> list[CustomField]:
    """Those that are asked now, in order. Reads all, so that a prefetch of ``custom_fields`` serves."""
    return [field for field in consultation.custom_fields.all() if not field.is_retired]


def form_field(field: CustomField) -> forms.Field:
    """One custom field as a form asks it, with its help and its rules."""
    common: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": field.is_required}
    if field.kind == CustomField.Kind.NUMBER:
        return NumberField(decimal_places=4, **common)
    if field.kind == CustomField.Kind.CHOICE:
        # Also where it has to be answered: a choice made beforehand would be what most people answer.
        choices = [("", "–"), *((choice, choice) for choice in field.choices)]
        return forms.ChoiceField(choices=choices, **common)
    return forms.CharField(max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3}), **common)


def form_fields(fields: Iterable[CustomField]) -> dict[str, forms.Field]:
    """By their names in a form, ``answer_<id>``."""
    return {field.form_name: form_field(field) for field in fields}


def initial_answers(fields: Iterable[CustomField], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with: the stored answers by the names of ``form_fields``."""
    return {field.form_name: answers[field.key] for field in fields if field.key in answers}


def given_in(fields: Iterable[CustomField], cleaned_data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in a form's cleaned data, by id, as ``clean_answers`` takes them."""
    return {field.key: cleaned_data.get(field.form_name) for field in fields}


def clean_answers(
    fields: Sequence[CustomField], given: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None
) -> Answers:
    """``given`` (id of the field -> what was typed, or JSON of the API) as ``Proposal.answers`` keeps it.

    kept: the proposal's earlier answers, of which those to fields that are no longer asked stay.
    Raises InvalidInput, whose field is ``answer_<id>``, for the first answer that is missing or wrong; and for an
    answer to a field that is not asked.
    """
    asked = {field.key for field in fields}
    unknown = given.keys() - asked
    if unknown:
        raise InvalidInput("unknown_field", _("This consultation asks no such thing."), field=f"answer_{min(unknown)}")
    answers: Answers = {key: value for key, value in (kept or {}).items() if key not in asked}
    for field in fields:
        value = _cleaned(field, given.get(field.key))
        if value not in ("", None):
            answers[field.key] = value
    return answers


def answers_shown(consultation: Consultation, answers: Mapping[str, Any]) -> list[ShownAnswer]:
    """The answers for a proposal's page, in the order of the fields; also those to fields that are no longer asked."""
    fields = consultation.custom_fields.all() if answers else ()
    return [ShownAnswer(field.label, field.kind, answers[field.key]) for field in fields if field.key in answers]


def _cleaned(field: CustomField, value: Any) -> str | int | float | None:
    if not isinstance(value, str | int | float | Decimal | None) or isinstance(value, bool):
        raise InvalidInput("invalid_answer", _("Answer with text or a number."), field=field.form_name)
    try:
        cleaned = form_field(field).clean(value)
    except ValidationError as error:
        raise InvalidInput(f"{error.error_list[0].code}_answer", error.messages[0], field=field.form_name) from error
    if isinstance(cleaned, Decimal):
        return int(cleaned) if cleaned == cleaned.to_integral_value() else float(cleaned)
    return cleaned
