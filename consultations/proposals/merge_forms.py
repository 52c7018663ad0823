"""What officials type when they merge proposals or split one. Rules are the use cases'."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Proposal
from consultations.proposals.merging import LONGEST_REASON, MOST_PARTS, Part

NEW = "new"
ROWS = 4  # of parts, to fill in


def _reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its authors are told, and everybody can read it."),
    )


class _PartFields(forms.Form):
    """Fields of proposals to be written, each with a prefix."""

    def add_part(self, prefix: str, consultation: Consultation, districts: Sequence[Any], **begins_with: Any) -> None:
        made: dict[str, forms.Field] = {
            "title": forms.CharField(label=_("Title"), max_length=140),
            "body": forms.CharField(
                label=_("What and why"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
            ),
        }
        if districts:
            choices = [("", "–"), *((district.pk, district.name) for district in districts)]
            made["district"] = forms.TypedChoiceField(
                label=_("District"), choices=choices, coerce=int, empty_value=None
            )
        if consultation.categories:
            made["category"] = forms.ChoiceField(
                label=_("Category"), choices=[("", "–"), *((name, name) for name in consultation.categories)]
            )
        for name, field in made.items():
            field.required = False
            field.is_optional = False  # type: ignore[attr-defined]  # the section says which may stay empty
            field.initial = begins_with.get(name)
            self.fields[f"{prefix}{name}"] = field
        self.districts = {district.pk: district for district in districts}

    def part(self, prefix: str) -> Part:
        data = self.cleaned_data
        return Part(
            title=data.get(f"{prefix}title", ""),
            body=data.get(f"{prefix}body", ""),
            district=self.districts.get(data.get(f"{prefix}district")),
            category=data.get(f"{prefix}category", ""),
        )

    def check_part(self, prefix: str) -> None:
        """A proposal needs a title, a text, and a district where there are any."""
        for name in ("title", "body", *(["district"] if self.districts else [])):
            if not self.cleaned_data.get(f"{prefix}{name}") and f"{prefix}{name}" not in self.errors:
                self.add_error(f"{prefix}{name}", _("Fill this in."))


class MergeForm(_PartFields):
    """Into which of the chosen ones, or into a new one, and why."""

    def __init__(
        self, data: Any = None, *, consultation: Consultation, chosen: Sequence[Proposal], districts: Sequence[Any]
    ):
        super().__init__(data)
        self.chosen = chosen
        most = max(chosen, key=lambda proposal: (proposal.support_count, -proposal.pk))
        self.fields["into"] = forms.ChoiceField(
            label=_("Which one stands for all"),
            widget=forms.RadioSelect,
            choices=[*((str(proposal.pk), proposal.title) for proposal in chosen), (NEW, _("A new one, written here"))],
            initial=str(most.pk),
        )
        first = chosen[0]
        self.add_part(
            "new_", consultation, districts, district=first.district_id, category=first.category, title="", body=""
        )
        self.fields["reason"] = _reason_field()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("into") == NEW:
            self.check_part("new_")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        into = self.cleaned_data["into"]
        target = next((proposal for proposal in self.chosen if str(proposal.pk) == into), None)
        return {"chosen": self.chosen, "into": target or self.part("new_"), "reason": self.cleaned_data["reason"]}

    @property
    def of_new(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith("new_")]

    @property
    def has_new(self) -> bool:
        return self["into"].value() == NEW


class SplitForm(_PartFields):
    """The parts of one proposal. Those left empty are none."""

    def __init__(self, data: Any = None, *, proposal: Proposal, districts: Sequence[Any]):
        super().__init__(data)
        assert ROWS <= MOST_PARTS
        for number in range(ROWS):
            facts = {"district": proposal.district_id, "category": proposal.category}
            words = {"title": proposal.title, "body": proposal.body} if number == 0 else {}
            self.add_part(f"part_{number}_", proposal.consultation, districts, **facts, **words)
        self.fields["reason"] = _reason_field()

    def clean(self) -> dict[str, Any]:
        for number in self._there():
            self.check_part(f"part_{number}_")
        return self.cleaned_data

    def _there(self) -> list[int]:
        return [
            number
            for number in range(ROWS)
            if any(self.cleaned_data.get(f"part_{number}_{name}") for name in ("title", "body"))
        ]

    def arguments(self) -> dict[str, Any]:
        parts = [self.part(f"part_{number}_") for number in self._there()]
        return {"parts": parts, "reason": self.cleaned_data["reason"]}

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[bound for bound in self if bound.name.startswith(f"part_{n}_")] for n in range(ROWS)]


class RestoreForm(forms.Form):
    """Why a merge or a split is taken back."""

    def __init__(self, data: Any = None):
        super().__init__(data)
        self.fields["reason"] = _reason_field()
