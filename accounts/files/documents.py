"""What may be attached, and what a file is by its content. What its name says has to agree, and decides nothing alone.

No virus scanner: documents are handed on as they came, always to be saved and never to be shown inside the site.
"""

import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput, Text

NAME_LENGTH = 100
PARTS_OF_A_DOCUMENT = 5_000  # of its zip archive
PART_READ = 256 * 1024  # bytes of the one part that says what it is
MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/|Scripts/)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Characters that make a name look like another one, or that systems forbid in names.
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


@dataclass(frozen=True)
class Kind:
    """A kind of file: the ending of its name, what people call it, what programs call it."""

    suffix: str
    label: Text
    content_type: str
    is_content: Callable[[bytes], bool] | None = None  # None: a picture, which is read and written anew


def _is_pdf(content: bytes) -> bool:
    # A file that is two things at once is made to deceive: the same bytes as an archive, say.
    return content.startswith(b"%PDF-") and ".pdf" in _suggestions(content) and not _has_archive(content)


def _is_text(content: bytes) -> bool:
    """Letters and nothing else, in UTF-8 or as older spreadsheets write them (Windows-1252)."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return CONTROLS.search(content.decode(encoding)) is None
        except UnicodeDecodeError:
            continue
    return False


def _office(main_part: str) -> Callable[[bytes], bool]:
    """A document of Office Open XML without macros, whose main part is of this type."""

    def is_content(content: bytes) -> bool:
        part = _part(content, "[Content_Types].xml")
        return part is not None and f'"{main_part}"'.encode() in part

    return is_content


def _open_document(content_type: str) -> Callable[[bytes], bool]:
    def is_content(content: bytes) -> bool:
        return (_part(content, "mimetype") or b"").strip() == content_type.encode()

    return is_content


def _part(content: bytes, name: str) -> bytes | None:
    """The beginning of one part of a document that is a zip archive; None where it is no such document."""
    # Counted before the archive is opened, which makes an object of each entry.
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > PARTS_OF_A_DOCUMENT:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(MACROS.search(entry) for entry in archive.namelist()):
                return None
            with archive.open(name) as part:
                return part.read(PART_READ)
    except _BROKEN_ARCHIVE:
        return None


def _has_archive(content: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(content))


def _suggestions(content: bytes) -> set[str]:
    """The endings that files which begin like this one have; none where nobody knows."""
    try:
        return {str(match.extension) for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, OSError, ValueError, RuntimeError, EOFError,
)  # fmt: skip

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

KINDS = {
    kind.suffix: kind
    for kind in (
        Kind("pdf", _("PDF document"), "application/pdf", _is_pdf),
        Kind("odt", _("Text document"), f"{_OPEN}.text", _open_document(f"{_OPEN}.text")),
        Kind(
            "docx",
            _("Text document"),
            f"{_OFFICE}.wordprocessingml.document",
            _office(f"{_OFFICE}.wordprocessingml.document.main+xml"),
        ),
        Kind("ods", _("Spreadsheet"), f"{_OPEN}.spreadsheet", _open_document(f"{_OPEN}.spreadsheet")),
        Kind(
            "xlsx",
            _("Spreadsheet"),
            f"{_OFFICE}.spreadsheetml.sheet",
            _office(f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
        ),
        Kind("csv", _("Table"), "text/csv", _is_text),
        Kind("txt", _("Plain text"), "text/plain", _is_text),
        Kind("png", _("Picture"), "image/webp"),
        Kind("jpg", _("Picture"), "image/webp"),
        Kind("webp", _("Picture"), "image/webp"),
    )
}
SAME_AS = {"jpeg": "jpg"}
ACCEPT = ",".join(f".{suffix}" for suffix in (*KINDS, *SAME_AS))  # for <input accept>


def kind_of(name: str, content: bytes, *, field: str = "") -> Kind:
    """The kind that both name and content say. Of a picture the content is not looked at: it is read anew later.

    Raises InvalidInput, at ``field``, with a sentence that names what may be sent, or what the content is instead.
    """
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    kind = KINDS.get(SAME_AS.get(suffix, suffix))
    if kind is None:
        raise InvalidInput("kind_not_taken", _NOT_TAKEN, field)
    if kind.is_content is not None and not kind.is_content(content):
        raise InvalidInput("content_differs", _differs(kind, content), field)
    return kind


def cleaned_name(name: str, suffix: str) -> str:
    """A name that can be shown and saved anywhere: no path, no hidden signs, the ending of what the file is."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = PurePosixPath(NOT_IN_NAMES.sub("", name)).stem
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:NAME_LENGTH].strip(" .")
    return f"{stem or 'archivo'}.{suffix}"


_NOT_TAKEN = _("We do not take this kind of file. Send a PDF, ODT, DOCX, ODS, XLSX, CSV, TXT, PNG, JPEG or WebP.")


def _differs(kind: Kind, content: bytes) -> str:
    if kind.suffix in {"docx", "xlsx", "odt", "ods"} and content.startswith(b"PK"):
        return gettext(
            "This is no %(kind)s that we can take: it is another kind of file, broken, or has macros in it. "
            "Save it again without macros, or as PDF."
        ) % {"kind": kind.suffix.upper()}
    return gettext("The name says %(kind)s, but the content is something else. Save it as %(kind)s and send that.") % {
        "kind": kind.suffix.upper()
    }
