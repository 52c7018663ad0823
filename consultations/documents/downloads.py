"""A version to take along: as Markdown, as a page that needs nothing else, as .docx; with its annotations or without.

Rooms above give the annotations (``register_annotations``, when the app is ready): as lines, so that each form sets
them in its own way.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import docx
from django.template.loader import render_to_string
from django.utils.translation import gettext
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph

from accounts.access import Person
from consultations.documents.queries import reading
from consultations.models import Article, Version
from frontend.formats import day, in_xml

CONTENT_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Note:
    """An annotation as a download tells it: the words quoted, who said what about them. Plain text."""

    exact: str
    author: str
    purpose: str
    body: str
    suggestion: str = ""

    @property
    def sentence(self) -> str:
        """“quoted words”, Ana (suggests other wording): what she said. → the words she suggests."""
        said = f"“{self.exact}” {self.author} ({self.purpose}): {self.body}"
        return f"{said} → “{self.suggestion}”" if self.suggestion else said


# By article: those that the person may see, in reading order.
Notes = Mapping[UUID, Sequence[Note]]
Source = Callable[[Version, Person], Notes]
_sources: list[Source] = []


def register_annotations(source: Source) -> None:
    """Add what gives a version's annotations. Called by ``AppConfig.ready``; again is harmless."""
    if source not in _sources:
        _sources.append(source)


def notes_of(version: Version, user: Person) -> dict[UUID, list[Note]]:
    found: dict[UUID, list[Note]] = {}
    for source in _sources:
        for identity, notes in source(version, user).items():
            found.setdefault(identity, []).extend(notes)
    return found


def file_of(version: Version, suffix: str, notes: Notes, address: str) -> bytes:
    """The file. ``address``: where the version is read, which stands in it."""
    articles = list(version.articles.all())
    if suffix == "md":
        return "\n".join(_markdown(version, articles, notes, address)).encode()
    if suffix == "html":
        return _html(version, articles, notes, address).encode()
    return _docx(version, articles, notes, address)


def source_line(version: Version) -> str:
    """Which version of what this is, in one sentence."""
    words = {"number": version.number, "agency": version.document.consultation.agency.name}
    if version.published_at is None:
        return gettext("Draft of version %(number)s. %(agency)s. Not published.") % words
    return gettext("Version %(number)s, published %(when)s. %(agency)s.") % {**words, "when": day(version.published_at)}


def title_of(article: Article) -> str:
    return " ".join(word for word in (article.label, article.heading) if word)


def _markdown(version: Version, articles: Sequence[Article], notes: Notes, address: str) -> Iterator[str]:
    yield f"# {version.document.title}\n"
    yield f"{source_line(version)} <{address}>\n"
    for row in reading(articles):
        article = row["article"]
        if title := title_of(article):
            yield f"{'#' * min(row['level'], 6)} {title}\n"
        if article.body:
            yield f"{article.body}\n"
        for note in notes.get(article.identity, ()):
            yield "> " + " ".join(note.sentence.split()) + "\n"


def _html(version: Version, articles: Sequence[Article], notes: Notes, address: str) -> str:
    rows = [{**row, "title": title_of(row["article"]), "notes": notes.get(row["article"].identity, ())}
            for row in reading(articles)]  # fmt: skip
    context = {"version": version, "rows": rows, "address": address, "source_line": source_line(version)}
    return render_to_string("consultations/download.html", context)


def _docx(version: Version, articles: Sequence[Article], notes: Notes, address: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = in_xml(version.document.title)
    document.core_properties.author = in_xml(version.document.consultation.agency.name)
    sheet = _Sheet(document)
    sheet.paragraph("Title").add_run(in_xml(version.document.title))
    sheet.paragraph().add_run(f"{in_xml(source_line(version))} {address}")
    for row in reading(articles):
        article = row["article"]
        if title := title_of(article):
            sheet.paragraph(f"Heading {min(row['level'] - 1, 9)}").add_run(in_xml(title))
        if article.html:
            _Writer(sheet).write(article.html)
        for note in notes.get(article.identity, ()):
            sheet.paragraph("Intense Quote").add_run(in_xml(note.sentence))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Sheet:
    """The end of a .docx, where the next paragraph goes.

    python-docx would walk through all the paragraphs before it to find that place, and through all styles to find one:
    with 20,000 annotations, minutes.
    """

    def __init__(self, document: Any):
        self._body = document._body
        self._end = document.element.body.sectPr
        self._styles = {style.name: style.style_id for style in document.styles}

    def paragraph(self, style: str | None = None) -> Paragraph:
        element = OxmlElement("w:p")
        self._end.addprevious(element)
        if style is not None:
            element.style = self._styles[style]
        return Paragraph(element, self._body)


class _Writer(HTMLParser):
    """The HTML of an article (``texts.render_marked``) as paragraphs of a .docx: what is bold stays bold."""

    _STYLES = {"ul": "List Bullet", "ol": "List Number", "blockquote": "Quote"}

    def __init__(self, sheet: _Sheet):
        super().__init__(convert_charrefs=True)
        self.sheet = sheet
        self.paragraph: Any = None
        self.marks: list[str] = []
        self.lists: list[str] = []

    def write(self, html: str) -> None:
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in self._STYLES:
            self.lists.append(self._STYLES[tag])
        elif "data-start" in given and given.get("class") != "sentence":
            self.paragraph = self.sheet.paragraph(self.lists[-1] if self.lists else None)
            if tag in {"h3", "h4", "h5", "h6"}:
                self.marks.append("strong")
        elif tag == "br" and self.paragraph is not None:
            self.paragraph.add_run().add_break()
        elif tag in {"strong", "em", "del", "s"}:
            self.marks.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._STYLES:
            self.lists.pop()
        elif tag in {"strong", "em", "del", "s"}:
            self.marks.remove(tag)
        elif tag in {"h3", "h4", "h5", "h6"}:
            self.marks = []

    def handle_data(self, data: str) -> None:
        if self.paragraph is None or (not data.strip() and "\n" in data):
            return
        run = self.paragraph.add_run(in_xml(data))
        run.bold = "strong" in self.marks or None
        run.italic = "em" in self.marks or None
        run.font.strike = bool({"del", "s"} & set(self.marks)) or None
