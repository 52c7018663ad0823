"""A list of people as an office has it, read line by line: what was understood, and what was not and why. Pure.

Met in Argentina: UTF-8 and Latin-1, commas, semicolons and tabs, Excel's ways with numbers, headings in any spelling.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from voting.rolls.documents import identity_of
from voting.rolls.weights import MOST

LONGEST = {"email": 254, "district": 80, "reference": 40}
MOST_LINES = 1_000_000
# A heading, without accents, signs and "n.º de", and what stands below it.
COLUMNS = {
    "email": ("email", "e mail", "mail", "correo", "correo electronico"),
    "document": ("documento", "dni", "cuil", "cuit", "document", "dni cuil", "cuit cuil"),
    "district": ("distrito", "district", "barrio", "circuito", "seccion", "localidad", "sede"),
    "reference": ("referencia", "reference", "orden", "legajo"),
    "weight": ("peso", "weight", "ponderacion"),
}
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
_EMAIL = re.compile(r"[^\s@,;<>()\[\]\"\\]+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_AS_TEXT = re.compile(r'="([^"]*)"')  # how one tells Excel that a number is none to count with; or an apostrophe
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")  # comes with what is copied from elsewhere
_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?[eE][+]?[0-9]{1,3}")  # 2.03E+10
_ERROR = re.compile(r"#{3,}|#N/[AD]|#[¡¿]?[A-Z/0]+[!?]")
_TOTAL = re.compile(r"(sub)?total(es)?\b", re.IGNORECASE)
_SEP = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)  # Excel's own first line
_LINE_BREAK = re.compile(r"[\n\r\x85\u2028\u2029]")


class Unreadable(ValueError):
    """Nothing of the file can be used. ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Entry:
    """A line that was understood. ``document``: as ``identity_of`` gives it; that or ``email`` is there, or both."""

    line: int
    email: str | None = None
    document: str | None = None
    district: str = ""
    reference: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Fault:
    """A line that was not. Never with what stood in it, which may be a document number."""

    line: int
    code: str


@dataclass
class Listing:
    """A file, opened. ``lines`` can be read once."""

    lines: Iterator[Entry | Fault]
    encoding: str
    ignored: list[str] = field(default_factory=list)  # headings that say nothing to us


def read(content: bytes | str) -> Listing:
    """Raises Unreadable for what is no table of people; a single bad line is a Fault among the lines."""
    text, encoding = (content, "utf-8") if isinstance(content, str) else _decode(content)
    text = text.removeprefix("\ufeff")
    sep = _SEP.fullmatch(text.partition("\n")[0])
    if sep:
        text = "\n" + text.partition("\n")[2]  # an empty line: the numbers of the others stay
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise Unreadable("empty")
    delimiter = sep[1] if sep else max(";,\t|", key=first.count)
    rows = _rows(text, delimiter)
    try:
        _line, head = next(rows)
    except csv.Error as fault:
        raise Unreadable("not_csv") from fault
    except StopIteration:
        raise Unreadable("empty") from None
    columns = {place: _NAMES.get(_plain(cell)) for place, cell in enumerate(head)}
    known = [column for column in columns.values() if column]
    if len(known) > len(set(known)):
        raise Unreadable("column_twice")
    if not {"email", "document"} & set(known):
        if len([cell for cell in head if cell.strip()]) != 1 or not _is_bare(head[0]):
            raise Unreadable("no_column")
        return Listing(_bare_lines(_rows(text, delimiter)), encoding)
    ignored = [_shown(cell) for place, cell in enumerate(head) if not columns[place] and cell.strip()]
    return Listing(_lines(rows, {p: c for p, c in columns.items() if c}, len(head)), encoding, ignored)


def _decode(content: bytes) -> tuple[str, str]:
    """What is no UTF-8 was written by an older Excel: Windows' Latin-1, in which every byte is a letter."""
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Unreadable("workbook")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as fault:
            raise Unreadable("not_csv") from fault
    if b"\0" in content:
        raise Unreadable("not_csv")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "latin-1"


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that have something in them, with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for row in reader:
        if before >= MOST_LINES:
            raise csv.Error("too many lines")
        if any(cell.strip() for cell in row):
            yield before + 1, row
        before = reader.line_num


def _lines(rows: Iterator[tuple[int, list[str]]], columns: Mapping[int, str], width: int) -> Iterator[Entry | Fault]:
    line = 1
    try:
        for line, row in rows:
            if any(cell.strip() for cell in row[width:]):
                yield Fault(line, "too_many_cells")
                continue
            if _TOTAL.match(next(cell for cell in row if cell.strip()).strip()):
                yield Fault(line, "total")
                continue
            yield entry_of(line, {column: row[place] for place, column in columns.items() if place < len(row)})
    except csv.Error:  # a quotation mark that swallows the rest of the file
        yield Fault(line + 1, "unreadable_rest")


def _bare_lines(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Entry | Fault]:
    """A list without headings: one e-mail or one number a line."""
    try:
        for line, row in rows:
            cells = [cell for cell in row if cell.strip()]
            if len(cells) != 1:
                yield Fault(line, "too_many_cells")
            else:
                yield entry_of(line, {"email" if "@" in cells[0] else "document": cells[0]})
    except csv.Error:
        yield Fault(0, "unreadable_rest")


def entry_of(line: int, cells: Mapping[str, str]) -> Entry | Fault:
    """One person, from the cells by the names of COLUMNS; an empty cell is like none."""
    cells = {column: plain for column, cell in cells.items() if (plain := _text_of(cell, column))}
    for cell in cells.values():
        if _ERROR.fullmatch(cell):
            return Fault(line, "error_of_spreadsheet")
        if cell[0] in "=+-@":  # a spreadsheet would run it, when somebody opens our export
            return Fault(line, "formula")
        if _CONTROL.search(cell):
            return Fault(line, "control_character")
        if _LINE_BREAK.search(cell):  # lines of other people, numbers and all; in the roll's hash it would be two
            return Fault(line, "line_break")
    if any(len(cells.get(column, "")) > most for column, most in LONGEST.items()):
        return Fault(line, "too_long")
    email = cells["email"].lower().removeprefix("mailto:") if "email" in cells else None
    if email and not _EMAIL.fullmatch(email):
        return Fault(line, "bad_email")
    if _SHORTENED.fullmatch(cells.get("document", "")):
        return Fault(line, "shortened_document")
    document = identity_of(cells["document"]) if "document" in cells else None
    if "document" in cells and document is None:
        return Fault(line, "bad_document")
    if email is None and document is None:
        return Fault(line, "nobody")
    if re.search(r"[0-9]{7}", re.sub(r"[\s.\-/]", "", cells.get("reference", ""))):
        return Fault(line, "number_in_reference")
    weight = weight_of(cells.get("weight", "1"))
    if isinstance(weight, str):
        return Fault(line, weight)
    return Entry(line, email, document, cells.get("district", ""), cells.get("reference", ""), weight)


def _text_of(cell: str, column: str) -> str:
    """What stands in a cell, without what nobody sees, and without the signs by which a number is told to be text.

    >>> _text_of("'12345678", "document"), _text_of('="12345678"', "document"), _text_of("Villa\u00a0Luro ", "district")
    ('12345678', '12345678', 'Villa Luro')
    """
    cell = _UNSEEN.sub("", cell).replace("\u00a0", " ").replace("\u202f", " ").strip()
    if column in ("email", "document"):
        as_text = _AS_TEXT.fullmatch(cell)
        cell = as_text[1] if as_text else cell.removeprefix("'").strip()
    return unicodedata.normalize("NFC", cell)


def weight_of(text: str) -> int | str:
    """A whole number from 1 to MOST; or the code of what is wrong. "1.000" may be one or a thousand: it is neither.

    >>> weight_of("7"), weight_of("7,00"), weight_of("1,5"), weight_of("1.000"), weight_of("0")
    (7, 7, 'fraction_weight', 'bad_weight', 'bad_weight')
    """
    if re.fullmatch(r"[0-9]{1,8}[.,]([0-9]{1,2}|[0-9]{4,})", text):
        whole, decimals = re.split("[.,]", text)
        if decimals.strip("0"):
            return "fraction_weight"
        text = whole
    if not re.fullmatch(r"[0-9]{1,8}", text):
        return "bad_weight"
    return int(text) if 1 <= int(text) <= MOST else "bad_weight"


def _is_bare(cell: str) -> bool:
    return isinstance(entry_of(1, {"email" if "@" in cell else "document": cell}), Entry)


def _plain(heading: str) -> str:
    """Lower case, without accents, signs, and the words for "number of"."""
    letters = unicodedata.normalize("NFKD", heading.replace("º", "").replace("°", "").casefold())
    bare = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(word for word in bare.split() if word not in ("n", "nro", "num", "numero", "de"))


def _shown(heading: str) -> str:
    """A heading to show: short, and not if it might be somebody's number."""
    heading = _CONTROL.sub("", " ".join(heading.split()))[:30]
    return "…" if re.search(r"[0-9]{3}|@", heading) else heading
