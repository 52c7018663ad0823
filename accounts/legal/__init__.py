"""The terms of use and the statement on privacy: versions, and their texts in the reader's language.

A new version is a folder with its number (copy the last one, change the texts) and a line in ``VERSIONS``. Everybody is
then asked to agree before they take part again; what they agreed to earlier stays readable at its address.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

TEXTS = Path(__file__).parent
DOCUMENTS = ("terms", "privacy")


@dataclass(frozen=True)
class Version:
    """``number`` is also the name of the folder. ``since``: the day from which it holds."""

    number: int
    since: date


VERSIONS = (Version(1, date(2026, 11, 1)),)
CURRENT = VERSIONS[-1]


def version_numbered(number: int) -> Version | None:
    return next((version for version in VERSIONS if version.number == number), None)


@cache
def text_of(document: str, version: int, language: str) -> str:
    """A document as Markdown, naming the operator of this site. Spanish where it is not there in ``language``."""
    wanted = TEXTS / str(version) / f"{document}.{language}.md"
    path = wanted if wanted.exists() else TEXTS / str(version) / f"{document}.es-ar.md"
    text = path.read_text(encoding="utf-8")
    with translation.override(language):
        operator, contact = str(settings.OPERATOR_NAME), str(settings.OPERATOR_CONTACT)
    return text.replace("[[operator]]", operator).replace("[[contact]]", contact)
