"""What people type about proposals. Rules are the use cases'; here is only shape."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.custom_fields import fields_for, form_fields, given_in, initial_answers
from consultations.forms import MARKDOWN_HINT, MoneyField
from consultations.maps.places import lies_outside, map_of
from consultations.models import Consultation, District, Proposal
from consultations.proposals.proposing import FIELDS, LONGEST_WORDS
from consultations.proposals.versions import number_of


class CoordinateField(forms.FloatField):
    """Degrees, with a point or a comma."""

    def __init__(self, *, most: int, **options: Any):
        super().__init__(required=False, min_value=-most, max_value=most, widget=forms.TextInput, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # as FloatField's own
        return super().to_python(value.strip().replace("−", "-").replace(",", ".") if isinstance(value, str) else value)


class AcceptInput(forms.CheckboxInput):
    """A box whose value says what is accepted, and that is never ticked beforehand."""

    def __init__(self, attrs: Any = None):
        super().__init__(attrs, check_test=lambda value: False)

    def format_value(self, value: Any) -> None:
        """What was accepted for another place says nothing about this one."""


class ProposalForm(forms.Form):
    """A proposal as its author describes it. What the consultation does not ask for is not in it."""

    is_agencys = False  # of one that exists: whether it is in the agency's name
    map: dict[str, Any] | None = None

    title = forms.CharField(label=_("Title"), max_length=140, help_text=_("Your idea in one line."))
    body = forms.CharField(
        label=_("What and why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=MARKDOWN_HINT,
    )
    district = forms.ModelChoiceField(
        label=_("District"),
        queryset=District.objects.none(),
        help_text=_("The one whose money it would take."),
        empty_label="–",
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Where it would be: a street, a neighbourhood.")
    )
    latitude = CoordinateField(label=_("Latitude"), most=90)
    longitude = CoordinateField(label=_("Longitude"), most=180)
    # Says which place, in which district, somebody has said is right although it lies outside.
    outside = forms.CharField(label=_("Place on the map"), required=False, max_length=80, widget=forms.HiddenInput)
    outside_words = ""  # beside its box, where it is asked
    rough_cost_cents = MoneyField(
        label=_("Rough cost"),
        required=False,
        help_text=_("What you think that it would cost. The agency reckons it afterwards."),
    )
    cost_cents = MoneyField(
        label=_("Cost"), required=False, help_text=_("As the agency reckons. Only of a proposal in its name.")
    )
    is_official = forms.BooleanField(label=_("In the agency's name"), required=False)

    def __init__(self, data: Any = None, *, consultation: Consultation, may_be_official: bool = False, **options: Any):
        super().__init__(data, **options)
        self.asked = fields_for(consultation)
        if not may_be_official:
            del self.fields["is_official"]
            del self.fields["cost_cents"]
        if hasattr(consultation, "budget"):
            self._place(consultation)
        else:
            for name in ("district", "latitude", "longitude", "outside", "rough_cost_cents", "cost_cents"):
                self.fields.pop(name, None)
        self._offer(consultation.categories)
        # The agency's own questions come where the proposal is described, before what is done with it.
        fields = {name: self.fields[name] for name in self.fields if name != "is_official"}
        official = {"is_official": self.fields["is_official"]} if may_be_official else {}
        self.fields = {**fields, **form_fields(self.asked), **official}

    def _place(self, consultation: Consultation) -> None:
        """Only where money is allocated: the district, and where on the map."""
        found = consultation.districts.defer("boundary").annotate(has_boundary=Q(boundary__isnull=False))
        districts = list(found)
        if districts:
            field = self.fields["district"]
            field.queryset = consultation.districts.all()  # type: ignore[attr-defined]
            field.choices = [("", "–"), *((district.pk, district.name) for district in districts)]  # type: ignore[attr-defined]
        else:
            del self.fields["district"]
        self.map: dict[str, Any] | None = None
        if settings.MAP_TILES or any(district.has_boundary for district in districts):
            self.map = map_of(consultation)

    def clean(self) -> dict[str, Any]:
        """A place outside the district may be right, so it is asked about once: by a box to tick."""
        data = self.cleaned_data
        district, latitude, longitude = (data.get(name) for name in ("district", "latitude", "longitude"))
        if district and lies_outside(district, latitude, longitude):
            key = f"{district.pk} {latitude} {longitude}"
            if data.get("outside") != key:
                words = {"district": district.name}
                self.fields["outside"].widget = AcceptInput(attrs={"value": key})
                self.outside_words = gettext("The place is right, although it lies outside “%(district)s”") % words
                sentence = gettext(
                    "This place lies outside “%(district)s”. Move the mark, choose another district, or tick this."
                )
                self.add_error("outside", sentence % words)
        return data

    def _offer(self, categories: list[str]) -> None:
        """The consultation's categories, and the one that the proposal has, which may be none of them any more."""
        present = self.initial.get("category")
        offered = [*categories, *([present] if present and present not in categories else [])]
        if offered:
            self.fields["category"].choices = [("", "–"), *((name, name) for name in offered)]  # type: ignore[attr-defined]
        else:
            del self.fields["category"]

    def arguments(self) -> dict[str, Any]:
        """What the use cases take."""
        names = (*FIELDS, "is_official")
        given = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if not given.get("is_official", self.is_agencys):
            given.pop("cost_cents", None)
        return given | {"answers": given_in(self.asked, self.cleaned_data)}


class NewProposalForm(ProposalForm):
    """One that does not exist yet. ``key`` goes with it, so that what is sent or saved twice is one proposal."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any):
        options["initial"] = {"key": uuid.uuid4(), **(options.get("initial") or {})}
        super().__init__(*args, **options)

    @property
    def typed_key(self) -> uuid.UUID | None:
        """The key as it was posted, also where the rest is wrong."""
        try:
            return uuid.UUID(str(self.data.get("key")))
        except ValueError:
            return None


class ChangeProposalForm(ProposalForm):
    """For one that exists. ``version`` tells whether somebody else has changed it while the form was open."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, proposal: Proposal):
        initial: dict[str, Any] = {name: getattr(proposal, name) for name in FIELDS}
        initial |= initial_answers(fields_for(proposal.consultation), proposal.answers)
        initial["version"] = number_of(proposal)
        initial["district"] = proposal.district_id
        self.is_agencys = proposal.is_official
        super().__init__(data, consultation=proposal.consultation, initial=initial)
        if proposal.is_official and hasattr(proposal.consultation, "budget"):
            self.fields["cost_cents"] = self.base_fields["cost_cents"]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"known_version": self.cleaned_data["version"]}

    def know(self, version: int) -> None:
        """Let the next save go over what is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]


class InvitationForm(forms.Form):
    """Whom to ask to sign too."""

    email = forms.EmailField(
        label=_("E-mail of who signs with you"),
        max_length=254,
        help_text=_("We write to this address once. Your name is in the letter; the other decides."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class WithdrawalForm(forms.Form):
    """Why a proposal is taken back."""

    words = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read it in place of the proposal."),
    )
