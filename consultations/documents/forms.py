"""What editors type of a draft text. Rules are the use cases'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.documents.drafting import LONGEST_BODY, Part
from consultations.documents.reading_files import SUFFIXES
from consultations.forms import MARKDOWN_HINT
from consultations.models import Article


class TitleForm(forms.Form):
    """A new document."""

    title = forms.CharField(
        label=_("Title of the text"), max_length=200, help_text=_("As people call it: “Draft bill on urban trees”.")
    )


class RevisionForm(forms.Form):
    """Which state of the draft the editor saw."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def know(self, revision: int) -> None:
        """From now on the form stands on what is stored, which its page shows: the next save goes over it knowingly."""
        self.data = {**self.data.dict(), "revision": str(revision)}  # type: ignore[attr-defined]


class ArticleForm(RevisionForm):
    """One part of a draft."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Article.Kind.choices)
    label = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("As it is written: “Article 14 bis”, “TITLE II”.")
    )
    heading = forms.CharField(label=_("Heading"), max_length=300, required=False)
    body = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=MARKDOWN_HINT,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, part: Part, revision: int):
        super().__init__(
            data,
            initial={
                "kind": part.kind,
                "label": part.label,
                "heading": part.heading,
                "body": part.body,
                "revision": revision,
            },
        )

    def part(self) -> Part:
        """As a new one."""
        given = self.fields_of_part()
        return Part(given["kind"], given["label"], given["heading"], given["body"])

    def fields_of_part(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("kind", "label", "heading", "body")}


class SourceForm(forms.Form):
    """A whole text, pasted or as a file."""

    text = forms.CharField(
        label=_("Paste the text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("“Artículo 1°.-”, “Art. 2”, “CAPÍTULO I”, “TÍTULO II” and headings of Markdown become its parts."),
    )
    file = forms.FileField(
        label=_("Or choose a file"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_("DOCX, ODT, Markdown or plain text, up to 5 MB. Pictures are left out."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        if bool(self.cleaned_data.get("text")) == bool(self.cleaned_data.get("file")) and not self.errors:
            self.add_error("text", forms.ValidationError(_("Paste the text or choose a file: one of the two.")))
        return self.cleaned_data


class PublishForm(RevisionForm):
    """What changes with the version, for those who read it."""

    summary = forms.CharField(
        label=_("What changes, and why"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody reads it above the text. It cannot be changed afterwards."),
    )
