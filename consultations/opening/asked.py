"""What a consultation asks: its questions, and the custom fields of its proposals. Writing them loses no answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.models import Consultation, CustomField, Proposal, Question

QUESTION_ANSWERED = Reason("question_answered", _("People have answered this question, so it cannot be removed."))
FIELD_ANSWERED = Reason("field_answered", _("Proposals have answered this, so its kind of answer is fixed."))


@dataclass(frozen=True)
class QuestionGiven:
    """A question as an editor gives it. ``pk`` None: a new one. Its place in the list is its position."""

    text: str
    details: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class FieldGiven:
    """A custom field as an editor gives it. ``pk`` None: a new one; that of a retired field: it is asked again."""

    label: str
    kind: str = CustomField.Kind.TEXT
    help_text: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    pk: int | None = None


def write_questions(consultation: Consultation, given: Sequence[QuestionGiven]) -> None:
    """Give the consultation exactly these questions, in this order.

    Raises Conflict for taking away one that people have answered.
    """
    stored = {question.pk: question for question in consultation.questions.all()}
    gone = stored.keys() - {row.pk for row in given}
    if answered_questions(consultation).filter(pk__in=gone).exists():
        raise Conflict(QUESTION_ANSWERED)
    consultation.questions.filter(pk__in=gone).delete()
    for position, row in enumerate(given):
        question = stored.get(row.pk or 0) or Question(consultation=consultation)
        question.position, question.text, question.details = position, row.text, row.details
        question.save()


def answered_questions(consultation: Consultation) -> QuerySet[Question]:
    """Those in whose threads somebody has written."""
    return consultation.questions.filter(comments__isnull=False).distinct()


def write_custom_fields(consultation: Consultation, given: Sequence[FieldGiven]) -> None:
    """Ask these of every proposal, in this order. Of the others, the answered ones are retired, the rest deleted.

    Raises Conflict for another kind of answer where proposals have answered, or for taking away a choice that is in
    use; InvalidInput for a choice without choices.
    """
    stored = {field.pk: field for field in with_answers(consultation)}
    for position, row in enumerate(given):
        field = stored.pop(row.pk or 0, None) or CustomField(consultation=consultation)
        _check_field(field, row, position)
        field.position, field.label, field.kind, field.help_text = position, row.label, row.kind, row.help_text
        field.choices = list(row.choices) if row.kind == CustomField.Kind.CHOICE else []
        field.is_required, field.retired_at = row.is_required, None
        field.save()
    for position, field in enumerate(stored.values(), start=len(given)):
        if field.is_answered:  # type: ignore[attr-defined]  # an annotation
            field.position, field.retired_at = position, field.retired_at or database_now()
            field.save()
        else:
            field.delete()


def with_answers(consultation: Consultation) -> QuerySet[CustomField]:
    """All custom fields, each with ``is_answered``: whether a proposal has answered it, hidden ones too."""
    answers = Proposal.objects.filter(consultation=consultation, answers__has_key=OuterRef("key_in_answers"))
    return (
        CustomField.objects.filter(consultation=consultation)
        .annotate(key_in_answers=Cast("pk", TextField()))
        .annotate(is_answered=Exists(answers))
    )


def _check_field(field: CustomField, row: FieldGiven, position: int) -> None:
    if row.kind == CustomField.Kind.CHOICE and len(set(row.choices)) < 2:
        raise InvalidInput(
            "few_choices", _("Write at least two choices, one a line."), field=f"field_{position}_choices"
        )
    if field.pk is None or not field.is_answered:  # type: ignore[attr-defined]
        return
    if field.kind != row.kind:
        raise Conflict(FIELD_ANSWERED)
    proposals = Proposal.objects.filter(consultation=field.consultation_id)
    for choice in set(field.choices) - set(row.choices):
        # Not answers__12: Django takes a key of digits for a place in a list, and finds nothing.
        if not proposals.filter(answers__contains={field.key: choice}).exists():
            continue
        sentence = format_lazy(_("Proposals have chosen “{choice}”, so it must stay among the choices."), choice=choice)
        raise Conflict(Reason("choice_in_use", sentence))
