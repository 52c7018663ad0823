"""Reads Pabulib files (``.pb``): participatory budgets with their projects and votes.

Format: https://pabulib.org/format. One UTF-8 text, three sections (META, PROJECTS, VOTES), each with a header row,
then rows of CSV with semicolons. Everything that is wrong raises PabulibError with the line's number and a stable code;
nothing is guessed. One pass; 50,000 votes take less than a second.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, NoReturn, TypeVar, cast

from voting.formats.line_ends import ended
from voting.formats.pabulib_election import (
    SENTENCES,
    TYPES_WITH_POINTS,
    VOTE_TYPES,
    Election,
    PabulibError,
    Project,
    Vote,
)
from voting.formats.pabulib_values import Points, Unreadable, amount, cents, day, degrees, names, number, shown, whole

__all__ = ["SENTENCES", "Election", "PabulibError", "Points", "Project", "Vote", "read"]

T = TypeVar("T")

SECTIONS = ("META", "PROJECTS", "VOTES")
_TITLE_INSIDE = re.compile(r"^(PROJECTS|VOTES)\s*$", re.MULTILINE)  # of a cell: its quote swallowed what follows
NEEDED_TO_COUNT = ("budget", "vote_type")
REQUIRED_KEYS = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)


class Row(NamedTuple):
    line: int  # where it begins: a quoted field may run over several lines
    cells: list[str]


def read(lines: Iterable[str] | Iterable[bytes], *, only_to_count: bool = False) -> Election:
    """The election that the lines hold.

    only_to_count: what has no part in a count need not be there or be right: dates, places, the file's own results,
        columns that a row has too many or too few at its end. What has is looked at just as hard, but amounts may be
        written with a decimal comma or with spaces between thousands, capitals do not matter, and votes may be longer
        than ``max_length`` (whoever counts says so).

    lines: of text or of bytes, with their line ends (a file, opened either way). Bytes are better: an encoding error is
    then told with its line. A byte order mark and CRLF are accepted, and so are blank lines, a vote for nothing, empty
    cells that are missing or too many at a row's end, and quotes that only a lenient reader of CSV understands, where
    the file is right in everything else.
    """
    if only_to_count:
        return _Reader(lines, only_to_count=True).election()
    kept = list(cast("Iterable[str]", lines))
    try:
        return _Reader(kept).election()
    except PabulibError as refusal:
        if refusal.code != "bad_csv":
            raise
        try:
            return _Reader(kept, has_loose_quotes=True).election()
        except PabulibError:
            raise refusal from None


class _Reader:
    """One pass over the file; each method takes one section, and leaves at the title of the next."""

    def __init__(
        self, lines: Iterable[str] | Iterable[bytes], *, only_to_count: bool = False, has_loose_quotes: bool = False
    ) -> None:
        self.only_to_count = only_to_count
        self.amount = amount if only_to_count else number
        self.is_strict = not (only_to_count or has_loose_quotes)
        self.last_line = 0
        self.rows = self._rows(lines)
        self.title: Row | None = None

    def election(self) -> Election:
        self._first_title()
        keys = self._meta()
        meta = {key: value for key, (_, value) in keys.items()}
        vote_type = self._value(
            keys, "vote_type", lambda text: _vote_type(text.lower() if self.only_to_count else text)
        )
        budget = self._value(keys, "budget", lambda text: _budget(text, self.amount))
        if not self.only_to_count:
            self._check_dates(keys)
        max_length = self._optional(keys, "max_length", whole)
        for key in ("min_project_score_threshold", "default_score"):
            self._optional(keys, key, self.amount)

        project_columns, projects = self._projects()
        self._check_number(keys, "num_projects", "wrong_num_projects", len(projects))
        vote_columns, votes = self._votes(
            _Ballots(
                {project.id for project in projects},
                has_points=vote_type in TYPES_WITH_POINTS,
                max_length=1 if vote_type == "choose-1" else None if self.only_to_count else max_length,
            )
        )
        self._check_number(keys, "num_votes", "wrong_num_votes", len(votes))
        if not self.only_to_count:
            self._value(keys, "budget", lambda text: cents(number(text)))
        return Election(meta, vote_type, budget, max_length, projects, votes, project_columns, vote_columns)

    def _check_dates(self, keys: dict[str, tuple[int, str]]) -> None:
        begins_on = self._value(keys, "date_begin", day)
        ends_on = self._value(keys, "date_end", lambda text: day(text, last=True))
        if ends_on < begins_on:
            _refuse(keys["date_end"][0], "dates_reversed", f"{begins_on} – {ends_on}")

    def _check_number(self, keys: dict[str, tuple[int, str]], key: str, code: str, found: int) -> None:
        announced = self._optional(keys, key, whole)
        if announced is not None and announced != found:
            _refuse(keys[key][0], code, f"{announced} announced, {found} found")

    def _optional(self, keys: dict[str, tuple[int, str]], key: str, parse: Callable[[str], T]) -> T | None:
        return self._value(keys, key, parse) if keys.get(key, (0, ""))[1].strip() else None

    # --- The three sections

    def _meta(self) -> dict[str, tuple[int, str]]:
        self._header("META", ("key", "value"))
        found: dict[str, tuple[int, str]] = {}
        for row in self._section("META", width=2, needed=1):
            key, value = row.cells[0].strip(), "".join(row.cells[1:2]).strip()
            if key in found:
                _refuse(row.line, "duplicate_key", key)
            found[key] = (row.line, value)
        for key in NEEDED_TO_COUNT if self.only_to_count else REQUIRED_KEYS:
            if not found.get(key, (0, ""))[1]:
                _refuse(self.last_line, "missing_key", key)
        return found

    def _projects(self) -> tuple[tuple[str, ...], list[Project]]:
        columns = self._header("PROJECTS", ("project_id", "cost"))
        projects: dict[str, Project] = {}
        needed = max(columns.index("project_id"), columns.index("cost")) + 1
        for row in self._section("PROJECTS", width=len(columns), needed=needed):
            try:
                project = _project(dict(zip(columns, row.cells, strict=False)), only_to_count=self.only_to_count)
            except Unreadable as wrong:
                _refuse(row.line, wrong.code, wrong.detail)
            if project.id in projects:
                _refuse(row.line, "duplicate_project", project.id)
            projects[project.id] = project
        return tuple(columns), list(projects.values())

    def _votes(self, ballots: "_Ballots") -> tuple[tuple[str, ...], list[Vote]]:
        columns = self._header("VOTES", ("voter_id", "vote", "points") if ballots.has_points else ("voter_id", "vote"))
        voter_at, vote_at = columns.index("voter_id"), columns.index("vote")
        points_at = columns.index("points") if ballots.has_points else None
        rest = [at for at in range(len(columns)) if at not in (voter_at, vote_at, points_at)]
        voters: set[str] = set()
        votes = []
        needed = max(voter_at, vote_at, points_at or 0) + 1
        for row in self._section("VOTES", width=len(columns), needed=needed):
            voter = row.cells[voter_at].strip()
            if voter in voters:
                _refuse(row.line, "duplicate_voter", voter)
            try:
                if not voter:
                    raise Unreadable("missing_id", "voter_id")
                projects = ballots.projects(row.cells[vote_at])
                points = None if points_at is None else ballots.points(row.cells[points_at], len(projects))
            except Unreadable as wrong:
                _refuse(row.line, wrong.code, wrong.detail)
            voters.add(voter)
            about = tuple([row.cells[at].strip() for at in rest])
            votes.append(Vote(voter, projects, points, 1, about))
        if self.title:
            self._wrong_title(self.title, after="VOTES")
        return tuple(columns[at] for at in rest), votes

    # --- Titles, headers, rows

    def _first_title(self) -> None:
        row = next(self.rows, None)
        if row is None:
            _refuse(max(self.last_line, 1), "empty_file", "")
        if not _is_title(row):
            _refuse(row.line, "unexpected_text", shown(";".join(row.cells)))
        self.title = row

    def _header(self, section: str, required: tuple[str, ...]) -> list[str]:
        """The columns of the section that must begin here."""
        if self.title is None:
            _refuse(self.last_line, "missing_section", section)
        if _name_of(self.title) != section:
            self._wrong_title(self.title, after=None if section == "META" else SECTIONS[SECTIONS.index(section) - 1])
        row = next(self.rows, None)
        if row is None or _is_title(row):
            _refuse(row.line if row else self.last_line, "missing_header", section)
        columns = [cell.strip().lower() if self.only_to_count else cell.strip() for cell in row.cells]
        while columns and not columns[-1]:
            columns.pop()
        for column in columns:
            if columns.count(column) > 1:
                _refuse(row.line, "duplicate_column", column)
        for column in required:
            if column not in columns:
                _refuse(row.line, "missing_column", column)
        if section == "META" and (columns[:2] if self.only_to_count else columns) != list(required):
            _refuse(row.line, "wrong_column_count", f"META has the columns key;value, not {';'.join(columns)}")
        return columns

    def _wrong_title(self, title: Row, after: str | None) -> NoReturn:
        """A title stands where another one, or none, was expected: say which of the possible faults it is."""
        name = _name_of(title)
        place = SECTIONS.index(after) if after else -1
        if SECTIONS.index(name) <= place:
            _refuse(title.line, "duplicate_section", name)
        _refuse(title.line, "missing_section", SECTIONS[place + 1])

    def _section(self, section: str, width: int, needed: int) -> Iterator[Row]:
        self.title = None
        for row in self.rows:
            if _is_title(row):
                self.title = row
                return
            if len(row.cells) == width:
                yield row
            elif len(row.cells) >= needed and (self.only_to_count or not any(map(str.strip, row.cells[width:]))):
                yield Row(row.line, [*row.cells, *[""] * width][:width])
            else:
                _refuse(row.line, "wrong_column_count", f"{section} has {width} columns, this row {len(row.cells)}")

    def _rows(self, lines: Iterable[str] | Iterable[bytes]) -> Iterator[Row]:
        cells_of = csv.reader(self._text(lines), delimiter=";", strict=self.is_strict)
        while True:
            line = self.last_line + 1
            try:
                cells = next(cells_of, None)
            except csv.Error as wrong:
                raise PabulibError(line, "bad_csv", str(wrong)) from None
            if cells is None:
                return
            if len(cells) > 1 or (cells and cells[0].strip()):
                if not self.is_strict and self.last_line > line and any(_TITLE_INSIDE.search(cell) for cell in cells):
                    raise PabulibError(line, "bad_csv", "a quote is never closed")
                yield Row(line, cells)

    def _text(self, lines: Iterable[str] | Iterable[bytes]) -> Iterator[str]:
        for line in ended(lines):
            self.last_line += 1
            if isinstance(line, bytes):
                try:
                    line = line.decode("utf-8")
                except UnicodeDecodeError as wrong:
                    raise PabulibError(self.last_line, "bad_encoding", f"byte {wrong.start + 1}") from None
            if "\0" in line:
                raise PabulibError(self.last_line, "bad_character")
            yield line.removeprefix("\ufeff") if self.last_line == 1 else line

    def _value(self, keys: dict[str, tuple[int, str]], key: str, parse: Callable[[str], T]) -> T:
        line, text = keys[key]
        try:
            return parse(text)
        except Unreadable as wrong:
            raise PabulibError(line, wrong.code, wrong.detail) from None


class _Ballots:
    """Reads the cells of a vote. Few of many thousand ballots differ, so each wording is read once."""

    def __init__(self, known: set[str], *, has_points: bool, max_length: int | None) -> None:
        self.known = known
        self.has_points = has_points
        self.max_length = max_length
        self._projects: dict[str, tuple[str, ...]] = {}
        self._points: dict[str, tuple[Points, ...]] = {}

    def projects(self, text: str) -> tuple[str, ...]:
        chosen = self._projects.get(text)
        if chosen is None:
            chosen = self._projects[text] = self._read_projects(text)
        return chosen

    def points(self, text: str, needed: int) -> tuple[Points, ...]:
        points = self._points.get(text)
        if points is None:
            points = self._points[text] = tuple(number(part) for part in text.split(",")) if text.strip() else ()
        if len(points) != needed:
            raise Unreadable("wrong_points_count", f"{needed} projects with {len(points)} points")
        return points

    def _read_projects(self, text: str) -> tuple[str, ...]:
        if not text.strip():
            return ()
        chosen = tuple(part.strip() for part in text.split(","))
        seen: set[str] = set()
        for project in chosen:
            if project not in self.known:
                raise Unreadable("unknown_project", shown(project))
            if project in seen:
                raise Unreadable("repeated_project", project)
            seen.add(project)
        if self.max_length is not None and len(chosen) > self.max_length:
            raise Unreadable("too_many_projects", f"{len(chosen)} projects where at most {self.max_length} are allowed")
        return chosen


def _project(cells: dict[str, str], *, only_to_count: bool) -> Project:
    def text(column: str) -> str:
        return cells.get(column, "").strip()

    def optional(column: str, parse: Callable[[str], T]) -> T | None:
        """None where the cell is empty; where it only informs, also where it cannot be read."""
        try:
            return parse(text(column)) if text(column) else None
        except Unreadable:
            if only_to_count:
                return None
            raise

    if not text("project_id"):
        raise Unreadable("missing_id", "project_id")
    cost = (amount if only_to_count else number)(text("cost"))
    if cost < 0:
        raise Unreadable("negative_cost", text("cost"))
    if not only_to_count:
        cents(cost)
    return Project(
        id=text("project_id"),
        cost=cost,
        name=text("name"),
        description=text("description"),
        proposer=text("proposer"),
        public_id=text("public_id"),
        categories=names(text("category")),
        targets=names(text("beneficiaries") or text("target")),
        district=text("district"),
        neighborhood=text("neighborhood"),
        subunit=text("subunit"),
        latitude=optional("latitude", lambda text: degrees(text, largest=90)),
        longitude=optional("longitude", lambda text: degrees(text, largest=180)),
        vote_count=optional("votes", number),
        score=optional("score", number),
        selected=optional("selected", whole),
        cells=tuple(cell.strip() for cell in cells.values()),
    )


def _vote_type(text: str) -> str:
    if text not in VOTE_TYPES:
        raise Unreadable("unknown_vote_type", shown(text))
    return text


def _budget(text: str, amount: Callable[[str], Points]) -> Points:
    budget = amount(text)
    if budget <= 0:
        raise Unreadable("budget_not_positive", text)
    return budget


def _is_title(row: Row) -> bool:
    return row.cells[0].strip().upper() in SECTIONS and not any(map(str.strip, row.cells[1:]))


def _name_of(title: Row) -> str:
    return title.cells[0].strip().upper()


def _refuse(line: int, code: str, detail: str) -> NoReturn:
    raise PabulibError(line, code, detail)
