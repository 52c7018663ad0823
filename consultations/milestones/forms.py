"""What officials send in the follow-up. Rules are the use cases'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import PICTURES, BoundedFileField
from consultations.files.forms import photo_hint
from consultations.forms import MARKDOWN_HINT, MoneyField
from consultations.models import Consultation, District, Milestone, Status
from consultations.models.files import ALT_LENGTH


class DayField(forms.DateField):
    """A day, by the browser's picker or as people write it."""

    def __init__(self, **options: Any):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        formats = ["%Y-%m-%d", "%d/%m/%Y"]
        super().__init__(required=False, widget=widget, input_formats=formats, **options)


class PledgeForm(forms.Form):
    title = forms.CharField(label=_("What is promised"), max_length=300)
    body = forms.CharField(
        label=_("In more words"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=MARKDOWN_HINT,
    )
    promised_cents = MoneyField(label=_("Money for it"), required=False)
    district = forms.ModelChoiceField(
        label=_("District"), queryset=District.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, data: Any = None, *, consultation: Consultation):
        super().__init__(data)
        districts = consultation.districts.all()
        field: Any = self.fields["district"]
        field.queryset = districts
        if not districts:
            del self.fields["district"]


class MilestoneForm(forms.Form):
    title = forms.CharField(
        label=_("What is to be done"), max_length=200, help_text=_("One step: “The contract is awarded”.")
    )
    planned_for = DayField(
        label=_("By when"),
        help_text=_("The last day on which it is in time. After it, everybody reads that it is late."),
    )


class ReportForm(forms.Form):
    status = forms.ChoiceField(label=_("Where it stands"), choices=Status.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("What happened"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads it. What you report stays: a later report says what is new."),
    )
    spent_cents = MoneyField(
        may_be_nothing=True,  # "not a cent yet" is news
        label=_("Spent on it so far"),
        required=False,
        help_text=_("On this milestone, in all. Empty: as the last report said."),
    )
    planned_for = DayField(label=_("Now planned for"), help_text=_("Where it moves, the old date stays beside it."))
    photo = BoundedFileField(label=_("Photo"), accept=PICTURES, required=False, help_text=photo_hint())
    alt = forms.CharField(label=_("What the photo shows"), max_length=ALT_LENGTH, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, milestone: Milestone, status: str):
        initial = {"planned_for": milestone.planned_for, "status": status}
        super().__init__(data, files, initial=initial)
