"""Writes Pabulib files, with the keys and columns in the order that the library's own checker wants."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from voting.formats.pabulib_election import TYPES_WITH_POINTS, Election, Project, Vote
from voting.formats.pabulib_values import Points, decimal

META_ORDER = (
    *("description", "country", "unit", "district", "subunit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    *("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score", "min_project_cost"),
    *("max_project_cost", "min_project_score_threshold", "neighborhoods", "subdistricts", "categories", "edition"),
    *("language", "currency", "fully_funded", "experimental", "comment", "acknowledgments", "leftover_budget"),
    *("budget_per_category", "budget_per_neighborhood", "min_length_per_category", "max_length_per_category"),
    *("min_sum_cost_per_category", "max_sum_cost_per_category"),
)

COLUMNS: tuple[tuple[str, Callable[[Project], str]], ...] = (
    ("name", lambda project: project.name),
    ("category", lambda project: ",".join(project.categories)),
    ("beneficiaries", lambda project: ",".join(project.targets)),
    ("selected", lambda project: "" if project.selected is None else str(project.selected)),
    ("neighborhood", lambda project: project.neighborhood),
    ("subunit", lambda project: project.subunit),
    ("district", lambda project: project.district),
    ("description", lambda project: project.description),
    ("proposer", lambda project: project.proposer),
    ("public_id", lambda project: project.public_id),
    ("latitude", lambda project: "" if project.latitude is None else str(project.latitude)),
    ("longitude", lambda project: "" if project.longitude is None else str(project.longitude)),
)
"""After project_id, cost, votes and score. A column that no project fills is left out."""

PROJECT_ORDER = ("project_id", "cost", "votes", "score", *(name for name, _ in COLUMNS))


@dataclass(frozen=True, slots=True)
class Counted:
    """What the head of a file says of its votes. scores: empty where the file has no such column."""

    num_votes: int
    votes: Mapping[str, int]
    scores: Mapping[str, Points]


def write(election: Election) -> Iterator[str]:
    """The lines of a file, with their ends. Keys that the format does not know come last; numbers of projects and votes
    and the columns ``votes`` and ``score`` are counted anew, so that they are right."""
    yield from head(election, counted(election))
    for vote in election.votes:
        yield from vote_lines(election, vote)


def head(election: Election, counted: Counted) -> Iterator[str]:
    """All lines before the first vote, whose votes need not be at hand."""
    yield "META\n"
    yield _row("key", "value")
    for key, value in _meta(election, counted.num_votes).items():
        yield _row(key, value)
    yield "PROJECTS\n"
    yield from _as_they_were(election) if election.project_columns else _projects(election, counted)
    yield "VOTES\n"
    points = ["points"] if election.vote_type in TYPES_WITH_POINTS else []
    yield _row("voter_id", "vote", *points, *election.vote_columns)


def vote_lines(election: Election, vote: Vote) -> Iterator[str]:
    """One for each of the equal votes."""
    points = [_points(vote)] if election.vote_type in TYPES_WITH_POINTS else []
    cells = [",".join(vote.projects), *points, *vote.about]
    for number in range(1, vote.times + 1):
        yield _row(vote.voter_id if vote.times == 1 else f"{vote.voter_id}-{number}", *cells)


def counted(election: Election) -> Counted:
    votes = dict.fromkeys((project.id for project in election.projects), 0)
    for vote in election.votes:
        for chosen in vote.projects:
            votes[chosen] += vote.times
    has_scores = election.vote_type in (*TYPES_WITH_POINTS, "ordinal")
    return Counted(election.num_votes, votes, election.scores() if has_scores else {})


def _meta(election: Election, num_votes: int) -> dict[str, str]:
    meta = {
        **election.meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(num_votes),
        "budget": decimal(election.budget),
        "vote_type": election.vote_type,
    }
    known = {key: meta[key] for key in META_ORDER if meta.get(key)}
    return known | {key: value for key, value in meta.items() if key not in META_ORDER}


def _projects(election: Election, counted: Counted) -> Iterator[str]:
    columns = [(name, cell) for name, cell in COLUMNS if any(cell(project) for project in election.projects)]
    scores = counted.scores
    yield _row("project_id", "cost", "votes", *(["score"] if scores else []), *(name for name, _ in columns))
    for project in election.projects:
        yield _row(
            project.id,
            decimal(project.cost),
            str(counted.votes.get(project.id, 0)),
            *([decimal(scores[project.id])] if scores else []),
            *(cell(project) for _, cell in columns),
        )


def _as_they_were(election: Election) -> Iterator[str]:
    """The projects of a file that was read, cell by cell; the columns in the order and by the names of today."""
    names = ["beneficiaries" if name == "target" else name for name in election.project_columns]
    if len(set(names)) < len(names):  # a file with both of them
        names = list(election.project_columns)
    order = {name: place for place, name in enumerate(PROJECT_ORDER)}
    places = sorted(range(len(names)), key=lambda at: (order.get(names[at], len(order)), at))
    yield _row(*(names[at] for at in places))
    for project in election.projects:
        yield _row(*(project.cells[at] for at in places))


def _points(vote: Vote) -> str:
    return ",".join(decimal(points) for points in vote.points or ())


def _row(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\n").writerow(cells)
    return line.getvalue()
