"""The canonical text of an article: what positions are counted on, and the HTML in which each word knows its place.

Pure: a string in, a string out. The canonical text is what a reader reads of the body, without its markup: *blocks*
(a paragraph, a heading, an item of a list, a row of a table, a line of preformatted text), joined by one blank line. In
a block white space is single spaces; everything is in Unicode's normal form C; a position is a number of code points.
Both forms are read from one and the same sanitized HTML, so they cannot differ.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

from frontend.markup import render

BETWEEN_BLOCKS = "\n\n"

_INLINE = {"a", "br", "code", "del", "em", "s", "strong"}
# Elements whose whole content is one block, which can carry its place themselves.
_BLOCKS = {"p", "h3", "h4", "h5", "h6", "tr"}
_CELLS = {"td", "th"}

# What a full stop follows without ending a sentence, in lower case and without the stop.
_SHORT = (
    "art arts inc incs núm nro nº n° pág págs apart ap párr parr cf cfr cít cit dr dra dres sr sra sres srta lic ing"
    " arq abog prof cnel gral tte av avda bv bvar dpto depto prov ej pp fs fjs ss sig sigs vgr ee rr ff bs"
)
_ABBREVIATIONS = frozenset(_SHORT.split())
# What does so only where a number comes after it: as a word it may well end one.
_SHORT_BEFORE_A_NUMBER = "no num cap caps sec tít tit vol ed loc p as"
_BEFORE_A_NUMBER = frozenset(_SHORT_BEFORE_A_NUMBER.split())
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'»”’)\]]*(?=\s)")
_BEGINS = re.compile(r"[¿¡\"'«“‘(\[—–-]*[^\W_]")
_ONLY_A_NUMBER = re.compile(r"\W*(?:\d+\w{0,2}|[IVXLCivxlc]+|[^\W\d_])(?:\s+(?:bis|ter|qu[aá]ter|quinquies))?\W*")
_WORD_AT_END = re.compile(r"[\w°º]+\Z")
LONGEST_ABBREVIATION = 8


@dataclass(frozen=True)
class Span:
    """A sentence: ``start`` and ``end`` (excluded) in the canonical text; ``paragraph``: which block, from 0."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True)
class Marked:
    """An article as it is counted and as it is shown."""

    text: str
    html: str


def canonical(body: str) -> str:
    """The canonical text of Markdown; empty where nothing is to be read.

    >>> canonical("El **texto**\\nsigue.\\n\\n- Uno\\n- Dos")
    'El texto sigue.\\n\\nUno\\n\\nDos'
    """
    return marked(body).text


def render_marked(body: str) -> str:
    """The sanitized HTML of Markdown in which every block and every sentence carries its place.

    An element with ``data-start`` and ``data-end`` and without the class ``sentence`` is a block; its ``textContent``
    is ``canonical(body)[start:end]``. Each piece of a sentence is a ``span.sentence`` with the sentence's place; where
    markup cuts it, the later pieces say in ``data-from`` where they begin. Outside the pieces stand only single spaces.
    """
    return marked(body).html


@lru_cache(maxsize=512)
def marked(body: str) -> Marked:
    """Both forms of one body."""
    marker = _Marker()
    marker.feed(render(body))
    marker.close()
    return Marked(marker.text, "".join(marker.html).strip())


def sentences(text: str) -> list[Span]:
    """The sentences of a canonical text. They cover it, but for the white space between them.

    >>> [text[s.start:s.end] for text in ["Según el art. 3 se hará. Luego no."] for s in sentences(text)]
    ['Según el art. 3 se hará.', 'Luego no.']
    """
    found: list[Span] = []
    offset = 0
    for number, block in enumerate(text.split(BETWEEN_BLOCKS)):
        found.extend(_sentences_of(block, offset, number))
        offset += len(block) + len(BETWEEN_BLOCKS)
    return found


def _sentences_of(block: str, offset: int, paragraph: int) -> Iterator[Span]:
    start = 0
    for mark in _END.finditer(block):
        following = mark.end()
        while following < len(block) and block[following].isspace():
            following += 1
        if following < len(block) and _ends(block, start, mark, following):
            yield Span(offset + start, offset + mark.end(), paragraph)
            start = following
    if start < len(block):
        yield Span(offset + start, offset + len(block), paragraph)


def _ends(block: str, start: int, mark: re.Match[str], following: int) -> bool:
    """Whether a sentence that began at ``start`` ends with this mark, and not a number, a name or an abbreviation."""
    begin = _BEGINS.match(block, following)
    if begin is None or begin[0][-1].islower():
        return False
    # "II. Los vecinos", "3. Las obras": the number belongs to what follows it.
    if mark.start() - start < 16 and _ONLY_A_NUMBER.fullmatch(block, start, mark.start()):
        return False
    if mark[0] != ".":
        return True
    word = _WORD_AT_END.search(block[max(start, mark.start() - LONGEST_ABBREVIATION - 1) : mark.start()])
    if word is None:
        return True
    is_initial = len(word[0]) == 1 and word[0].isalpha()
    if is_initial or word[0].lower() in _ABBREVIATIONS:
        return False
    return word[0].lower() not in _BEFORE_A_NUMBER or _NUMBER.match(block, following) is None


@dataclass
class _Bit:
    """Of a block: a tag as it stands, or words."""

    content: str
    is_tag: bool = False


class _Marker(HTMLParser):
    """Reads what ``render`` gives, block by block, and writes it anew with places. Well-formed HTML only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.html: list[str] = []
        self._blocks: list[str] = []
        self._length = 0  # of the canonical text up to here
        self._bits: list[_Bit] = []
        self._owner = ""  # the tag of the block that is being read, where the element can carry the place
        self._is_pre = False

    @property
    def text(self) -> str:
        return BETWEEN_BLOCKS.join(self._blocks)

    def close(self) -> None:
        super().close()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if tag in _CELLS and self._owner == "tr":
            self._bits += [_Bit(" "), _Bit(written, is_tag=True)]
        elif tag in _INLINE:
            if not self._is_pre:
                self._bits.append(_Bit(written, is_tag=True))
        else:
            self._end_block()
            self._is_pre = tag == "pre"
            if tag in _BLOCKS:
                self._owner = tag
            else:
                self.html.append(written)

    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE or (tag in _CELLS and self._owner == "tr"):
            if not self._is_pre:
                self._bits.append(_Bit(f"</{tag}>", is_tag=True))
            return
        self._end_block()
        self._is_pre = False
        self._owner = ""
        self.html.append(f"</{tag}>")
        if tag in {"p", "li", "tr", "pre"}:
            self.html.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._is_pre:
            self._bits.append(_Bit(data))
            return
        # Each line is a block of its own: in a text of law an indented line is a line, not a program.
        for line in data.splitlines():
            self._bits = [_Bit(line)]
            self._end_block()
            self.html.append("\n")

    def _end_block(self) -> None:
        owner, bits = self._owner, _collapsed(self._bits)
        self._bits = []
        words = "".join(bit.content for bit in bits if not bit.is_tag)
        if not words:
            self.html.extend([f"<{owner}>" if owner else "", *(bit.content for bit in bits if bit.is_tag)])
            self._owner = ""
            return
        start = self._length
        end = start + len(words)
        opening = owner or 'span class="block"'
        self.html.append(f'<{opening} data-start="{start}" data-end="{end}">')
        self.html.extend(_placed(bits, start, list(_sentences_of(words, start, len(self._blocks)))))
        if not owner:
            self.html.append("</span>")
        self._owner = ""
        self._blocks.append(words)
        self._length = end + len(BETWEEN_BLOCKS)


def _collapsed(bits: Sequence[_Bit]) -> list[_Bit]:
    """The bits with single spaces between words, none at either end, in normal form C."""
    bits = [bit if bit.is_tag else _Bit(unicodedata.normalize("NFC", bit.content)) for bit in bits]
    words = "".join(bit.content for bit in bits if not bit.is_tag)
    if not unicodedata.is_normalized("NFC", words):
        # A tag between a letter and its accent, written as entities: the words matter, the emphasis does not.
        bits = [_Bit(unicodedata.normalize("NFC", words))]
    ends_open = False  # whether a word stands before which a space would part from the next
    for bit in bits:
        if bit.is_tag:
            continue
        bit.content = re.sub(r"\s+", " ", bit.content)
        if not ends_open:
            bit.content = bit.content.lstrip(" ")
        if bit.content:
            ends_open = not bit.content.endswith(" ")
    for bit in reversed(bits):
        if not bit.is_tag and bit.content:
            bit.content = bit.content.removesuffix(" ")
            break
    return bits


def _placed(bits: Sequence[_Bit], start: int, spans: Sequence[Span]) -> Iterator[str]:
    """The block's HTML: tags as they are, words inside the pieces of their sentences."""
    at = start
    starts = [span.start for span in spans]
    for bit in bits:
        end = at if bit.is_tag else at + len(bit.content)
        if bit.is_tag or bit.content == " ":  # between two cells of a table only text may stand
            yield bit.content
            at = end
            continue
        index = max(bisect_right(starts, at) - 1, 0)
        words, first = bit.content, at
        while at < end:
            span = spans[index]
            until = min(span.end, end)
            if at < until:
                yield _piece(span, at, words[at - first : until - first])
                at = until
            if at < end:  # the space between two sentences
                following = spans[index + 1].start
                yield words[at - first : min(following, end) - first]
                at = min(following, end)
                index += 1


def _piece(span: Span, at: int, words: str) -> str:
    places = f'data-start="{span.start}" data-end="{span.end}"'
    if at != span.start:
        places += f' data-from="{at}"'
    return f'<span class="sentence" {places}>{escape(words, quote=False)}</span>'
