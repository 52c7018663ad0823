"""Reads and writes BLT files, the format of Hill, Wichmann and Woodall that counts by STV are exchanged in.

::

    4 2                 four candidates for two seats
    -2                  the second has withdrawn
    3 1 3 4 0           three ballots: candidate 1, then 3, then 4
    1 2=4 - 1 0         one ballot: 2 and 4 equal, a rank skipped, then 1
    0
    "Adam"              the candidates' names, in order
    …
    "The title"

Also read: comments (``#`` to the end of the line), ids of ballots in parentheses before the weight, weights that are
not whole, a skipped rank written as 0, names and title without quotes, names in several parts, missing names. Ranks
that are skipped close up.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import NoReturn

from voting.formats.bad_file import BadFile
from voting.formats.ranked_election import Ballots, Candidate, RankedElection, Ranking, text_lines

_BALLOT_ID = re.compile(r"^\([^)]*\)\s*")
_WEIGHT = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_MOST_CANDIDATES = 10_000


def read(lines: Iterable[str] | Iterable[bytes]) -> RankedElection:
    """The election that the lines hold. Raises BadFile with the line and what is wrong there."""
    reader = _Reader(text_lines(lines))
    return reader.election()


class _Reader:
    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self.number = 0
        self.lines = self._without_comments(lines)
        self.size = 0
        self._ranks: dict[str, tuple[str, ...]] = {}

    def election(self) -> RankedElection:
        self.size, seats = self._first_line()
        withdrawn: set[str] = set()
        ballots: list[Ballots] = []
        for line in self.lines:
            if line.startswith("-"):
                if ballots:
                    self._refuse("withdrawn candidates are told before the first ballot")
                withdrawn.update(self._withdrawn(token) for token in line.split())
            elif line == "0":
                break
            else:
                ballots.append(self._ballot(line))
        else:
            self._refuse("the line 0 after the last ballot is missing")
        names = self._names()
        title = names[self.size] if len(names) > self.size else ""
        return RankedElection(
            candidates=[
                Candidate(str(index + 1), names[index] if index < len(names) else "") for index in range(self.size)
            ],
            ballots=ballots,
            seats=seats,
            title=title,
            withdrawn=frozenset(withdrawn),
        )

    def _without_comments(self, lines: Iterable[tuple[int, str]]) -> Iterator[str]:
        for self.number, line in lines:
            if "#" in line:
                line = _before_comment(line)
            line = line.strip()
            if line:
                yield line

    def _first_line(self) -> tuple[int, int]:
        line = next(self.lines, None)
        if line is None:
            self._refuse("the file is empty")
        tokens = line.split()
        if len(tokens) != 2 or not all(token.isascii() and token.isdigit() for token in tokens):
            self._refuse(f"expected the numbers of candidates and seats, found {_shown(line)}")
        size, seats = (int(token) for token in tokens)
        if not 1 <= size <= _MOST_CANDIDATES or not 1 <= seats <= _MOST_CANDIDATES:
            self._refuse(f"{size} candidates for {seats} seats cannot be counted")
        return size, seats

    def _withdrawn(self, token: str) -> str:
        if not token.startswith("-"):
            self._refuse(f"expected numbers of withdrawn candidates, each with a minus sign, found {_shown(token)}")
        return self._candidate(token[1:])

    def _ballot(self, line: str) -> Ballots:
        if line.startswith("("):
            line = _BALLOT_ID.sub("", line)
        weight, *rest = line.split(maxsplit=1)
        if not _WEIGHT.fullmatch(weight):
            self._refuse(f"expected a ballot, which begins with its weight, found {_shown(line)}")
        return Ballots(self._ranking(rest[0] if rest else ""), int(weight) if "." not in weight else Fraction(weight))

    def _ranking(self, preferences: str) -> Ranking:
        *tokens, last = preferences.split() or [""]
        if last != "0":
            self._refuse("the ballot does not end with 0")
        if "-" in tokens or "0" in tokens:
            tokens = [token for token in tokens if token not in ("-", "0")]
        ranks = self._ranks  # few of many thousand ranks differ
        ranking = tuple([ranks.get(token) or self._rank(token) for token in tokens])
        seen = list(chain.from_iterable(ranking))
        if len(set(seen)) != len(seen):
            twice = next(candidate for candidate in seen if seen.count(candidate) > 1)
            self._refuse(f"the ballot names candidate {twice} twice")
        return ranking

    def _rank(self, token: str) -> tuple[str, ...]:
        rank = self._ranks[token] = tuple(self._candidate(number) for number in token.split("="))
        return rank

    def _candidate(self, token: str) -> str:
        if not token.isascii() or not token.isdigit() or not 1 <= int(token) <= self.size:
            self._refuse(f"there is no candidate {_shown(token)}; they are numbered from 1 to {self.size}")
        return str(int(token))

    def _names(self) -> list[str]:
        """One a line, or several; or in councils' own files one a line in parts: forename, surname, party."""
        lines = [
            [name.replace('""', '"').strip() for name in _QUOTED.findall(line)] or [line.strip('"')]
            for line in self.lines
        ]
        names = list(chain.from_iterable(lines))
        if len(lines) >= self.size and len(names) > self.size + 1:
            return [" ".join(filter(None, parts)) for parts in lines]
        return names

    def _refuse(self, sentence: str) -> NoReturn:
        raise BadFile(max(self.number, 1), sentence)


def write(election: RankedElection) -> Iterator[str]:
    """The lines of a BLT file, with their ends. One seat where the election does not say how many."""
    yield f"{len(election.candidates)} {election.seats or 1}\n"
    if election.withdrawn:
        yield " ".join(f"-{candidate}" for candidate in sorted(election.withdrawn, key=int)) + "\n"
    for ranking, weight in election.ballots:
        preferences = " ".join("=".join(rank) for rank in ranking)
        yield f"{_decimal(weight)} {preferences} 0\n" if preferences else f"{_decimal(weight)} 0\n"
    yield "0\n"
    for candidate in election.candidates:
        yield f"{_in_quotes(candidate.name)}\n"
    yield f"{_in_quotes(election.title)}\n"


def _before_comment(line: str) -> str:
    """The part of a line before a ``#`` that no quotes enclose."""
    quoted = False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == "#" and not quoted:
            return line[:at]
    return line


def _decimal(weight: int | Fraction) -> str:
    if weight == int(weight):
        return str(int(weight))
    digits = f"{int(weight * 10**15):016d}"
    return f"{digits[:-15]}.{digits[-15:].rstrip('0')}"


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
