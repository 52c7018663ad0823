"""Reads and writes PrefLib files: rankings (.soc, .soi, .toc, .toi) and categories (.cat).

Format: https://preflib.github.io/PrefLib-Jekyll/format. Header lines ``# KEY: value``, then one line for each order,
``840: 5,{1,2},3``: how often it was cast, the favourite first, braces around equals. A ``cat`` line has one item for
each category: ``12: {1,4},2,{}``. Files from before September 2022, which begin with the number of alternatives, are
read too.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

from voting.formats.bad_file import BadFile
from voting.formats.ranked_election import Ballots, Candidate, RankedElection, Ranking, text_lines

TYPES = ("soc", "soi", "toc", "toi", "cat")

_HEADER = re.compile(r"#\s*([^:]+?)\s*:\s*(.*)")
_NAME = re.compile(r"ALTERNATIVE NAME (\d+)", re.ASCII)
_CATEGORY = re.compile(r"CATEGORY NAME (\d+)", re.ASCII)
_ITEM = re.compile(r"\s*(?:\{([^{}]*)\}|([^,{}]*))\s*(?:,|$)")
_COUNT = re.compile(r"\d{1,15}", re.ASCII)


def read(lines: Iterable[str] | Iterable[bytes], kind: str = "") -> RankedElection:
    """The election that the lines hold. Raises BadFile with the line and what is wrong there.

    kind: one of TYPES, what the file's name ends with; a header ``DATA TYPE`` goes before it.
    """
    return _Reader(text_lines(lines), kind).election()


class _Reader:
    def __init__(self, lines: Iterable[tuple[int, str]], kind: str) -> None:
        self.number = 0
        self.kind = kind
        self.lines = self._filled(lines)
        self.meta: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.size = 0

    def election(self) -> RankedElection:
        first = next(self.lines, None)
        if first is None:
            self._refuse("the file is empty")
        line = self._headers(first) if first.startswith("#") else self._old_headers(first)
        if self.kind not in TYPES:
            self._refuse(f"{_shown(self.kind)} is not one of the kinds of file that can be counted: {', '.join(TYPES)}")
        categories = self._categories()
        ballots = []
        while line is not None:
            ballots.append(self._cast(line, len(categories)))
            line = next(self.lines, None)
        self._check("NUMBER VOTERS", sum(ballot.weight for ballot in ballots))
        self._check("NUMBER UNIQUE ORDERS", len(ballots))
        return RankedElection(
            candidates=[Candidate(number, self.names.get(number, "")) for number in self._numbers()],
            ballots=ballots,
            title=self.meta.get("TITLE", ""),
            categories=categories,
            meta=self.meta,
        )

    # --- Headers

    def _headers(self, line: str | None) -> str | None:
        """Take the headers in; returns the first line after them."""
        while line is not None and line.startswith("#"):
            found = _HEADER.fullmatch(line)
            if found:
                key, value = found[1].upper(), found[2].strip()
                self.meta[key] = value
                if of := _NAME.fullmatch(key):
                    self.names[str(int(of[1]))] = value
            line = next(self.lines, None)
        self.kind = self.meta.get("DATA TYPE", self.kind).lower()
        stated = self.meta.get("NUMBER ALTERNATIVES", str(len(self.names)))
        if not _COUNT.fullmatch(stated) or int(stated) > 100_000:
            self._refuse(f"NUMBER ALTERNATIVES is {_shown(stated)}")
        self.size = int(stated)
        if not self.size:
            self._refuse("no header says how many alternatives there are")
        for number in self.names:
            if not 1 <= int(number) <= self.size:
                self._refuse(f"alternative {number} has a name, but there are only {self.size}")
        return line

    def _old_headers(self, line: str) -> str | None:
        """Before September 2022: how many, ``number,name`` for each, ``voters,sum,orders``; then ``count,order``."""
        if not _COUNT.fullmatch(line):
            self._refuse(f"expected a header (# KEY: value), found {_shown(line)}")
        self.size = int(line)
        for _ in range(self.size):
            number, _, name = (next(self.lines, None) or "").partition(",")
            if not _COUNT.fullmatch(number):
                self._refuse(f"expected the number and the name of an alternative, found {_shown(number)}")
            self.names[str(int(number))] = name.strip()
        next(self.lines, None)
        self.old = True
        following = next(self.lines, None)
        return following

    def _categories(self) -> tuple[str, ...]:
        if self.kind != "cat":
            return ()
        names = {int(of[1]): value for key, value in self.meta.items() if (of := _CATEGORY.fullmatch(key))}
        stated = self.meta.get("NUMBER CATEGORIES", str(len(names)))
        if not _COUNT.fullmatch(stated) or not 1 <= int(stated) <= 1000:
            self._refuse("no header says how many categories there are")
        return tuple(names.get(number, str(number)) for number in range(1, int(stated) + 1))

    # --- Ballots

    old = False

    def _cast(self, line: str, categories: int) -> Ballots:
        count, colon, order = line.partition("," if self.old and ":" not in line else ":")
        if not colon or not _COUNT.fullmatch(count.strip()):
            self._refuse(f"expected a count and an order (12: 3,1,2), found {_shown(line)}")
        ranking = self._items(order.strip())
        seen = [candidate for rank in ranking for candidate in rank]
        if len(set(seen)) != len(seen):
            twice = next(candidate for candidate in seen if seen.count(candidate) > 1)
            self._refuse(f"the order names alternative {twice} twice")
        if categories:
            if len(ranking) > categories:
                self._refuse(f"{len(ranking)} categories where there are {categories}")
        else:
            ranking = tuple(rank for rank in ranking if rank)
        if self.kind in ("soc", "soi") and any(len(rank) > 1 for rank in ranking):
            self._refuse(f"equal ranks in a file of strict orders ({self.kind})")
        if self.kind in ("soc", "toc") and len(seen) != self.size:
            self._refuse(f"{len(seen)} of {self.size} alternatives in a file of complete orders ({self.kind})")
        return Ballots(ranking, int(count))

    def _items(self, order: str) -> Ranking:
        ranking = []
        at = 0
        while at < len(order):
            found = _ITEM.match(order, at)
            if not found or found.end() == at:
                self._refuse(f"this order cannot be read: {_shown(order)}")
            inside = found[1] if found[1] is not None else found[2]
            ranking.append(tuple(self._alternative(part.strip()) for part in inside.split(",") if part.strip()))
            at = found.end()
        return tuple(ranking)

    def _alternative(self, text: str) -> str:
        if not _COUNT.fullmatch(text) or str(int(text)) not in self._known():
            self._refuse(f"there is no alternative {_shown(text)}")
        return str(int(text))

    def _known(self) -> set[str]:
        if not hasattr(self, "_ids"):
            self._ids = set(self._numbers())
        return self._ids

    def _numbers(self) -> list[str]:
        if len(self.names) == self.size:
            return list(self.names)
        return [str(number) for number in range(1, self.size + 1)]

    def _check(self, key: str, found: object) -> None:
        stated = self.meta.get(key, "")
        if stated and stated != str(found):
            raise BadFile(self.number, f"{key} is {stated}, but the file holds {found}")

    def _filled(self, lines: Iterable[tuple[int, str]]) -> Iterator[str]:
        for self.number, line in lines:
            if line.strip():
                yield line.strip()

    def _refuse(self, sentence: str) -> NoReturn:
        raise BadFile(max(self.number, 1), sentence)


def write(election: RankedElection) -> Iterator[str]:
    """The lines of a PrefLib file, with their ends: of the most restrictive type that its ballots allow."""
    orders: dict[Ranking, int] = {}
    for ranking, weight in election.ballots:
        if weight != int(weight):
            raise ValueError("PrefLib counts whole ballots")
        orders[ranking] = orders.get(ranking, 0) + int(weight)
    headers = {
        **election.meta,
        "TITLE": election.title,
        "DATA TYPE": data_type(election),
        "NUMBER ALTERNATIVES": str(len(election.candidates)),
        "NUMBER VOTERS": str(sum(orders.values())),
        "NUMBER UNIQUE ORDERS": str(len(orders)),
    }
    if election.categories:
        headers["NUMBER CATEGORIES"] = str(len(election.categories))
        headers |= {f"CATEGORY NAME {number}": name for number, name in enumerate(election.categories, start=1)}
    headers |= {f"ALTERNATIVE NAME {candidate.id}": candidate.name for candidate in election.candidates}
    for key, value in headers.items():
        yield f"# {key}: {value}\n"
    for ranking, count in sorted(orders.items(), key=lambda order: -order[1]):
        yield f"{count}: {','.join(_item(rank) for rank in ranking)}\n"


def data_type(election: RankedElection) -> str:
    """``soc``, ``soi``, ``toc``, ``toi`` or ``cat``."""
    if election.categories:
        return "cat"
    strict = all(len(rank) == 1 for ranking, _ in election.ballots for rank in ranking)
    everyone = len(election.candidates)
    complete = all(sum(len(rank) for rank in ranking) == everyone for ranking, _ in election.ballots)
    return ("so" if strict else "to") + ("c" if complete else "i")


def _item(rank: tuple[str, ...]) -> str:
    return rank[0] if len(rank) == 1 else "{" + ",".join(rank) + "}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
