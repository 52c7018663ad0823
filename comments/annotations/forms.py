"""What people type when they annotate. The use case checks it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.annotations.models import Annotation
from comments.forms import CommentForm, EditForm
from comments.rights import Rights
from consultations.models import Consultation

Purpose = Annotation.Purpose

LABELS = {
    Purpose.COMMENT: _("Your comment"),
    Purpose.SUGGEST: _("Why?"),
    Purpose.ASK: _("Your question"),
}


class AnnotationForm(CommentForm):
    """One annotation. ``passage``: the words that were chosen; the person may keep only some of them."""

    exact = forms.CharField(
        label=_("Which words is it about?"),
        help_text=_("You may leave only the words that you mean: delete the others here."),
        widget=forms.Textarea(attrs={"rows": 2}),
        strip=False,
        error_messages={"required": _("Choose at least a word.")},
    )
    suggestion = EditForm.base_fields["suggestion"]

    field_order = ["exact", "suggestion", "body", "is_official"]

    def __init__(
        self, *args: Any, rights: Rights, consultation: Consultation, purpose: str, passage: str, **kwargs: Any
    ):
        initial = {"exact": passage, "suggestion": passage} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, rights=rights, consultation=consultation, initial=initial, **kwargs)
        self.passage = passage
        self.offset = 0  # where the words that were kept begin in the passage
        self.fields["body"].label = LABELS[Purpose(purpose)]
        self.fields["body"].required = purpose != Purpose.SUGGEST
        self.fields["body"].widget.attrs["rows"] = 3 if purpose == Purpose.SUGGEST else 5
        if purpose != Purpose.SUGGEST:
            del self.fields["suggestion"]
        self.order_fields(self.field_order)

    def clean_exact(self) -> str:
        """The words that are meant; some of the passage, which stand in it once."""
        exact = self.cleaned_data["exact"].replace("\r\n", "\n")
        if exact == self.passage:
            return exact
        exact = exact.strip()
        if not exact:
            raise forms.ValidationError(_("Choose at least a word."))
        times = self.passage.count(exact)
        if times == 0:
            raise forms.ValidationError(_("These words do not stand there. You may only delete words at both ends."))
        if times > 1:
            raise forms.ValidationError(_("These words stand there several times. Leave a few more of them."))
        self.offset = self.passage.index(exact)
        return exact
