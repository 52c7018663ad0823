"""The step of what people can do: questions, and what proposals are asked. Rows are added, ordered and removed by
buttons that save; no script is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.forms import MARKDOWN_HINT
from consultations.models import Consultation, CustomField, Phase
from consultations.opening.asked import (
    FIELD_ANSWERED,
    QUESTION_ANSWERED,
    FieldGiven,
    QuestionGiven,
    answered_questions,
    with_answers,
)
from consultations.opening.forms import StepForm

MOST_ROWS = 40
LONGEST_CATEGORY = 120
# The parts of a row, by the kind of row. The first one is what a row cannot be without.
PARTS = {"question": ("text", "details"), "field": ("label", "help_text", "kind", "choices", "is_required")}
SWITCHES = ("receives_supports", "is_cause", "pre_moderates")

numbered = lazy(lambda sentence, number: sentence % {"number": number}, str)


class LinesField(forms.CharField):
    """A list, one item a line. Empty lines and repetitions are dropped, in capitals or not: the first one stays."""

    def __init__(self, *, longest: int = LONGEST_CATEGORY, rows: int = 5, **options: Any):
        self.longest = longest
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), max_length=5_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._lines(self.prepare_value(initial) or "") != self._lines(data or "")

    def clean(self, value: Any) -> list[str]:
        lines = self._lines(super().clean(value))
        for line in lines:
            if len(line) > self.longest:
                sentence = gettext("“%(line)s…” is too long: write at most %(longest)s characters a line.")
                raise forms.ValidationError(sentence % {"line": line[:30], "longest": self.longest})
        return lines

    @staticmethod
    def _lines(text: str) -> list[str]:
        first: dict[str, str] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            first.setdefault(line.casefold(), line)
        return list(first.values())


@dataclass(frozen=True)
class Row:
    """One question or custom field in the form. ``is_answered``: people have answered it, so some things are fixed."""

    number: int
    pk: forms.BoundField
    fields: list[forms.BoundField]
    title: str
    is_new: bool
    is_answered: bool
    is_first: bool
    is_last: bool
    has_errors: bool


@dataclass(frozen=True)
class Deed:
    """What a button of a row does, besides saving: ``verb`` is up, down, remove or restore; ``at`` the row's number,
    for restore the id of the field."""

    verb: str = ""
    kind: str = ""
    at: int = -1

    @classmethod
    def of(cls, value: str) -> "Deed":
        verb, _colon, rest = value.partition(":")
        kind, _colon, at = rest.partition(":")
        if verb not in ("up", "down", "remove", "restore", "add") or kind not in PARTS:
            return cls()
        return cls(verb, kind, int(at) if at.isascii() and at.isdigit() and len(at) < 19 else -1)


class TakingPartForm(StepForm):
    """Questions, supports, categories, custom fields, moderation before showing."""

    step = "taking-part"
    question_rows = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)
    field_rows = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)
    categories = LinesField(
        label=_("Categories of proposals"),
        help_text=_("One a line. People choose one, and filter by it. Empty: proposals have no category."),
    )
    receives_supports = forms.BooleanField(
        label=_("People can support proposals"),
        required=False,
        help_text=_("One press, and the number is shown. It is interest, not a vote."),
    )
    is_cause = forms.BooleanField(
        label=_("People can support the consultation itself"),
        required=False,
        help_text=_("For a cause: one button on its page, with the number of people behind it."),
    )
    pre_moderates = forms.BooleanField(
        label=_("A moderator reads everything before others see it"),
        required=False,
        help_text=_(
            "What people write waits until somebody of your agency lets it through. It slows a conversation down."
        ),
    )

    def __init__(self, data: Any = None, *, consultation: Consultation):
        self.deed = Deed.of(data.get("do", "")) if data is not None else Deed()
        self.custom_fields = list(with_answers(consultation))
        self.questions = list(consultation.questions.all())
        super().__init__(data, consultation=consultation)

    @property
    def receives_proposals(self) -> bool:
        """Whether what is about proposals matters here; otherwise the page folds it away."""
        return any(phase.kind == Phase.Kind.PROPOSALS for phase in self.consultation.phases.all())

    @property
    def retired(self) -> list[CustomField]:
        return [field for field in self.custom_fields if field.is_retired]

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        stored = {name: getattr(consultation, name) for name in (*SWITCHES, "categories")}
        is_read = consultation is self.consultation
        questions = self.questions if is_read else list(consultation.questions.all())
        fields = self.custom_fields if is_read else consultation.custom_fields.all()
        asked = [field for field in fields if not field.is_retired]
        for kind, rows in (("question", questions), ("field", asked)):
            stored[f"{kind}_rows"] = len(rows) + 1  # one to fill in
            for number, row in enumerate(rows):
                stored[f"{kind}_{number}_id"] = row.pk
                stored |= {f"{kind}_{number}_{part}": getattr(row, part) for part in PARTS[kind]}
        return stored

    def build(self) -> None:
        answered = {question.pk for question in answered_questions(self.consultation)}
        self.answered = {
            "question": answered,
            "field": {field.pk for field in self.custom_fields if field.is_answered},  # type: ignore[attr-defined]
        }
        for number in range(self._count("question")):
            self._add_question(number)
        for number in range(self._count("field")):
            self._add_field(number)

    def _count(self, kind: str) -> int:
        if not self.is_bound:
            return min(self.initial[f"{kind}_rows"], MOST_ROWS)
        sent = str(self.data.get(f"{kind}_rows", ""))
        return min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0

    def _add_question(self, number: int) -> None:
        self._add_id("question", number)
        self.fields[f"question_{number}_text"] = forms.CharField(
            label=numbered(_("Question %(number)s"), number + 1),
            required=False,
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"question_{number}_details"] = forms.CharField(
            label=_("What to know before answering"),
            required=False,
            max_length=2_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=MARKDOWN_HINT,
        )
        self.fields[f"question_{number}_text"].is_optional = False  # type: ignore[attr-defined]

    def _add_field(self, number: int) -> None:
        self._add_id("field", number)
        made: dict[str, forms.Field] = {
            "label": forms.CharField(
                label=_("What you ask"),
                required=False,
                max_length=120,
                help_text=_("Short: it stands above the answer."),
            ),
            "help_text": forms.CharField(label=_("Help"), required=False, max_length=300),
            "kind": forms.ChoiceField(label=_("Kind of answer"), choices=CustomField.Kind.choices, required=False),
            "choices": LinesField(
                label=_("Choices"), rows=4, help_text=_("Only for a choice among several: one a line.")
            ),
            "is_required": forms.BooleanField(label=_("Every proposal has to answer it"), required=False),
        }
        made["label"].is_optional = made["kind"].is_optional = False  # type: ignore[attr-defined]
        for part, field in made.items():
            self.fields[f"field_{number}_{part}"] = field
        if self._pk("field", number) in self.answered["field"]:
            stored = next(field for field in self.custom_fields if field.pk == self._pk("field", number))
            made["kind"].choices = [(stored.kind, stored.get_kind_display())]  # type: ignore[attr-defined]
            made["kind"].help_text = str(FIELD_ANSWERED.sentence)
            made["kind"].error_messages["invalid_choice"] = str(FIELD_ANSWERED.sentence)

    def _add_id(self, kind: str, number: int) -> None:
        self.fields[f"{kind}_{number}_id"] = forms.IntegerField(
            required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput
        )

    def _pk(self, kind: str, number: int) -> int | None:
        """The stored row that the form's one stands for."""
        name = f"{kind}_{number}_id"
        if not self.is_bound:
            return self.initial.get(name)
        sent = str(self.data.get(name, ""))
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None

    # --- For the page

    def question_list(self) -> Iterator[Row]:
        return self._rows("question")

    def field_list(self) -> Iterator[Row]:
        return self._rows("field")

    def _rows(self, kind: str) -> Iterator[Row]:
        count = self._count(kind)
        for number in range(count):
            fields = [self[f"{kind}_{number}_{part}"] for part in PARTS[kind]]
            pk = self._pk(kind, number)
            yield Row(
                number=number,
                pk=self[f"{kind}_{number}_id"],
                fields=fields,
                title=fields[0].value() or "",
                is_new=pk is None and not fields[0].value(),
                is_answered=pk in self.answered[kind],
                is_first=number == 0,
                is_last=number >= count - 2,  # after it comes only the one to fill in
                has_errors=any(bound.errors for bound in fields),
            )

    @property
    def has_faults_about_proposals(self) -> bool:
        return any(name.startswith("field_") or name == "categories" for name in self.errors)

    @property
    def question_answered(self) -> Any:
        return QUESTION_ANSWERED.sentence

    # --- What was sent

    def clean(self) -> dict[str, Any]:
        for kind, sentence in (
            ("question", _("Write the question, or remove it with its button.")),
            ("field", _("Say what you ask, or remove it with its button.")),
        ):
            for number in range(self._count(kind)):
                first = f"{kind}_{number}_{PARTS[kind][0]}"
                if self._is_there(kind, number) and not self.cleaned_data.get(first) and first not in self.errors:
                    self.add_error(first, sentence)
        for number in range(self._count("field")):
            self._check_choices(number)
        return self.cleaned_data

    def _check_choices(self, number: int) -> None:
        name = f"field_{number}_choices"
        is_choice = self.cleaned_data.get(f"field_{number}_kind") == CustomField.Kind.CHOICE
        if is_choice and self._is_there("field", number) and len(self.cleaned_data.get(name, "##")) < 2:
            self.add_error(name, _("Write at least two choices, one a line."))

    def _is_there(self, kind: str, number: int) -> bool:
        """Whether a row holds anything, and is not about to go."""
        if self.deed == Deed("remove", kind, number):
            return False
        parts = [part for part in PARTS[kind] if part not in ("kind", "is_required")]
        has_words = any(self.cleaned_data.get(f"{kind}_{number}_{part}") for part in parts)
        return has_words or self.cleaned_data.get(f"{kind}_{number}_id") is not None

    def _given(self, kind: str) -> list[dict[str, Any]]:
        """The rows of one kind, in their new order."""
        there = [number for number in range(self._count(kind)) if self._is_there(kind, number)]
        if self.deed.kind == kind and self.deed.verb in ("up", "down") and self.deed.at in there:
            place = there.index(self.deed.at)
            other = place + (1 if self.deed.verb == "down" else -1)
            if 0 <= other < len(there):
                there[place], there[other] = there[other], there[place]
        names = ("id", *PARTS[kind])
        return [{name: self.cleaned_data[f"{kind}_{number}_{name}"] for name in names} for number in there]

    def arguments(self) -> dict[str, Any]:
        fields = [
            FieldGiven(
                label=row["label"],
                kind=row["kind"] or CustomField.Kind.TEXT,
                help_text=row["help_text"],
                choices=tuple(row["choices"]),
                is_required=row["is_required"],
                pk=row["id"],
            )
            for row in self._given("field")
        ]
        return {name: self.cleaned_data[name] for name in (*SWITCHES, "categories")} | {
            "questions": [QuestionGiven(row["text"], row["details"], row["id"]) for row in self._given("question")],
            "custom_fields": fields + self._restored(),
        }

    def _restored(self) -> list[FieldGiven]:
        if self.deed.verb != "restore":
            return []
        return [
            FieldGiven(field.label, field.kind, field.help_text, tuple(field.choices), field.is_required, field.pk)
            for field in self.retired
            if field.pk == self.deed.at
        ]

    @property
    def anchor(self) -> str:
        """Where on the page the person was who pressed a button of a row."""
        place = max(0, self.deed.at + {"up": -1, "down": 1}.get(self.deed.verb, 0))
        if self.deed.verb in ("up", "down"):
            return f"{self.deed.kind}-{place}"
        return f"{self.deed.kind}s" if self.deed.verb != "add" else f"new-{self.deed.kind}"
