"""A budget that was voted on here, as META and PROJECTS of a Pabulib file. Pure: what the poll is, the caller says.

What the format and its checker (``pabulib-checker``) ask for beyond what is plain:

- a column of words is whole or not there at all; where only some projects have them, the others get a dash;
- a project dearer than the whole budget is written with the cost that Pabulib gives to what cannot be funded, and the
  comment says what it costs;
- blank ballots have no place; the comment says how many there are;
- the rule is named where all who read the file by it find the same winners, and ``unknown`` otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from voting.formats.pabulib_election import WITHDRAWN, Election, Project
from voting.formats.pabulib_rules import GREEDY, NO_SKIP, THRESHOLD, UNKNOWN, Standing, holds
from voting.formats.pabulib_values import decimal
from voting.formats.pabulib_writer import Counted

RULES = {"greedy": GREEDY, "greedy_no_skip": NO_SKIP, "greedy_threshold": THRESHOLD}
VOTE_TYPES = {"places": "ordinal", "points": "cumulative"}
MISSING = "–"


@dataclass(frozen=True)
class HeldProject:
    """Words are empty where they are not public. votes: ballots that name it. points: what they give it together."""

    id: str
    cost_cents: int
    votes: int
    points: int
    has_won: bool
    name: str
    is_withdrawn: bool = False  # while people voted: it could not win any more
    categories: tuple[str, ...] = ()
    district: str = ""
    description: str = ""
    public_id: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class HeldPoll:
    """projects: in the order in which the method looked at them, where it has one: readers break ties by it.

    ballot: "several", "points" or "places", as ``Poll.ballot_kind``. voters: whose ballot is not blank; of weight.
    remarks: sentences for the comment.
    """

    title: str
    agency: str
    country: str
    district: str
    language: str
    currency: str
    begins_on: date
    ends_on: date
    method: str
    form: str
    ballot: str
    budget_cents: int
    max_choices: int | None
    max_points: int
    max_sum: int | None
    max_cost_cents: int | None  # that the choices of one ballot may cost together
    threshold: int
    voters: int
    blank: int
    projects: Sequence[HeldProject]
    vote_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def vote_type(self) -> str:
        return VOTE_TYPES.get(self.ballot, "choose-1" if self.max_choices == 1 else "approval")


def election_of(poll: HeldPoll) -> tuple[Election, Counted]:
    """The file without its votes, and what its head says of them."""
    projects = [_project(of, poll) for of in poll.projects]
    counted = Counted(
        poll.voters,
        {of.id: of.votes for of in poll.projects},
        {of.id: of.points for of in poll.projects} if poll.vote_type == "cumulative" else {},
    )
    rule = _rule(poll, projects, counted)
    remarks = (*poll.remarks, *_remarks(poll, rule))
    meta = {
        **_about(poll, rule),
        **_ballot_rules(poll),
        **({"fully_funded": "1"} if poll.budget_cents // 100 >= sum(int(of.cost) for of in projects) else {}),
        "comment": " ".join(f"#{number}: {said}" for number, said in enumerate(remarks, start=1)),
    }
    budget = _amount(poll.budget_cents)
    election = Election(meta, poll.vote_type, budget, None, _all_or_none(projects), [], (), poll.vote_columns)
    return election, counted


def _project(of: HeldProject, poll: HeldPoll) -> Project:
    return Project(
        id=of.id,
        cost=WITHDRAWN if of.is_withdrawn or _is_out_of_reach(of, poll) else _amount(of.cost_cents),
        name=_line(of.name) or MISSING,
        categories=tuple(dict.fromkeys(name for name in map(_line, of.categories) if name)),
        district=_line(of.district),
        description=_line(of.description),
        public_id=of.public_id,
        latitude=of.latitude if of.longitude is not None else None,
        longitude=of.longitude if of.latitude is not None else None,
        selected=int(of.has_won),
    )


def _is_out_of_reach(of: HeldProject, poll: HeldPoll) -> bool:
    """In a budget above that sum it would be one that could be paid."""
    return poll.budget_cents < of.cost_cents and poll.budget_cents < WITHDRAWN * 100


def _all_or_none(projects: list[Project]) -> list[Project]:
    description, district, public_id = (
        MISSING if any(getattr(project, name) for project in projects) else ""
        for name in ("description", "district", "public_id")
    )
    return [
        replace(
            project,
            description=project.description or description,
            district=project.district or district,
            public_id=project.public_id or public_id,
        )
        for project in projects
    ]


def _about(poll: HeldPoll, rule: str) -> dict[str, str]:
    district = _line(poll.district)
    return {
        "description": _line(poll.title),
        "country": poll.country,
        "unit": _line(poll.agency),
        **({"district": district, "subunit": district} if district else {}),
        "instance": str(poll.begins_on.year),
        "rule": rule,
        "date_begin": poll.begins_on.strftime("%d.%m.%Y"),
        "date_end": poll.ends_on.strftime("%d.%m.%Y"),
        "language": poll.language,
        "currency": poll.currency,
    }


def _ballot_rules(poll: HeldPoll) -> dict[str, str]:
    rules: dict[str, int] = {}
    said: dict[str, str] = {}
    if poll.max_choices and poll.vote_type != "choose-1":
        rules["max_length"] = min(poll.max_choices, len(poll.projects))
    if poll.vote_type == "cumulative":
        rules["max_points"] = poll.max_points
        rules["max_sum_points"] = poll.max_sum or poll.max_points * len(poll.projects)
    if poll.max_cost_cents is not None:
        said["max_sum_cost"] = decimal(_amount(poll.max_cost_cents))
    if rules_threshold := poll.threshold if poll.method == "greedy_threshold" else 0:
        rules["min_project_score_threshold"] = rules_threshold
    return {name: str(value) for name, value in rules.items()} | said


def _rule(poll: HeldPoll, projects: Sequence[Project], counted: Counted) -> str:
    rule = RULES.get(poll.method, UNKNOWN)
    if rule == THRESHOLD and not poll.threshold:
        rule = GREEDY
    results = counted.scores or counted.votes
    standings = [Standing(float(of.cost), int(results[of.id]), of.selected == 1) for of in projects]
    threshold = poll.threshold if rule == THRESHOLD else 0
    if rule == UNKNOWN or not holds(rule, standings, poll.budget_cents / 100, threshold):
        return UNKNOWN
    return rule


def _remarks(poll: HeldPoll, rule: str) -> list[str]:
    said = []
    if rule == UNKNOWN:
        form = f" ({_line(poll.form)})" if poll.form else ""
        said.append(f"Counted by the method {poll.method}{form}.")
    if poll.blank:
        said.append(f"Blank ballots, which are not listed here: {poll.blank}.")
    for of in poll.projects:
        if of.is_withdrawn:
            said.append(f"Project {of.id}, of {decimal(_amount(of.cost_cents))}, was withdrawn while people voted.")
        elif _is_out_of_reach(of, poll):
            said.append(f"Project {of.id} costs {decimal(_amount(of.cost_cents))}, more than the whole budget.")
    return said


def _amount(cents: int) -> int | Fraction:
    value = Fraction(cents, 100)
    return value.numerator if value.denominator == 1 else value


def _line(text: str) -> str:
    return " ".join(text.split())
