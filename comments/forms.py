"""What people type when they comment, report and moderate. The use cases check it again, whoever calls them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Flag
from comments.rights import Rights
from consultations.models import Consultation


class CommentForm(forms.Form):
    """A comment or a reply. Who speaks for the agency says so with a tick; where only the agency may, it is given."""

    body = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5_000,
        error_messages={
            "required": _("Write your comment first."),
            "max_length": _("Your comment has more than 5,000 characters. Shorten it a little."),
        },
    )

    def __init__(self, *args: Any, rights: Rights, consultation: Consultation, is_reply: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_reply:
            self.fields["body"].label = _("Your reply")
        if rights.may_reply_officially and not rights.is_official_only:
            self.fields["is_official"] = forms.BooleanField(
                label=_("Reply for %(agency)s: it will stand out as an official reply")
                % {"agency": consultation.agency.name},
                required=False,
            )
        self.is_official_only = rights.is_official_only

    @property
    def is_official(self) -> bool:
        return self.is_official_only or bool(self.cleaned_data.get("is_official"))


class EditForm(forms.Form):
    """One's own comment again, to correct it."""

    body = CommentForm.base_fields["body"]


class ReportForm(forms.Form):
    """What is wrong with a contribution, in the eyes of whoever reports it."""

    ground = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Flag.Ground.choices,
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
    """Why a moderator hides, restores or keeps something."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Everybody will read it, with the date. Do not repeat what was wrong in it."),
        error_messages={
            "required": _("Write the reason. Everybody will read it."),
            "max_length": _("The reason has more than 300 characters."),
        },
    )
