"""What officials send beside a consultation. Rules are the use cases'."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files.fields import PICTURES, BoundedFileField
from consultations.models import Cover
from consultations.models.files import ALT_LENGTH


def _picture_hint() -> str:
    return gettext(
        "JPEG, PNG or WebP, up to %(most)s MB. Wider than high works best. Where and with what it was taken is removed."
    ) % {"most": settings.UPLOAD_MAX_MB}


def _file_hint() -> str:
    return gettext("PDF, ODT, DOCX, ODS, XLSX, CSV, TXT, JPEG, PNG or WebP, up to %(most)s MB.") % {
        "most": settings.UPLOAD_MAX_MB
    }


def _photo_hint() -> str:
    return gettext("JPEG, PNG or WebP, up to %(most)s MB. Where and with what it was taken is removed.") % {
        "most": settings.UPLOAD_MAX_MB
    }


picture_hint, file_hint, photo_hint = lazy(_picture_hint, str), lazy(_file_hint, str), lazy(_photo_hint, str)


class CoverForm(forms.Form):
    """A cover, or other words to the one that is there."""

    picture = BoundedFileField(label=_("Picture"), accept=PICTURES, help_text=picture_hint())
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=ALT_LENGTH,
        help_text=_("For people who cannot see it: “Neighbours plant a tree in the square of Villa Serena”."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, cover: Cover | None = None):
        super().__init__(data, files, initial={"alt": cover.alt} if cover else None)
        self.fields["picture"].required = cover is None


class PhotoForm(forms.Form):
    """One photo of a citizen's proposal, with what it shows."""

    file = BoundedFileField(label=_("Photo"), accept=PICTURES, help_text=photo_hint())
    title = forms.CharField(
        label=_("What the photo shows"),
        max_length=ALT_LENGTH,
        help_text=_("For people who cannot see it: “The corner of Mitre and Alsina, without a pedestrian crossing”."),
    )


class AttachmentForm(forms.Form):
    """One file with its words."""

    file = BoundedFileField(label=_("File"), help_text=file_hint())
    title = forms.CharField(
        label=_("What it is"),
        max_length=ALT_LENGTH,
        help_text=_("It stands in the list: “Map of the works, with the streets”."),
    )
