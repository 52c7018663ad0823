"""What people type when they comment. The use cases check it again. Reports and decisions: ``moderation/forms.py``."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
    """One's own comment again, to correct it; of a suggestion also the wording, whose reason may be left away."""

    suggestion = forms.CharField(
        label=_("How should it read?"),
        help_text=_("Change the words as you want them. Leave it empty to propose that they go."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        required=False,
    )
    body = CommentForm.base_fields["body"]

    def __init__(self, *args: Any, suggests: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if suggests:
            self.fields["body"].label = _("Why?")
            self.fields["body"].required = False
        else:
            del self.fields["suggestion"]
