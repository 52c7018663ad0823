"""What people type when they report, moderate and appeal. The use cases check it again, whoever calls them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Appeal, Ground, Mark
from comments.moderation.grounds import standard_reason
from comments.moderation.marks import is_public
from comments.moderation.reasons import LONGEST
from consultations.clock import database_now


class ReportForm(forms.Form):
    """What is wrong with a contribution, in the eyes of whoever reports it."""

    ground = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    explanation = forms.CharField(
        label=_("Tell the moderators more"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the moderators read this."),
    )


class DecisionForm(forms.Form):
    """Why a moderator decides so. Where the act or the ground has a standard reason, an empty one stands for it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        required=False,
        help_text=_("Everybody will read it, with the date. Do not repeat what was wrong in it."),
        error_messages={"max_length": _("The reason has more than 300 characters.")},
    )

    def __init__(self, *args: Any, act: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        standard = standard_reason(act, "")
        if standard:
            self.fields["reason"].help_text = _("Everybody will read it. Empty: “%(reason)s”") % {"reason": standard}


class RemovalForm(DecisionForm):
    """On what ground something is taken out of sight, and why."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect, required=False)

    field_order = ["ground", "reason"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Everybody will read it, with the date. Do not repeat what was wrong in it. Empty: the standard reason of "
            "the ground."
        )

    def clean_ground(self) -> str:
        return self.cleaned_data["ground"] or Ground.OTHER


class MarkForm(forms.Form):
    """A mark on a contribution; the empty one takes it off."""

    mark = forms.ChoiceField(label=_("Mark"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = mark_choices()  # type: ignore[attr-defined]


def mark_choices() -> list[tuple[str, str]]:
    """Each mark with who sees it, in words."""
    seen = {True: _("everybody sees it"), False: _("only officials see it")}
    return [("", str(_("No mark"))), *[(mark.value, f"{mark.label} ({seen[is_public(mark)]})") for mark in Mark]]


class BlockForm(RemovalForm):
    """How long an account may not write in a consultation, and why."""

    DAYS = {"1": _("One day"), "7": _("One week"), "30": _("30 days"), "": _("As long as the consultation lasts")}

    days = forms.ChoiceField(label=_("How long?"), choices=DAYS, widget=forms.RadioSelect, required=False, initial="7")

    field_order = ["days", "ground", "reason"]

    def until(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return database_now() + timedelta(days=int(days)) if days else None


class AppealForm(forms.Form):
    """Why a decision should be another one."""

    words = forms.CharField(
        label=_("Why should it be decided otherwise?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Another moderator reads it and answers. You can appeal once."),
        error_messages={"required": _("Write why it should be decided otherwise.")},
    )


class AnswerForm(forms.Form):
    """What becomes of an appeal."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (Appeal.Outcome.GRANTED, _("Grant it: what was decided is taken back")),
            (Appeal.Outcome.DENIED, _("Deny it: what was decided stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Grant the appeal, or deny it.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST,
        help_text=_("Its author reads it, and everybody else in the open book."),
        error_messages={"required": _("Write the reason. Everybody will read it.")},
    )
