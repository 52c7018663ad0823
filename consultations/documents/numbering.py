"""The numbers that a word processor writes by itself ("Artículo 1°.-", "a)"), made words of the .docx.

They stand in no text of the file: a paragraph names a list, the list says how to count (ECMA-376, part 1, 17.9). A law
is cited by them, so they are put in front of each paragraph's own words. Bullets stay bullets. Pure: XML in, XML out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

Element = Any  # of lxml, which says nothing of types
_LONGEST_CHAIN = 20  # styles that build on one another; a file may say that they do so in a ring
_ORDINALS = ["Primero", "Segundo", "Tercero", "Cuarto", "Quinto", "Sexto", "Séptimo", "Octavo", "Noveno", "Décimo"]
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def with_numbers(document: bytes, numbering: bytes, styles: bytes | None) -> bytes:
    """``word/document.xml`` with each automatic number as words. Raises what the parser raises for broken XML."""
    root = parse_xml(document)
    lists = _Lists(parse_xml(numbering), parse_xml(styles) if styles else None)
    for paragraph in root.iter(qn("w:p")):
        number = lists.next_number(paragraph)
        if number is not None:
            _write(paragraph, number)
    return serialize_part_xml(root)


@dataclass
class _Level:
    start: int = 1
    shape: str = "decimal"  # w:numFmt
    text: str = ""  # "Artículo %1°.-": %1 is the number of the first level, as it is written there
    gap: str = " "
    all_decimal: bool = False
    restarts_after: int | None = None  # the level, from 1, after which it begins anew; 0 never; None each one above


@dataclass
class _List:
    """``counts`` is shared by all lists that are one definition used again; what restarts has its own ``starts``."""

    levels: dict[int, _Level]
    counts: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)


class _Lists:
    def __init__(self, numbering: Element, styles: Element | None):
        self._styles = {style.get(qn("w:styleId")): style for style in _all(styles, "w:style")}
        self._shapes = {shape.get(qn("w:abstractNumId")): shape for shape in _all(numbering, "w:abstractNum")}
        self._numbered = {number.get(qn("w:numId")): number for number in _all(numbering, "w:num")}
        self._counts: dict[str, dict[int, int]] = {}
        self._lists: dict[str, _List | None] = {}

    def next_number(self, paragraph: Element) -> str | None:
        """What Word writes before this paragraph, which is the next one; None where that is nothing, or a bullet."""
        name, at = self._list_of(paragraph)
        found = self._list(name) if name else None
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return None
        counts = found.counts
        counts[at] = found.restarts.pop(at) if at in found.restarts else counts.get(at, level.start - 1) + 1
        for below in [n for n in counts if n > at]:
            after = found.levels[below].restarts_after if below in found.levels else None
            if after is None or 0 < at + 1 <= after:
                del counts[below]
        if level.shape == "bullet":
            return None
        words = re.sub(r"%([1-9])", lambda match: self._written(found, level, int(match[1]) - 1), level.text)
        return words + level.gap if words.strip() else None

    @staticmethod
    def _written(found: _List, level: _Level, at: int) -> str:
        of = found.levels.get(at, level)
        shape = "decimal" if level.all_decimal else of.shape
        return written(found.counts.setdefault(at, of.start), shape)

    def _list_of(self, paragraph: Element) -> tuple[str | None, int]:
        """The list that a paragraph names, itself or by its style, and the level in it, from 0."""
        properties = paragraph.find(qn("w:pPr"))
        own = _number_of(properties)
        style_name = _value(properties, "w:pStyle")
        style_list, style_level = self._list_of_style(style_name or self._usual_style())
        name = own[0] if own[0] is not None else style_list
        if own[1] is not None:
            return name, own[1]
        found = self._list(name) if name and own[0] is None else None
        return name, style_level if found is None or style_level in found.levels else 0

    def _usual_style(self) -> str | None:
        usual = (
            name for name, style in self._styles.items()
            if style.get(qn("w:default")) in {"1", "true"} and style.get(qn("w:type")) == "paragraph"
        )  # fmt: skip
        return next(usual, None)

    def _list_of_style(self, name: str | None) -> tuple[str | None, int]:
        """A style that is bound to a level of a list says so in the list itself."""
        for ancestor in self._chain(name):
            number, level = _number_of(self._styles[ancestor].find(qn("w:pPr")))
            if number is not None:
                return number, level if level is not None else self._bound_level(number, ancestor)
        return None, 0

    def _bound_level(self, number: str, style: str) -> int:
        for level in _all(self._shape_of(number), "w:lvl"):
            if _value(level, "w:pStyle") == style:
                return _whole(level.get(qn("w:ilvl")))
        return 0

    def _chain(self, name: str | None) -> Iterator[str]:
        for _ in range(_LONGEST_CHAIN):
            if name is None or name not in self._styles:
                return
            yield name
            name = _value(self._styles[name], "w:basedOn")

    def _shape_of(self, number: str) -> Element | None:
        """The definition behind a list; one that only names a style is that style's."""
        for _ in range(_LONGEST_CHAIN):
            shape = self._shapes.get(_value(self._numbered.get(number), "w:abstractNumId"))
            style = self._styles.get(_value(shape, "w:numStyleLink"))
            if style is None:
                return shape
            number = _number_of(style.find(qn("w:pPr")))[0] or ""
        return None

    def _list(self, number: str) -> _List | None:
        if number not in self._lists:
            self._lists[number] = self._read_list(number)
        return self._lists[number]

    def _read_list(self, number: str) -> _List | None:
        shape = self._shape_of(number)
        if shape is None:
            return None
        levels = {_whole(level.get(qn("w:ilvl"))): _level(level) for level in _all(shape, "w:lvl")}
        restarts = {}
        for change in _all(self._numbered[number], "w:lvlOverride"):
            at = _whole(change.get(qn("w:ilvl")))
            if (own := change.find(qn("w:lvl"))) is not None:
                levels[at] = _level(own)
            if (start := _value(change, "w:startOverride")) is not None:
                restarts[at] = _whole(start)
        counts = self._counts.setdefault(shape.get(qn("w:abstractNumId")), {})
        return _List(levels, counts, restarts)


def _level(level: Element) -> _Level:
    after = _value(level, "w:lvlRestart")
    legal = level.find(qn("w:isLgl"))
    return _Level(
        start=_whole(_value(level, "w:start"), 1),
        shape=_value(level, "w:numFmt") or "decimal",
        text=_value(level, "w:lvlText") or "",
        gap="" if _value(level, "w:suff") == "nothing" else " ",
        all_decimal=legal is not None and legal.get(qn("w:val")) not in {"0", "false", "off"},
        restarts_after=None if after is None else _whole(after),
    )


def written(number: int, shape: str) -> str:
    """A number in one of Word's forms, in Spanish.

    >>> [written(4, shape) for shape in ("decimal", "upperRoman", "lowerLetter", "ordinal", "ordinalText")]
    ['4', 'IV', 'd', '4º', 'Cuarto']
    """
    if shape in {"upperRoman", "lowerRoman"} and 0 < number < 4000:
        roman = ""
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            roman += sign * count
        return roman if shape == "upperRoman" else roman.lower()
    if shape in {"upperLetter", "lowerLetter"} and 0 < number <= 26 * 9:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if shape == "upperLetter" else letter
    if shape == "ordinalText" and 0 < number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    if shape in {"ordinal", "ordinalText"}:
        return f"{number}º"
    if shape == "decimalZero":
        return f"{number:02}"
    return "" if shape == "none" else str(number)


def _write(paragraph: Element, number: str) -> None:
    """Put the number before the paragraph's words, and take the paragraph out of its list."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        properties = OxmlElement("w:pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    none = OxmlElement("w:numPr")
    for name in ("w:ilvl", "w:numId"):  # list 0 is none, whatever the style says
        zero = OxmlElement(name)
        zero.set(qn("w:val"), "0")
        none.append(zero)
    properties.append(none)
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = number
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    properties.addnext(run)


def _number_of(properties: Element | None) -> tuple[str | None, int | None]:
    """The list and the level in it that properties of a paragraph name; list "0" is none."""
    found = properties.find(qn("w:numPr")) if properties is not None else None
    level = _value(found, "w:ilvl")
    return _value(found, "w:numId"), None if level is None else _whole(level)


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else element.findall(qn(name))


def _value(element: Element | None, name: str) -> str | None:
    found = element.find(qn(name)) if element is not None else None
    return None if found is None else found.get(qn("w:val"))


def _whole(words: str | None, otherwise: int = 0) -> int:
    return int(words) if words is not None and re.fullmatch(r"\d{1,6}", words) else otherwise
