"""The structure of a text of law: pasted words or Markdown in, titles, chapters and articles out. Pure.

Nothing is lost and nothing is moved: the words of all parts, one after the other, are the words of the text. What is
not recognised stays text, for a person to correct in the preview. Forms that are read, in any mixture of them:

    TÍTULO II / Capítulo Primero: Del registro / SECCIÓN 1ª - …     a heading, on one line or on two
    Artículo 1°.- Objeto. …  ARTÍCULO 2º — …  Art. 3. …  Art. 14 bis.- …  **Artículo 4.** …
    ## Artículo 5                                                   and any other heading of Markdown
    ANEXO I, PREÁMBULO, CONSIDERANDO, Disposiciones transitorias
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["title", "chapter", "section", "article", "text"]

LONGEST_HEADING, LONGEST_BODY = 300, 50_000
_SHORT = 120  # characters of a line that may be a heading
_FEW_WORDS = 8
_FAR = 400  # lines of another law that may be brought in without marks

_ROMAN = r"(?:[IVXLC]{1,10}|[ivxlc]{1,10})\b"
_ORDINAL = (
    r"(?:únic[oa]|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[ée]ptim[oa]|octav[oa]|noven[oa]"
    r"|(?:und|duod)?[ée]cim[oa](?:\s\w{3,12}[oa]\b)?|vig[ée]sim[oa](?:\s\w{3,12}[oa]\b)?)"
)
_BIS = r"(?:bis|ter|qu[aá]ter|quinquies|sexies|septies|octies)"
_DIGITS = r"\d{1,6}(?:\.\d{1,6}){0,3}(?:\s?(?:[°ºª]|[oa]\b|[ertd]{1,2}[oa]?\b))?"
_NUMBER = rf"(?:{_DIGITS}|(?:{_ROMAN})(?:[°ºª])?|{_ORDINAL})"
_ARTICLE = re.compile(
    rf"(?P<label>(?:art[íi]culo|art\.?)\s+{_NUMBER}(?:\s+{_BIS}(?:\s+[A-Z0-9])?\b)?)(?P<mark>\s*[.:)]?\s*[-–—]*)",
    re.IGNORECASE,
)
_DIVISION = re.compile(
    rf"(?P<label>(?P<word>libro|parte|t[íi]tulo|cap[íi]tulo|secci[óo]n)\s+{_NUMBER}(?:\s+{_BIS})?)(?P<mark>\s*[.:]?\s*[-–—]*)(?=\s|$)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    rf"(?P<label>anexo(?:\s+(?:{_ROMAN}|\d+|[A-Z]\b|{_ORDINAL}))?)(?P<mark>\s*[.:]?\s*[-–—]*)(?=\s|$)", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:pre[áa]mbulo|visto|considerando|vistos y considerandos?|fundamentos|exposici[óo]n de motivos"
    r"|(?:disposici[óo]n|disposiciones|cl[áa]usula|cl[áa]usulas)\s+"
    r"(?:generales|preliminares|transitorias?|finales|complementarias?|adicionales|derogatorias?|comunes)"
    r"(?:\s+y\s+\w+)?)\s*[.:]?",
    re.IGNORECASE,
)
_KINDS: dict[str, Kind] = {"l": "title", "p": "title", "t": "title", "c": "chapter", "s": "section"}
# "Sustitúyese el artículo 5 de la ley 1.234 por el siguiente:", and the article that comes stands without marks.
_BRINGS_IN = re.compile(
    r"(?:sustit[uú]|reempl[aá]|modif[ií]|incorp[oó]r|agr[eé]g|ins[eé]rt|red[aá]ct|a[ñn][aá]d).*(?:sigui|art[íi]culo|art\.).*:$",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "'": "'", "‘": "’"}
_MARKDOWN_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)(.*?)(?:[ \t]+#+)?[ \t]*")
_SPACES = re.compile(r"[ \t]{2,}")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)[ \t]*(.*)")
_ITEM = re.compile(r"(?:[a-zñ]{1,2}|\d{1,3}|[IVXLC]{1,6}|[ivxlc]{1,5})\s?[.)°º]\s?[-–—]?\s|[-–—•·*]\s", re.IGNORECASE)
# At the head of a line: what Markdown would make a list, a heading, a quotation or a line of.
_MEANS_SOMETHING = re.compile(r"(\d{1,9})([.)])(?=\s|$)|(>|[-+*#=~`](?=[\s#=~`*-]|$))")
_INSIDE = re.compile(r"([\\*`_\[\]<&])")


@dataclass(frozen=True)
class Piece:
    """A part of the text as it was found. ``body``: Markdown."""

    kind: Kind
    label: str = ""
    heading: str = ""
    body: str = ""


@dataclass(frozen=True)
class _Head:
    """A line that begins a part. ``rest``: what stands on it behind the label. ``level``: of a Markdown heading."""

    kind: Kind
    label: str
    heading: str = ""
    rest: str = ""
    level: int = 0


def pieces_of(text: str, *, is_markdown: bool | None = None) -> list[Piece]:
    """The parts of a text in order. ``is_markdown`` None: looked for.

    >>> [(p.kind, p.label, p.heading, p.body) for p in pieces_of("TÍTULO I\\nGeneral\\nArt. 1º.- Rige.\\nArt. 2: No.")]
    [('title', 'TÍTULO I', 'General', ''), ('article', 'Art. 1º', '', 'Rige.'), ('article', 'Art. 2', '', 'No.')]
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\f", "\n")
    if is_markdown is None:
        is_markdown = looks_like_markdown(text)
    found = [_Found(head, lines) for head, lines in _grouped(text.split("\n"), is_markdown)]
    pieces = [piece for one in found for piece in one.pieces(is_markdown)]
    return [part for piece in _with_headings(pieces) for part in _in_size(piece)]


def looks_like_markdown(text: str) -> bool:
    return bool(re.search(r"^#{1,6}[ \t]+\S|^[ \t]*\|.*\|[ \t]*$|(?<![\w*])\*\*\S|\]\(https?:", text, re.MULTILINE))


@dataclass
class _Found:
    head: _Head | None
    lines: list[str]

    def pieces(self, is_markdown: bool) -> Iterator[Piece]:
        """The part, and the text below it where a mere heading has some."""
        head, lines = self.head, self.lines
        if head is None:
            if body := _body(lines, is_markdown):
                yield Piece("text", body=body)
            return
        heading = head.heading
        if head.kind != "article" and not heading and not head.rest and head.label:
            heading, lines = _heading_below(lines)
        elif head.kind in {"title", "chapter", "section"} and head.rest:
            heading = head.rest
        rest = head.rest if heading != head.rest else ""
        body = _body([rest, *lines], is_markdown)
        if head.level and not head.label:
            kind = head.kind if body else _BY_LEVEL[min(head.level, 3) - 1]
            yield from _fitting(Piece(kind, heading=heading, body=body))
        elif head.kind in {"title", "chapter", "section"}:
            yield from _fitting(Piece(head.kind, head.label, heading))
            if body:
                yield Piece("text", body=body)
        else:
            yield from _fitting(Piece(head.kind, head.label, heading, body))


_BY_LEVEL: Sequence[Kind] = ("title", "chapter", "section")


def _fitting(piece: Piece) -> Iterator[Piece]:
    """A heading too long to be one is text."""
    if len(piece.heading) > LONGEST_HEADING:
        body = f"{piece.heading}\n\n{piece.body}".strip()
        yield replace(piece, heading="", body=body) if piece.kind in {"article", "text"} else Piece("text", body=body)
    else:
        yield piece


def _grouped(lines: Sequence[str], is_markdown: bool) -> Iterator[tuple[_Head | None, list[str]]]:
    head: _Head | None = None
    below: list[str] = []
    fence = False
    quoted_to = -1
    heads = [_head_of(line, is_markdown) for line in lines]
    for n, line in enumerate(lines):
        if n > quoted_to:
            quoted_to = _end_of_quotation(lines, n, is_markdown)
        if n > quoted_to and heads[n] is not None and _brings_in(head, below):
            quoted_to = _end_of_what_comes(head, heads, n)
        if n <= quoted_to:
            below.append(line)
            continue
        if is_markdown and line.lstrip().startswith(("```", "~~~")):
            fence = not fence
        found = None if fence else heads[n]
        if found is None or (_wants_heading(head, below) and not found.label and not found.level):
            below.append(line)
            continue
        yield head, below
        head, below = found, []
    yield head, below


def _end_of_quotation(lines: Sequence[str], start: int, is_markdown: bool) -> int:
    """The line that ends what a law says between quotation marks about another one's articles; -1 where none begins."""
    words = lines[start].strip()
    closing = _QUOTES.get(words[:1])
    if closing is None or _head_of(words[1:], is_markdown) is None:
        return -1
    ends = (n for n, line in enumerate(lines[start:], start) if line.rstrip(" .;,*_").endswith(closing))
    return next(ends, -1)


def _brings_in(head: _Head | None, below: Sequence[str]) -> bool:
    """Whether an article ends, so far, by announcing other words of another law."""
    if head is None or head.kind != "article":
        return False
    said = next((line for line in reversed([head.rest, *below]) if line.strip()), "")
    return _BRINGS_IN.search(said.strip(" \t*_")[-_SHORT * 2 :]) is not None


def _end_of_what_comes(outer: _Head | None, heads: Sequence[_Head | None], start: int) -> int:
    """The last line of the articles that ``outer`` brings in, the first of which begins at line ``start``; -1 for none.

    They go on to the article that follows ``outer`` by its number; without one, only the first is brought in.
    """
    first = heads[start]
    if outer is None or first is None or first.kind != "article":
        return -1
    number = _plain_number(outer.label)
    following = [n for n in range(start + 1, min(start + _FAR, len(heads))) if heads[n] is not None]
    for n in following:
        head = heads[n]
        if head is None or head.kind != "article":
            break
        if number and _plain_number(head.label) == number + 1:
            return n - 1
    if number and _plain_number(first.label) == number + 1:
        return -1  # it is the next one itself
    return following[0] - 1 if following else min(start + _FAR, len(heads)) - 1


def _plain_number(label: str) -> int:
    """Of "Artículo 14", not of "Artículo 14 bis", which another law has more often than this one; else 0."""
    found = re.fullmatch(r"\D+(\d{1,6})\W*(?:[a-z]{1,3}\b\W*)?", label, re.IGNORECASE)
    return int(found[1]) if found else 0


def articles_inside(body: str) -> list[str]:
    """The labels of the articles that stand within the text (Markdown) of another one."""
    heads = (_head_of(line, is_markdown=True) for line in body.split("\n"))
    return [head.label for head in heads if head is not None and head.kind == "article"]


def _wants_heading(head: _Head | None, below: Sequence[str]) -> bool:
    """Whether "TÍTULO I" stands above, and nothing yet under it."""
    if head is None or not head.label or head.heading or head.rest or head.kind in {"article", "text"}:
        return False
    return not any(line.strip() for line in below)


def _head_of(line: str, is_markdown: bool) -> _Head | None:
    words = line.strip()
    if not words or (is_markdown and line.startswith(("    ", "\t", ">", "|"))):
        return None
    if is_markdown and (found := _MARKDOWN_HEADING.fullmatch(_SPACES.sub(" ", words))):
        if not found[2]:
            return None
        inner = re.sub(r"\*\*|__", "", found[2]).strip()
        heading = _recognised(inner, is_heading=True) or _Head("text", "", heading=inner)
        return replace(heading, level=len(found[1]))
    if is_markdown and (found := _EMPHASIS.fullmatch(words)):
        head = _recognised(found[2], is_heading=not found[3])
        if head is None or not found[3]:
            return head
        return replace(head, heading=head.rest.rstrip("."), rest=found[3]) if len(head.rest) <= _SHORT else None
    return _recognised(words, is_heading=False)


def _recognised(words: str, *, is_heading: bool) -> _Head | None:
    """What a line begins. ``is_heading``: it is set off as one, so that less is asked of it."""
    if found := _ARTICLE.match(words):
        rest = words[found.end() :].strip()
        if is_heading:
            return _Head("article", found["label"].strip(), heading=rest) if not rest or _starts_anew(rest) else None
        if not rest or found["mark"].strip() or rest[0].isupper() or _has_ordinal_sign(found["label"]):
            return _Head("article", found["label"].strip(), rest=rest) if _starts_anew(rest) else None
        return None
    if found := _DIVISION.match(words):
        rest = words[found.end() :].strip()
        if rest and not is_heading and not _is_heading_line(words, rest, found["mark"]):
            return None
        return _Head(_KINDS[found["word"][0].lower()], found["label"].strip(), rest=rest)
    if found := _ANNEX.match(words):
        rest = words[found.end() :].strip()
        if not rest or is_heading or _is_heading_line(words, rest, found["mark"]):
            return _Head("text", found["label"].strip(), heading=rest if len(rest) <= LONGEST_HEADING else "",
                         rest=rest)  # fmt: skip
        return None
    if _NAMED.fullmatch(words):
        kind: Kind = "title" if words[0] in "dDcC" and not words.lower().startswith("considerando") else "text"
        return _Head(kind, "", heading=words)
    return None


def _starts_anew(rest: str) -> bool:
    """Not "Artículo 3, inciso b)" nor "Art. 5 del Código": those go on with a sentence."""
    return not rest or not (rest[0] in ",;/" or (rest[0].islower() and not rest.startswith(("a)", "i)"))))


def _has_ordinal_sign(label: str) -> bool:
    return label[-1] in "°ºª"


def _is_heading_line(words: str, rest: str, mark: str) -> bool:
    if len(words) > _SHORT * 2:
        return False
    if mark.strip():
        return _starts_anew(rest)
    return words == words.upper() or (rest[0].isupper() and len(words) <= _SHORT and rest[-1] not in ".;,:")


def _heading_below(lines: list[str]) -> tuple[str, list[str]]:
    """The heading on the line below "TÍTULO II", where the line looks like one; and what is left."""
    for index, line in enumerate(lines):
        words = line.strip()
        if not words:
            continue
        plain = words.strip("*_ ")
        is_heading = (
            plain
            and len(plain) <= _SHORT * 2
            and (plain == plain.upper() or (len(plain) <= _SHORT and plain[-1] not in ".;:,"))
        )
        if is_heading and not _ITEM.match(plain) and not words.startswith(("|", ">", "```")):
            return plain, lines[index + 1 :]
        break
    return "", lines


def _with_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """Where most articles begin with a few words and a full stop ("Objeto. La ley …"), those are their headings."""
    articles = [piece for piece in pieces if piece.kind == "article" and piece.body]
    cuts = {id(piece): cut for piece in articles if not piece.heading and (cut := _few_words(piece.body))}
    if len(cuts) < 2 or len(cuts) * 10 < len(articles) * 6:
        return list(pieces)
    return [
        replace(
            piece, heading=piece.body[: cuts[id(piece)]].strip().rstrip("."), body=piece.body[cuts[id(piece)] :].strip()
        )
        if id(piece) in cuts
        else piece
        for piece in pieces
    ]


def _few_words(body: str) -> int:
    """Where a heading before the text ends; 0 where there is none."""
    found = re.match(r"([^\n.:;*_\\]{3,80})\.(?:[ \t]*[-–—]+)?(?:[ \t]+|\n+)(?=\S)", body)
    if found is None or len(found[1].split()) > _FEW_WORDS or not found[1][0].isupper():
        return 0
    return found.end()


def _body(lines: Iterable[str], is_markdown: bool) -> str:
    lines = list(lines)
    if is_markdown:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
    return "\n\n".join(_paragraphs(lines))


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """Paragraphs of plain text: empty lines part them, and so does a line that ends where a new one begins."""
    found: list[list[str]] = []
    is_open = False
    for line in lines:
        words = " ".join(line.split())
        if words and is_open and not _begins_paragraph(found[-1][-1], words):
            found[-1].append(words)
        elif words:
            found.append([words])
        is_open = bool(words)
    return [_escaped(" ".join(paragraph)) for paragraph in found]


def _begins_paragraph(before: str, words: str) -> bool:
    if _ITEM.match(words) or (before == before.upper() and words != words.upper()):
        return True
    return before[-1] in '.:;?!»”"' and not words[0].islower()


def _escaped(paragraph: str) -> str:
    """Plain words as Markdown that shows just them: a number at the head of a paragraph is text, and is counted."""
    paragraph = _INSIDE.sub(r"\\\1", paragraph)
    return (
        _MEANS_SOMETHING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", paragraph, count=1)
        if (_MEANS_SOMETHING.match(paragraph))
        else paragraph
    )


def _in_size(piece: Piece) -> Iterator[Piece]:
    """What is too long for one part goes on in parts without a number."""
    body = piece.body
    while len(body) > LONGEST_BODY:
        cut = max(body.rfind(mark, 1, LONGEST_BODY) for mark in ("\n\n", "\n", " "))
        cut = cut if cut > 0 else LONGEST_BODY
        yield replace(piece, body=body[:cut].strip("\n"))
        piece, body = Piece("text"), body[cut:].strip("\n")
    yield replace(piece, body=body)
