"""An election with ranked ballots or categories, as BLT and PrefLib files hold it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from voting.formats.bad_file import BadFile
from voting.formats.line_ends import ended

Ranking = tuple[tuple[str, ...], ...]
"""The favourites first; candidates that share a rank stand together. Empty: a blank ballot."""


class Candidate(NamedTuple):
    """``id``: the number that the file's ballots use. ``name``: empty where the file gives none."""

    id: str
    name: str


class Ballots(NamedTuple):
    """Equal ballots of a file: what they say, and how many there are (or what they weigh)."""

    ranking: Ranking
    weight: int | Fraction


@dataclass(frozen=True, slots=True)
class RankedElection:
    """A whole file. seats: None where the format has none. withdrawn: ids of candidates who stood down after all.

    categories: names of the categories, for PrefLib's ``cat`` alone; a ranking then holds one group of candidates for
    each category, in their order, and may hold empty ones. meta: the headers of a PrefLib file, as written.
    """

    candidates: list[Candidate]
    ballots: list[Ballots]
    seats: int | None = None
    title: str = ""
    withdrawn: frozenset[str] = frozenset()
    categories: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


def text_lines(lines: Iterable[str] | Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Each line with its number, without its end. What is not UTF-8 is read as Windows-1252, which older files use."""
    for number, raw in enumerate(ended(lines), start=1):
        line = _decoded(raw) if isinstance(raw, bytes) else str(raw)
        if "\0" in line:
            raise BadFile(number, "a character that no text can hold (NUL)")
        yield number, line.removeprefix("\ufeff").rstrip("\r\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
