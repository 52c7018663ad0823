"""Form fields for files. They look at the size; what a file is, the use case finds out."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.files.documents import ACCEPT

PICTURES = "image/jpeg,image/png,image/webp"


class BoundedFileField(forms.FileField):
    """A file of at most ``UPLOAD_MAX_MB``. ``accept``: what the browser's own window offers first."""

    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("This file is empty."),
        "too_large": _("This file has %(size)s. The most that we take is %(most)s."),
    }

    def __init__(self, *, accept: str = ACCEPT, **options: Any):
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        most = settings.UPLOAD_MAX_BYTES
        size = (file.size or 0) if isinstance(file, UploadedFile) else 0
        if size > most:
            sizes = {"size": filesizeformat(size), "most": filesizeformat(most)}
            raise ValidationError(self.error_messages["too_large"], code="too_large", params=sizes)
        return file
