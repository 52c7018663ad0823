"""What an office hands in as a file: a .docx, an .odt, Markdown or plain text, as one text to find a structure in."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mammoth
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownify import ATX, markdownify

from accounts.files.documents import kind_of
from accounts.refusals import InvalidInput
from consultations.documents import reading_odt
from consultations.documents.numbering import with_numbers

LARGEST_FILE = 5 * 1024 * 1024
# What the parts of a .docx may unpack to: it is read into memory whole, at about thirty times its size.
LARGEST_PART = 8 * 1024 * 1024
# Paragraphs, runs, cells and the like in it: each takes a third of a millisecond to read, and an archive of a few
# kilobytes can hold a million. A law of 400 pages, as a word processor cuts it up, has some tens of thousands.
MOST_ELEMENTS = 60_000
ELEMENT = re.compile(
    rb"<(?:[\w.-]+:)?(?:p|r|br|cr|tab|tc|tr|tbl|hyperlink|drawing|pict|sdt|sym|h|span|line-break|list-item|table-cell|frame)[\s/>]"
)
PARTS_READ = re.compile(r"(^|/)(word/.*\.xml|.*\.rels|\[Content_Types\]\.xml)$")
PARTS_OF_ODT = re.compile(rf"^({re.escape(reading_odt.CONTENT)}|{re.escape(reading_odt.STYLES)})$")
_DOCUMENT = "word/document.xml"
SUFFIXES = (".docx", ".odt", ".md", ".markdown", ".txt")
# A number in the middle of a line makes no list: the sign that says so would only hide "Artículo 1." from us.
_NUMBER_INSIDE = re.compile(r"(?<=\S)([ \t]+\d{1,9})\\([.)])")
# As mammoth writes footnotes and endnotes.
_TO_NOTE = re.compile(r'<a href="#(?:foot|end)note-[^"]*" id="[^"]*">(\[\d+\])</a>')
_BACK_TO_NOTE = re.compile(r' ?<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')
_FIRST_NOTE = re.compile(r'(?=<ol><li id="(?:foot|end)note-)')
_PICTURE = "\uffff"  # where one stood, on the way through the converters: no XML can have this sign
_IMAGE = re.compile(r"<img[^>]*>")
_WRAPPED_PICTURE = re.compile(rf"<(strong|em|a|s|u|sup|sub)\b[^>]*>({_PICTURE}+)</\1>")

TOO_LONG = _("This text is too long for one document. Make two of it.")
_TOO_LARGE = _("This file is too large: at most 5 MB. Save it without pictures, or paste the text.")
_NOT_TAKEN = _("Send a DOCX, ODT, Markdown or plain text file, or paste the text.")
_BROKEN = _("We cannot read this file. Save it again in your word processor, or paste the text.")
_NO_LETTERS = _("There are other things than letters in this file. Save it as UTF-8 text, or as DOCX.")


@dataclass(frozen=True)
class Given:
    """``is_markdown`` None: nobody has said. ``pictures``: for each that was left behind, how many letters and digits
    of the text stand before it or beside it in its line."""

    text: str
    is_markdown: bool | None = None
    pictures: tuple[int, ...] = ()


def read_upload(file: UploadedFile) -> Given:
    """The text of a file. Raises InvalidInput, at the field "file", for one that cannot or may not be read."""
    name = (file.name or "").lower()
    if file.size is None or file.size > LARGEST_FILE:
        raise InvalidInput("file_too_large", _TOO_LARGE, field="file")
    if not name.endswith(SUFFIXES):
        raise InvalidInput("kind_not_taken", _NOT_TAKEN, field="file")
    content = file.read()
    if name.endswith((".docx", ".odt")):
        kind_of(name, content, field="file")
        text, pictures = without_pictures(_from_archive(content, _html_of_docx if name.endswith("x") else _html_of_odt))
        return Given(text, is_markdown=True, pictures=pictures)
    return Given(_decoded(content), is_markdown=None if name.endswith(".txt") else True)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("not_text", _NO_LETTERS, field="file")


def _from_archive(content: bytes, html_of: Callable[[bytes], str]) -> str:
    try:
        text = markdownify(
            _with_signs_for_pictures(with_notes_apart(html_of(content))),
            heading_style=ATX,
            bullets="-",
            strip=["sup"],
            escape_misc=True,
            table_infer_header=True,
        )
    except InvalidInput:
        raise
    # Its parsers raise whatever they come across in a file that is not as it should be.
    except Exception as error:
        raise InvalidInput("docx_broken", _BROKEN, field="file") from error
    return _NUMBER_INSIDE.sub(r"\1\2", text)


def _html_of_docx(content: bytes) -> str:
    """Of an archive of nothing but the parts that were looked at: a relation to any other one, which could unpack to
    anything, leads nowhere. Automatic numbers are words in it."""
    contents = _parts_to_read(content, PARTS_READ, _DOCUMENT)
    if numbering := contents.get("word/numbering.xml"):
        contents[_DOCUMENT] = with_numbers(contents[_DOCUMENT], numbering, contents.get("word/styles.xml"))
    parts = io.BytesIO()
    with zipfile.ZipFile(parts, "w") as checked:
        for name, xml in contents.items():
            checked.writestr(name, xml)
    html: str = mammoth.convert_to_html(parts, convert_image=mammoth.images.img_element(_no_image)).value
    return html


def _html_of_odt(content: bytes) -> str:
    contents = _parts_to_read(content, PARTS_OF_ODT, reading_odt.CONTENT)
    return reading_odt.html_of(contents[reading_odt.CONTENT], contents.get(reading_odt.STYLES))


def _with_signs_for_pictures(html: str) -> str:
    html = _IMAGE.sub(_PICTURE, html)
    while html != (
        html := _WRAPPED_PICTURE.sub(r"\2", html)
    ):  # else Markdown's marks would stay behind, around nothing
        pass
    return html


def without_pictures(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without the signs for pictures, and where they stood: see ``Given``."""
    pictures, letters = [], 0
    for line in text.split("\n"):
        letters += letters_in(line)
        pictures += [letters] * line.count(_PICTURE)
    return text.replace(_PICTURE, ""), tuple(pictures)


def letters_in(text: str) -> int:
    return sum(sign.isalnum() for sign in text)


def with_notes_apart(html: str) -> str:
    """Footnotes in a part of their own, not at the end of the last article; what leads to them is a number."""
    html = _BACK_TO_NOTE.sub("", _TO_NOTE.sub(r"\1", html))
    return _FIRST_NOTE.sub(f"<h6>{escape(gettext('Notes'))}</h6>", html, count=1)


def _parts_to_read(content: bytes, wanted: re.Pattern[str], needed: str) -> dict[str, bytes]:
    """Those parts of an archive that have such names. Refuses too much, and XML that defines entities, which no word
    processor writes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        read = [entry for entry in archive.infolist() if wanted.search(entry.filename)]
        if sum(entry.file_size for entry in read) > LARGEST_PART * 2 or needed not in archive.namelist():
            raise InvalidInput("docx_broken", _BROKEN, field="file")
        contents = {}
        for entry in read:
            xml = archive.read(entry)
            if entry.file_size > LARGEST_PART or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml:
                raise InvalidInput("docx_broken", _BROKEN, field="file")
            contents[entry.filename] = xml
    if sum(len(ELEMENT.findall(xml)) for xml in contents.values()) > MOST_ELEMENTS:
        raise InvalidInput("text_too_long", TOO_LONG, field="file")
    return contents


def _no_image(image: Any) -> dict[str, str]:
    """Pictures are not read: a draft text is words."""
    return {}
