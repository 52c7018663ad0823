"""An election file of any format, turned into what the methods count: options, grouped ballots, limits. No database."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from pathlib import Path, PurePath
from typing import Any

from voting.election_files.file_limits import broken_limits
from voting.formats import blt, pabulib, preflib
from voting.formats.pabulib_election import Election, Vote
from voting.formats.pabulib_values import amount
from voting.formats.ranked_election import RankedElection
from voting.methods.base import Amount, Limits, Option
from voting.methods.rankings import choices_of

Ballot = Mapping[str, Amount]

APPROVALS, POINTS, RANKINGS, CATEGORIES = "approvals", "points", "rankings", "categories"

SCORINGS = ("places", "borda")
"""What place p of n is worth in points. places: n - p + 1, so the last one gets 1. borda: n - p, so it gets nothing. n
is the file's ``max_length``, or without it the number of options."""


@dataclass(frozen=True)
class FileElection:
    """kind: what a ballot holds. places: of a ranked ballot, n above. ballots: choices as the file has them, approvals
    as 1, rankings as places, categories as their numbers. scale: how many units of ``Option.cost`` make one of the
    file's. official: who won according to the file, None where it does not say. broken_limits: which of the file's own
    limits, and on how many votes. apart: group of voters -> its ballots, where groups were asked for."""

    path: PurePath
    kind: str
    options: list[Option]
    names: dict[str, str]
    ballots: list[tuple[dict[str, Amount], Amount]]
    limits: Limits
    scale: int = 1
    places: int = 0
    categories: tuple[str, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    official: tuple[str, ...] | None = None
    broken_limits: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, list[tuple[dict[str, Amount], Amount]]] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def natural_order(self) -> list[str]:
        """2 before 10, words after numbers: what stands in for a draw where there was none."""
        return sorted((option.id for option in self.options), key=natural)


def natural(option: str) -> tuple[int, int, str]:
    return (0, int(option), "") if option.isascii() and option.isdigit() else (1, 0, option)


def read_file(path: Path, by: str = "") -> FileElection:
    """by: a column of VOTES (sex, age, district, …) whose values are the groups of voters.

    Raises BadFile, OSError, or ValueError for a name that ends with none of the formats, and where there is no such
    column."""
    ending = path.suffix.lower().removeprefix(".")
    readers: dict[str, Callable[[Iterable[bytes]], FileElection]] = {
        "pb": lambda lines: budget_election(path, pabulib.read(lines, only_to_count=True), by),
        "blt": lambda lines: _ranked(path, blt.read(lines)),
        **{kind: lambda lines: _ranked(path, preflib.read(lines, ending)) for kind in preflib.TYPES},
    }
    if by and ending != "pb":
        raise ValueError("only Pabulib files tell groups of voters apart")
    if ending not in readers:
        raise ValueError(f"its name must end with one of .{', .'.join(readers)}")
    with path.open("rb") as lines:
        return readers[ending](lines)


def groups_for(election: FileElection, shape: str, scoring: str) -> list[tuple[Ballot, Amount]]:
    """The ballots in the shape that a method reads: one choice, approvals, points or rankings. Raises ValueError with a
    sentence where the file's ballots cannot be read so."""
    convert = _CONVERSIONS.get((election.kind, shape))
    if convert is None:
        raise ValueError(f"{shape} are needed, the file holds {election.kind}")
    if convert is _as_it_is:
        return list(election.ballots)
    together: dict[tuple[tuple[str, Any], ...], Amount] = {}
    shapes: dict[tuple[tuple[str, Any], ...], Ballot] = {}
    for ballot, weight in election.ballots:
        choices = convert(election, ballot, scoring)
        key = tuple(sorted(choices.items()))
        together[key] = together.get(key, 0) + weight
        shapes[key] = choices
    return [(shapes[key], weight) for key, weight in together.items()]


def _points_of_places(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    top = election.places + (1 if scoring == "places" else 0)
    return {option: max(0, top - place) for option, place in ballot.items()}


def _favourite(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    first = min(ballot.values(), default=0)
    favourites = [option for option, place in ballot.items() if place == first]
    return {favourites[0]: 1} if len(favourites) == 1 else {}


def _as_it_is(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    return ballot


def _named(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    return dict.fromkeys(ballot, 1)


def _first_category(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    return {option: 1 for option, category in ballot.items() if category == 1}


def _marks(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    return {option: len(election.categories) - category for option, category in ballot.items()}


def _only_one(election: FileElection, ballot: Ballot, scoring: str) -> Ballot:
    if len(ballot) > 1:
        raise ValueError(f"one choice a ballot is needed, this one has {len(ballot)}: {', '.join(ballot)}")
    return ballot


_CONVERSIONS: dict[tuple[str, str], Callable[[FileElection, Ballot, str], Ballot]] = {
    (APPROVALS, "one choice"): _only_one,
    (APPROVALS, "approvals"): _as_it_is,
    (APPROVALS, "points"): _as_it_is,
    (POINTS, "points"): _as_it_is,
    (POINTS, "approvals"): lambda election, ballot, scoring: {option: 1 for option, of in ballot.items() if of > 0},
    (RANKINGS, "rankings"): _as_it_is,
    (RANKINGS, "one choice"): _favourite,
    (RANKINGS, "approvals"): _named,
    (RANKINGS, "points"): _points_of_places,
    (CATEGORIES, "rankings"): _as_it_is,
    (CATEGORIES, "approvals"): _first_category,
    (CATEGORIES, "points"): _marks,
}


# --- From each format


def budget_election(path: PurePath, election: Election, by: str = "") -> FileElection:
    projects = [project for project in election.projects if not project.is_withdrawn]
    kept = {project.id for project in projects}
    amounts = [Fraction(election.budget), *(Fraction(project.cost) for project in projects)]
    scale = lcm(100, *(amount.denominator for amount in amounts))
    kind = {"ordinal": RANKINGS, "approval": APPROVALS, "choose-1": APPROVALS}.get(election.vote_type, POINTS)
    selected = [project.id for project in election.projects if project.selected == 1]
    says_who_won = any(project.selected is not None for project in election.projects)
    return FileElection(
        path=path,
        kind=kind,
        options=[Option(project.id, cost=int(project.cost * scale)) for project in projects],
        names={project.id: project.name for project in projects},
        ballots=_cast(election, election.votes, kind, kept),
        limits=Limits(
            budget=int(election.budget * scale),
            unit=scale,
            threshold=_stated(election, "min_project_score_threshold"),
        ),
        scale=scale,
        places=election.max_length or len(election.projects),
        official=tuple(selected) if says_who_won else None,
        broken_limits=broken_limits(election),
        apart={group: _cast(election, votes, kind, kept) for group, votes in _voters_by(election, by).items()},
        meta=dict(election.meta),
    )


def _voters_by(election: Election, column: str) -> dict[str, list[Vote]]:
    """Group -> its votes, in the natural order of the groups. Those of whom the file tells nothing are a group too."""
    if not column:
        return {}
    if column not in election.vote_columns:
        raise ValueError(f"the votes have no column {column!r}; they have {', '.join(election.vote_columns) or 'none'}")
    at = election.vote_columns.index(column)
    groups: dict[str, list[Vote]] = {}
    for vote in election.votes:
        groups.setdefault(vote.about[at].strip(), []).append(vote)
    return {group: groups[group] for group in sorted(groups, key=natural)}


def _cast(
    election: Election, votes: Iterable[Vote], kind: str, kept: set[str]
) -> list[tuple[dict[str, Amount], Amount]]:
    """Equal votes together; what was withdrawn is taken out of them."""
    if kind == APPROVALS:
        sets = Counter(tuple(sorted(kept.intersection(vote.projects))) for vote in votes)
        return [(dict.fromkeys(projects, 1), number) for projects, number in sets.items()]
    default = _stated(election, "default_score")
    everyone = dict.fromkeys(sorted(kept), default) if default else {}
    together: Counter[tuple[tuple[str, Amount], ...]] = Counter()
    for (projects, points), number in Counter(vote[1:3] for vote in votes).items():
        if kind == RANKINGS:
            choices: dict[str, Amount] = {project: place for place, project in enumerate(projects, start=1)}
        else:
            choices = {**everyone, **dict(zip(projects, points or (), strict=True))}
        together[tuple(sorted((project, value) for project, value in choices.items() if project in kept))] += number
    return [(dict(choices), number) for choices, number in together.items()]


def _ranked(path: Path, election: RankedElection) -> FileElection:
    options = [Option(candidate.id) for candidate in election.candidates if candidate.id not in election.withdrawn]
    together: dict[Any, Amount] = {}
    for ranking, weight in election.ballots:
        together[ranking] = together.get(ranking, 0) + weight
    return FileElection(
        path=path,
        kind=CATEGORIES if election.categories else RANKINGS,
        options=options,
        names={candidate.id: candidate.name for candidate in election.candidates},
        ballots=[(_without(choices_of(ranking), election.withdrawn), weight) for ranking, weight in together.items()],
        limits=Limits(seats=election.seats or 1),
        places=len(options),
        categories=election.categories,
        withdrawn=election.withdrawn,
        meta=dict(election.meta),
    )


def _without(choices: dict[str, int], withdrawn: frozenset[str]) -> dict[str, Amount]:
    return {option: place for option, place in choices.items() if option not in withdrawn}


def _stated(election: Election, key: str) -> Amount:
    text = election.meta.get(key, "").strip()
    return amount(text) if text else 0
