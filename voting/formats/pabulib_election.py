"""What a Pabulib file says, and how it can be wrong. Read by ``pabulib.read``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from voting.formats.bad_file import BadFile
from voting.formats.pabulib_values import Points, cents, day

VOTE_TYPES = ("approval", "choose-1", "ordinal", "cumulative", "scoring")
TYPES_WITH_POINTS = ("cumulative", "scoring")
WITHDRAWN = 999_999_999

# code -> sentence; ``{}`` is the detail. The sentences are for operators and logs, the codes for everybody else.
SENTENCES = {
    "empty_file": "the file is empty",
    "bad_encoding": "not UTF-8: {}",
    "bad_character": "a character that no text can hold (NUL)",
    "bad_csv": "not readable as CSV with semicolons: {}",
    "unexpected_text": "expected one of META, PROJECTS, VOTES, found {}",
    "duplicate_section": "section {} appears twice",
    "missing_section": "section {} is missing",
    "missing_header": "section {} has no header row",
    "missing_column": "column {} is missing",
    "duplicate_column": "column {} appears twice",
    "wrong_column_count": "{}",
    "missing_key": "META lacks {}",
    "duplicate_key": "META has {} twice",
    "unknown_vote_type": "vote_type {} is not known",
    "missing_id": "{} is empty",
    "duplicate_project": "project {} appears twice",
    "duplicate_voter": "voter {} appears twice",
    "unknown_project": "the vote names project {}, which is not in PROJECTS",
    "repeated_project": "the vote names project {} twice",
    "too_many_projects": "{}",
    "wrong_points_count": "{}",
    "not_a_number": "{} is not a number that can be used here",
    "not_a_date": "{} is not a date (dd.mm.yyyy or yyyy)",
    "dates_reversed": "the vote ends before it begins: {}",
    "not_a_coordinate": "{} is not a coordinate in degrees",
    "negative_cost": "the cost is negative: {}",
    "budget_not_positive": "the budget must be above zero, not {}",
    "finer_than_a_cent": "{} is finer than a cent",
    "wrong_num_projects": "{}",
    "wrong_num_votes": "{}",
}


class PabulibError(BadFile):
    """The file cannot be read. ``line_number`` counts from 1; ``code`` is a key of SENTENCES; ``detail`` fills it."""

    def __init__(self, line_number: int, code: str, detail: str = "") -> None:
        super().__init__(line_number, SENTENCES[code].format(detail))
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Project:
    """One row of PROJECTS. Text that the file does not give is empty, a number None.

    vote_count, score, selected: as the file states them, not recounted. selected: 1 won, 0 lost, 2 and 3 are explained
    in the file's comment. targets: the column ``beneficiaries``, once called ``target``. cells: the row as it stands in
    the file, under ``Election.project_columns``.
    """

    id: str
    cost: Points
    name: str = ""
    description: str = ""
    proposer: str = ""
    public_id: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    district: str = ""
    neighborhood: str = ""
    subunit: str = ""
    latitude: float | None = None
    longitude: float | None = None
    vote_count: Points | None = None
    score: Points | None = None
    selected: int | None = None
    cells: tuple[str, ...] = ()

    @property
    def cost_cents(self) -> int:
        return cents(self.cost)

    @property
    def is_withdrawn(self) -> bool:
        """Withdrawn after the ballots were printed: Pabulib then writes this cost."""
        return self.cost == WITHDRAWN


class Vote(NamedTuple):
    """One row of VOTES. projects: empty for a blank ballot; for ordinal, the favourite first. points: one for each of
    them, None where the vote type has none. about: what else the file tells (age, sex, …), under
    ``Election.vote_columns``."""

    voter_id: str
    projects: tuple[str, ...]
    points: tuple[Points, ...] | None
    times: int = 1  # to be written: so many equal ones, for the format knows no weights. Read, each stands alone.
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Election:
    """A whole file. ``meta`` holds every key as written; what is needed to count is also there parsed.

    project_columns: all of them, where the election was read from a file. vote_columns: those beyond voter, vote and
    points."""

    meta: Mapping[str, str]
    vote_type: str
    budget: Points
    max_length: int | None
    projects: list[Project]
    votes: list[Vote]
    project_columns: tuple[str, ...] = ()
    vote_columns: tuple[str, ...] = ()

    @property
    def budget_cents(self) -> int:
        return cents(self.budget)

    @property
    def begins_on(self) -> date:
        return day(self.meta["date_begin"])

    @property
    def ends_on(self) -> date:
        return day(self.meta["date_end"], last=True)

    @property
    def num_votes(self) -> int:
        return sum(vote.times for vote in self.votes)

    def scores(self) -> dict[str, Points]:
        """Project id -> what the ballots give it: votes (approval, choose-1), points (cumulative, scoring), or for
        rankings max_length minus place, counted from 0 (Borda; without max_length, the number of projects)."""
        totals: dict[str, Points] = {project.id: 0 for project in self.projects}
        first = len(self.projects) if self.max_length is None else self.max_length
        for vote in self.votes:
            if vote.points is not None:
                for project, points in zip(vote.projects, vote.points, strict=True):
                    totals[project] += points * vote.times
            elif self.vote_type == "ordinal":
                for place, project in enumerate(vote.projects):
                    totals[project] += (first - place) * vote.times
            else:
                for project in vote.projects:
                    totals[project] += vote.times
        return totals
