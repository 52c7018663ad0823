"""An OpenDocument text (.odt, what LibreOffice writes) as HTML: headings, paragraphs, lists, tables, bold and italic.

Automatic numbers are words in it. What was deleted under change tracking, comments on the text, and indexes that a
word processor makes are no part of the text and are left out; pictures leave an ``<img>`` behind.
"""

from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

from django.utils.translation import gettext

from consultations.documents.numbering import written

CONTENT, STYLES = "content.xml", "styles.xml"
_NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "http://www.w3.org/1999/xlink": "xlink",
}
_URNS = {prefix: urn for urn, prefix in _NAMESPACES.items()}
_SHAPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NO_TEXT = {
    "text:tracked-changes", "office:annotation", "office:annotation-end", "office:forms", "text:sequence-decls",
    "text:variable-decls", "text:user-field-decls", "text:table-of-content", "text:alphabetical-index",
    "text:illustration-index", "text:table-index", "text:bibliography", "text:note-citation",
    "text:script", "svg:title", "svg:desc",
}  # fmt: skip
_OUTLINE = "\0outline"  # no style is called so
_DEEPEST = 10  # levels of lists that a word processor knows


def html_of(content: bytes, styles: bytes | None) -> str:
    """Raises ElementTree.ParseError, or whatever else comes across in a file that is not as it should be."""
    tree = ElementTree.fromstring(content)  # noqa: S314 (whoever calls has looked: it defines no entities)
    named = ElementTree.fromstring(styles).find(_q("office:styles")) if styles is not None else None  # noqa: S314
    text = tree.find(f"{_q('office:body')}/{_q('office:text')}")
    if text is None:
        raise ValueError("It has no text.")
    # Those of styles.xml that are automatic are of headers and footers, and called as those of the text are.
    reader = _Reader([tree] if named is None else [named, tree])
    html = "".join(reader.blocks(text))
    notes = "".join(f"<p>[{number}] {note}</p>" for number, note in enumerate(reader.notes, start=1))
    return f"{html}<h6>{escape(gettext('Notes'))}</h6>{notes}" if notes else html


def _q(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{_URNS[prefix]}}}{local}"


def _name(element: ElementTree.Element) -> str:
    urn, _brace, local = element.tag[1:].partition("}")
    return f"{_NAMESPACES.get(urn, '')}:{local}"


class _Reader:
    def __init__(self, trees: list[ElementTree.Element]):
        self.notes: list[str] = []
        # Name of a style of letters -> what it makes of them.
        self._marks: dict[str, list[str]] = {}
        # Name of a list's style -> its levels, of which each has a number's shape, or is a bullet.
        self._lists: dict[str, dict[int, ElementTree.Element]] = {}
        self._counts: dict[str, list[int]] = {}
        for tree in trees:
            for style in tree.iter(_q("style:style")):
                properties = style.find(_q("style:text-properties"))
                if style.get(_q("style:family")) == "text" and properties is not None:
                    self._marks[style.get(_q("style:name"), "")] = _marks(properties)
            for style in (*tree.iter(_q("text:list-style")), *tree.iter(_q("text:outline-style"))):
                name = _OUTLINE if _name(style) == "text:outline-style" else style.get(_q("style:name"), "")
                self._lists[name] = {int(level.get(_q("text:level"), "0")): level for level in style}

    def blocks(self, parent: ElementTree.Element, lead: str = "") -> Iterator[str]:
        """The blocks inside an element; ``lead``: words that go before those of the first one."""
        for element in parent:
            name = _name(element)
            if name in ("text:p", "text:h"):
                level = int(element.get(_q("text:outline-level"), "1")) if name == "text:h" else 0
                tag = f"h{min(max(level, 1), 6)}" if level else "p"
                number = lead or (self._of_outline(element, level) if level else "")
                lead = ""
                yield f"<{tag}>{number}{self._words(element)}</{tag}>"
            elif name == "text:list":
                yield from self._list(element, element.get(_q("text:style-name"), ""), 1)
            elif name == "table:table":
                yield f"<table>{''.join(self._rows(element))}</table>"
            elif name == "draw:image":
                yield "<p><img></p>"
            elif name not in _NO_TEXT:
                yield from self.blocks(element, lead)
                lead = ""

    def _rows(self, table: ElementTree.Element) -> Iterator[str]:
        for element in table:
            if _name(element) == "table:table-row":
                cells = ("".join(self.blocks(cell)) for cell in element.findall(_q("table:table-cell")))
                yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
            else:  # a group of rows, or what says nothing
                yield from self._rows(element)

    def _list(self, found: ElementTree.Element, style: str, depth: int) -> Iterator[str]:
        """A list of bullets as one; of a numbered list each item with its number, as words."""
        level = self._lists.get(style, {}).get(depth) if depth <= _DEEPEST else None
        is_numbered = level is not None and _name(level) == "text:list-level-style-number"
        goes_on = found.get(_q("text:continue-numbering")) == "true" or found.get(_q("text:continue-list"))
        if depth == 1 and not goes_on:
            self._counts.pop(style, None)
        if not is_numbered:
            yield "<ul>"
        for item in found:
            lead = ""
            if is_numbered and _name(item) == "text:list-item":
                lead = self._number(style, depth, item.get(_q("text:start-value")))
            inside = "".join(self._item(item, style, depth, lead))
            yield inside if is_numbered else f"<li>{inside}</li>"
        if not is_numbered:
            yield "</ul>"

    def _item(self, item: ElementTree.Element, style: str, depth: int, lead: str) -> Iterator[str]:
        for element in item:
            if _name(element) == "text:list":
                yield from self._list(element, element.get(_q("text:style-name"), style), depth + 1)
            else:
                holder = ElementTree.Element("holder")
                holder.append(element)
                yield from self.blocks(holder, lead)
                lead = ""

    def _of_outline(self, heading: ElementTree.Element, depth: int) -> str:
        """The number of a heading that the text counts by itself ("CAPÍTULO I")."""
        is_counted = depth in self._lists.get(_OUTLINE, {}) and heading.get(_q("text:is-list-header")) != "true"
        return self._number(_OUTLINE, depth, heading.get(_q("text:start-value"))) if is_counted else ""

    def _number(self, style: str, depth: int, first: str | None) -> str:
        """The next one of a list's level, as it is written; what lies deeper begins anew."""
        level = self._lists[style][depth]
        counts = self._counts.setdefault(style, [0] * (_DEEPEST + 1))
        first = first or (None if counts[depth] else level.get(_q("text:start-value")))
        counts[depth] = int(first) if first else counts[depth] + 1
        counts[depth + 1 :] = [0] * (_DEEPEST - depth)
        shown = min(int(level.get(_q("text:display-levels"), "1")), depth)
        numbers = []
        for n in range(depth - shown + 1, depth + 1):
            shape = _SHAPES.get(self._lists[style].get(n, level).get(_q("style:num-format"), ""))
            if shape:
                numbers.append(written(counts[n], shape))
        if not numbers:
            return ""
        prefix, suffix = level.get(_q("style:num-prefix"), ""), level.get(_q("style:num-suffix"), "")
        return escape(f"{prefix}{'.'.join(numbers)}{suffix} ")

    def _words(self, element: ElementTree.Element) -> str:
        """What stands inside a paragraph."""
        words = [escape(element.text or "")]
        for child in element:
            words += [self._piece(child), escape(child.tail or "")]
        return "".join(words)

    def _piece(self, element: ElementTree.Element) -> str:
        name = _name(element)
        if name in _NO_TEXT:
            return ""
        if name in ("text:s", "text:tab"):
            return " "
        if name == "text:line-break":
            return "<br>"
        if name == "draw:image":
            return "<img>"
        if name == "text:note":
            body = element.find(_q("text:note-body"))
            self.notes.append(" ".join(self._words(one) for one in (body if body is not None else ())))
            return f"[{len(self.notes)}]"
        inside = self._words(element)
        if name == "text:a":
            return f'<a href="{escape(element.get(_q("xlink:href"), ""))}">{inside}</a>'
        if name in ("text:p", "text:h"):  # in a frame, beside the text
            return f" {inside} "
        for mark in self._marks.get(element.get(_q("text:style-name"), ""), ()) if name == "text:span" else ():
            inside = f"<{mark}>{inside}</{mark}>"
        return inside


def _marks(properties: ElementTree.Element) -> list[str]:
    found = {
        "strong": properties.get(_q("fo:font-weight")) == "bold",
        "em": properties.get(_q("fo:font-style")) == "italic",
        "del": properties.get(_q("style:text-line-through-style"), "none") != "none",
    }
    return [mark for mark, is_so in found.items() if is_so]
