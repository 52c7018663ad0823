"""The step of money as a form: one amount, or districts with an amount each. Rows come and go by buttons that save."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import BoundedFileField
from accounts.forms import explained
from accounts.refusals import Text
from consultations.budgets.boundaries import MOST_BYTES, BoundaryFault, read_boundaries
from consultations.budgets.districts import MOST_DISTRICTS, DistrictGiven
from consultations.budgets.money import BUDGET_BEGUN_BALLOTS
from consultations.forms import CURRENCIES, MoneyField, WholeNumberField
from consultations.maps.places import map_of
from consultations.models import Budget, Consultation
from consultations.opening.changing import is_voted_on
from consultations.opening.forms import StepForm
from frontend.formats import money

EMPTY_ROWS = 3  # to fill in, below those that are there
PARTS = ("name", "amount_cents", "population", "support_threshold", "is_for_all")
# Above it nobody lives; and a threshold cannot be met.
MOST_PEOPLE = 2_000_000_000
RULES: dict[str, Text] = {
    Budget.DistrictRule.CHOSEN: _(
        "Everybody chooses one district, once, before voting. Nothing has to be known about them."
    ),
    Budget.DistrictRule.RESIDENT: _(
        "Everybody votes in the district that the electoral roll gives for them. You need a roll with districts."
    ),
}

numbered = lazy(lambda sentence, number: sentence % {"number": number}, str)


@dataclass(frozen=True)
class DistrictRow:
    """One district in the form. ``has_boundary``: one is stored for it."""

    number: int
    pk: forms.BoundField
    fields: dict[str, forms.BoundField]
    title: str
    is_new: bool
    is_first: bool
    is_last: bool
    has_boundary: bool


@dataclass(frozen=True)
class Deed:
    """What a button of a row does, besides saving: ``verb`` is add, remove, up, down or unbound (drop a boundary)."""

    verb: str = ""
    at: int = -1

    @classmethod
    def of(cls, value: str) -> "Deed":
        verb, _colon, at = value.partition(":")
        if verb not in ("add", "remove", "up", "down", "unbound"):
            return cls()
        return cls(verb, int(at) if at.isascii() and at.isdigit() and len(at) < 4 else -1)


class MoneyForm(StepForm):
    """How much there is to allocate, and in which districts."""

    step = "money"
    takes_files = True
    district_rows = forms.IntegerField(min_value=0, max_value=MOST_DISTRICTS, widget=forms.HiddenInput)
    budget_cents = MoneyField(label=_("Amount"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), initial="ARS", help_text=_("In which the costs are given too."))
    district_rule = forms.ChoiceField(
        label=_("In which district somebody votes"),
        widget=forms.RadioSelect,
        choices=[(rule, explained(rule.label, RULES[rule])) for rule in Budget.DistrictRule],
        initial=Budget.DistrictRule.CHOSEN,
        required=False,
    )
    boundary_file = BoundedFileField(
        label=_("File with the boundaries"),
        required=False,
        accept=".geojson,.json,application/geo+json,application/json",
        help_text=_("GeoJSON in degrees (WGS 84), one feature a district, with the district's name in “name”."),
    )
    boundary_text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, consultation: Consultation):
        self.deed = Deed.of(data.get("do", "")) if data is not None else Deed()
        self.districts = list(consultation.districts.all())
        super().__init__(data, consultation=consultation)
        if files:
            self.files = files

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        budget = getattr(consultation, "budget", None)
        is_read = consultation is self.consultation
        districts = self.districts if is_read else list(consultation.districts.all())
        stored: dict[str, Any] = {"district_rows": len(districts) + EMPTY_ROWS}
        if budget:
            stored |= {
                "budget_cents": budget.amount_cents,
                "currency": budget.currency,
                "district_rule": budget.district_rule,
            }
        for number, district in enumerate(districts):
            stored[f"district_{number}_id"] = district.pk
            stored |= {f"district_{number}_{part}": getattr(district, part) for part in PARTS}
        return stored

    def build(self) -> None:
        present = self.initial.get("currency", "ARS")  # an imported budget may have another one
        known: dict[str, Text] = dict(CURRENCIES)
        self.is_fixed = is_voted_on(self.consultation) and hasattr(self.consultation, "budget")
        choices = {present: known.get(present, present)} if self.is_fixed else {present: present, **known}
        self.fields["currency"].choices = list(choices.items())  # type: ignore[attr-defined]
        if self.districts:
            del self.fields["budget_cents"]  # their sum is
        else:
            self.fields["budget_cents"].help_text = _(
                "Leave it empty where there is no money to allocate, or where you give districts below: then it is "
                "their sum."
            )
            if self.is_fixed:
                self.fix("budget_cents", BUDGET_BEGUN_BALLOTS)
        for number in range(self._count()):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        made: dict[str, forms.Field] = {
            "id": forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput),
            "name": forms.CharField(label=numbered(_("District %(number)s"), number + 1), max_length=80),
            "amount_cents": MoneyField(label=numbered(_("District %(number)s, amount"), number + 1)),
            "population": WholeNumberField(
                label=numbered(_("District %(number)s, inhabitants"), number + 1), min_value=0, max_value=MOST_PEOPLE
            ),
            "support_threshold": WholeNumberField(
                label=numbered(_("District %(number)s, supports to go on"), number + 1),
                min_value=0,
                max_value=MOST_PEOPLE,
            ),
            "is_for_all": forms.BooleanField(label=_("It is everybody's: all vote in it besides their district")),
        }
        for part, field in made.items():
            field.required = False
            field.is_optional = False  # type: ignore[attr-defined]  # the section says which may stay empty
            self.fields[f"district_{number}_{part}"] = field
            if self.is_fixed and part in ("name", "amount_cents"):
                field.widget.attrs["readonly"] = True

    def _count(self) -> int:
        if not self.is_bound:
            return min(self.initial["district_rows"], MOST_DISTRICTS)
        sent = str(self.data.get("district_rows", ""))
        return min(int(sent), MOST_DISTRICTS) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0

    # --- For the page

    @cached_property
    def district_list(self) -> list[DistrictRow]:
        return list(self._rows())

    def _rows(self) -> Iterator[DistrictRow]:
        by_pk = {str(district.pk): district for district in self.districts}
        count = self._count()
        for number in range(count):
            fields = {part: self[f"district_{number}_{part}"] for part in PARTS}
            pk = self[f"district_{number}_id"]
            stored = by_pk.get(str(pk.value() or ""))
            yield DistrictRow(
                number=number,
                pk=pk,
                fields=fields,
                title=fields["name"].value() or "",
                is_new=stored is None,
                is_first=number == 0,
                is_last=number >= len(self.districts) - 1,
                has_boundary=bool(stored and stored.boundary),
            )

    @property
    def sum_cents(self) -> int:
        return sum(district.amount_cents for district in self.districts)

    @property
    def has_boundaries(self) -> bool:
        return any(district.boundary for district in self.districts)

    @property
    def map(self) -> dict[str, Any]:
        return map_of(self.consultation)

    @property
    def stored_currency(self) -> str:
        return str(self.initial.get("currency", "ARS"))

    @property
    def fixed_sentence(self) -> Text:
        return BUDGET_BEGUN_BALLOTS.sentence if self.is_fixed else ""

    @property
    def anchor(self) -> str:
        place = max(0, self.deed.at + {"up": -1, "down": 1}.get(self.deed.verb, 0))
        return "new-district" if self.deed.verb == "add" else f"district-{place}"

    # --- What was sent

    def clean(self) -> dict[str, Any]:
        for number in self._there():
            name, amount = f"district_{number}_name", f"district_{number}_amount_cents"
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Write the name of the district, or remove it with its button."))
            if not self.cleaned_data.get(amount) and amount not in self.errors:
                self.add_error(amount, _("Say how much money it has."))
        self._compare_with_sum()
        self.boundaries = self._read_boundaries()
        return self.cleaned_data

    def _compare_with_sum(self) -> None:
        """An amount that is typed beside districts is theirs together, or a mistake: it would be dropped in silence."""
        whole = self.cleaned_data.get("budget_cents")
        amounts = [self.cleaned_data.get(f"district_{number}_amount_cents") for number in self._there()]
        if "budget_cents" not in self.changed_data or not whole or not amounts or None in amounts:
            return
        total = sum(filter(None, amounts))
        if total != whole:
            sentence = _("The districts come to %(sum)s together. Leave this empty, or mend their amounts.")
            self.add_error("budget_cents", sentence % {"sum": money(total, self.cleaned_data.get("currency", "ARS"))})

    def _there(self) -> list[int]:
        """Numbers of the rows that hold anything and are not about to go, in their new order."""
        there = [number for number in range(self._count()) if self._is_there(number)]
        if self.deed.verb in ("up", "down") and self.deed.at in there:
            place = there.index(self.deed.at)
            other = place + (1 if self.deed.verb == "down" else -1)
            if 0 <= other < len(there):
                there[place], there[other] = there[other], there[place]
        return there

    def _is_there(self, number: int) -> bool:
        if self.deed == Deed("remove", number):
            return False
        return any(self.cleaned_data.get(f"district_{number}_{part}") for part in ("id", *PARTS))

    def _read_boundaries(self) -> Mapping[str, Any]:
        file, text = self.cleaned_data.get("boundary_file"), self.cleaned_data.get("boundary_text", "")
        if not file and not text.strip():
            return {}
        field = "boundary_file" if file else "boundary_text"
        names = [self.cleaned_data.get(f"district_{number}_name", "") for number in self._there()]
        try:
            return read_boundaries(file.read().decode() if file else text, names)
        except BoundaryFault as fault:
            self.add_error(field, str(fault))
        except UnicodeDecodeError:
            self.add_error(field, gettext("This is no text: save it as GeoJSON in UTF-8."))
        return {}

    def _given(self, number: int) -> DistrictGiven:
        row: dict[str, Any] = {part: self.cleaned_data.get(f"district_{number}_{part}") for part in ("id", *PARTS)}
        stored = next((district for district in self.districts if district.pk == row["id"]), None)
        boundary = stored.boundary if stored and self.deed != Deed("unbound", number) else None
        return DistrictGiven(
            name=" ".join(row["name"].split()),
            amount_cents=row["amount_cents"],
            population=row["population"],
            is_for_all=bool(row["is_for_all"]),
            support_threshold=row["support_threshold"],
            boundary=self.boundaries.get(row["name"], boundary),
            pk=row["id"],
        )

    def arguments(self) -> dict[str, Any]:
        given = [self._given(number) for number in self._there()]
        whole = {"budget_cents": self.cleaned_data["budget_cents"] or 0} if "budget_cents" in self.fields else {}
        return whole | {
            "currency": self.cleaned_data["currency"],
            "districts": given,
            "district_rule": self.cleaned_data["district_rule"] or Budget.DistrictRule.CHOSEN,
        }
