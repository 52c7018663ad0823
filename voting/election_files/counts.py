"""Counting an election file by any method, and saying how it came out: what ``manage.py count`` prints. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from voting.election_files.elections import APPROVALS, Ballot, FileElection, groups_for
from voting.methods import METHODS, Method, Option, Outcome
from voting.methods.apart import count_apart
from voting.methods.base import Amount, Limits, Tell
from voting.methods.borda import Borda
from voting.methods.equal_shares import EqualShares
from voting.methods.for_against_abstain import ABSTAIN, AGAINST, FOR
from voting.methods.irv import InstantRunoff
from voting.methods.lots import draw, seed_of
from voting.methods.money import Money, shares

OFFICIAL = "official"

SHAPES = {
    **dict.fromkeys(("for_against_abstain", "single_choice", "cause", "dhondt", "sainte_lague", "hare"), "one choice"),
    **dict.fromkeys(("approval", "phragmen"), "approvals"),
    **dict.fromkeys(("irv", "schulze", "stv", "borda", "hierarchy"), "rankings"),
}
"""What each method reads; points, where it is not here."""

RULES: dict[str, tuple[str, dict[str, Any], str]] = {
    "greedy": ("greedy", {}, ""),
    "greedy-threshold": ("greedy_threshold", {}, ""),
    "greedy-no-skip": ("greedy_no_skip", {}, ""),
    "greedy-exclusive": ("greedy", {}, "the file does not say which projects exclude each other: counted without that"),
    "greedy-custom": ("greedy_no_skip", {}, "the file names a rule of its own: counted as greedy_no_skip"),
    "equalshares": ("equal_shares", {"completion": "none"}, ""),
    "equalshares-comparison": ("equal_shares", {"completion": "none", "comparison": True}, ""),
    "equalshares/add1": ("equal_shares", {"completion": "add1_run_on"}, ""),
    "equalshares/add1-comparison": ("equal_shares", {"completion": "add1_run_on", "comparison": True}, ""),
}
"""What Pabulib's ``rule`` says -> method, its form, and what must be said about it."""


class CannotCount(Exception):
    """This file cannot be counted by this method; the sentence says why."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for. None: as the file or the method has it. weights: of the groups that ``by`` makes."""

    completion: str = "none"
    then: str = "nothing"
    utility: str | None = None
    comparison: bool = False
    batch: bool = False
    unranked: str = "nothing"
    scoring: str | None = None
    seats: int | None = None
    threshold: Fraction | None = None
    seed: str | None = None
    lots: tuple[str, ...] | None = None
    by: str = ""
    weights: Mapping[str, Fraction] | None = None


def count_file(
    election: FileElection, code: str, wishes: Wishes, tell: Tell | None = None
) -> tuple[Outcome, dict[str, Any]]:
    """The outcome, and the line about it, ready for JSON."""
    note = ""
    if code == OFFICIAL:
        code, wishes, note = _official(election, wishes)
    count = _prepared(election, code, wishes)
    ballots = count.ballots
    if not wishes.by:
        outcome = count.outcome(ballots, tell)
        return outcome, _line(election, code, outcome, ballots, note)
    outcome, groups = _counted_apart(count, code, wishes, tell)
    return outcome, _line(election, code, outcome, ballots, note) | {"by": wishes.by, "groups": groups}


def compare(election: FileElection, codes: Sequence[str], wishes: Wishes, tell: Tell | None = None) -> dict[str, Any]:
    """The same ballots by several methods: winners, cost, share of voters without a winner, winners per voter."""
    rows = []
    for code in codes:
        row_wishes, note = wishes, ""
        name = code
        if code == OFFICIAL:
            code, row_wishes, note = _official(election, wishes)
        count = _prepared(election, code, row_wishes)
        groups = count.ballots
        outcome = count.outcome(groups, tell)
        rows.append(
            {
                "method": code,
                **({"asked_for": name} if name != code else {}),
                "winners": list(outcome.winners),
                "total_cost": _total_cost(election, code, outcome),
                **{key: round(float(share), 4) for key, share in shares(groups, outcome.winners).items()},
                **({"note": note} if note else {}),
            }
        )
    everywhere = set.intersection(*(set(row["winners"]) for row in rows))
    for row in rows:
        row["not_in_all"] = [option for option in row["winners"] if option not in everywhere]
    notes = _broken_limits(election)
    return {"file": str(election.path), "compare": rows, **({"note": "; ".join(notes)} if notes else {})}


def _official(election: FileElection, wishes: Wishes) -> tuple[str, Wishes, str]:
    rule = "".join(election.meta.get("rule", "").lower().split())
    if rule not in RULES:
        raise CannotCount(f"the rule {rule!r} names no method; choose one with --method")
    code, form, note = RULES[rule]
    if election.limits.threshold and code == "greedy":
        code = "greedy_threshold"
    return code, replace(wishes, then="nothing", utility=None, scoring=None, **form), note


class _Count(NamedTuple):
    """All that a count needs. shape: in which the method reads ballots."""

    method: Method
    election: FileElection
    options: list[Option]
    limits: Limits
    lots: list[str]
    shape: tuple[str, str]

    @property
    def ballots(self) -> list[tuple[Ballot, Amount]]:
        return self._of(self.election)

    def group(self, group: str) -> list[tuple[Ballot, Amount]]:
        return self._of(replace(self.election, ballots=self.election.apart[group]))

    def _of(self, election: FileElection) -> list[tuple[Ballot, Amount]]:
        try:
            return groups_for(election, *self.shape)
        except ValueError as wrong:
            raise CannotCount(f"{self.method.code}: {wrong}") from None

    def outcome(self, ballots: list[tuple[Ballot, Amount]], tell: Tell | None) -> Outcome:
        return self.method.count(ballots, self.options, self.limits, self.lots, tell)


def _prepared(election: FileElection, code: str, wishes: Wishes) -> _Count:
    method = _method(code, election, wishes)
    if method.money and election.limits.budget is None:
        raise CannotCount(f"{code} shares out a budget, and the file has none")
    # Where votes are weighed against money, a last place is worth nothing, as in the studies of these methods; where
    # points are only added up, as cities do, it is worth one.
    scoring = wishes.scoring or ("borda" if code in ("greedy_per_cost", "equal_shares") else "places")
    limits = election.limits
    if wishes.seats is not None:
        limits = replace(limits, seats=wishes.seats)
    if wishes.threshold is not None:
        limits = replace(limits, threshold=wishes.threshold)
    lots = election.natural_order
    if wishes.seed is not None:
        lots = list(draw(seed_of(b"", wishes.seed), lots))
    if wishes.lots is not None:
        if sorted(wishes.lots) != sorted(lots):
            raise CannotCount("the lots must hold each option of the file once")
        lots = list(wishes.lots)
    return _Count(method, election, _options(election, code), limits, lots, (SHAPES.get(code, "points"), scoring))


def _counted_apart(count: _Count, code: str, wishes: Wishes, tell: Tell | None) -> tuple[Outcome, list[dict[str, Any]]]:
    """The joined outcome, and of each group what it would have decided alone."""
    ballots_of = {group: count.group(group) for group in count.election.apart}
    try:
        joined, alone = count_apart(
            count.method, ballots_of, count.options, count.limits, count.lots, wishes.weights, tell
        )
    except ValueError as wrong:
        raise CannotCount(str(wrong)) from None
    rows = []
    for group, outcome in alone.items():
        line = _line(count.election, code, outcome, ballots_of[group], "")
        kept = ("winners", "total_cost", "voters", "rounds", "ties", "explanation")
        rows.append({"group": group, **{key: line[key] for key in kept}})
    return joined, rows


def _method(code: str, election: FileElection, wishes: Wishes) -> Method:
    """The method in the form that was asked for."""
    if code == "equal_shares":
        utility = wishes.utility or ("cost" if election.kind == APPROVALS else "cardinality")
        approvals = election.kind == APPROVALS  # of points the file does not always say how many one may give
        return EqualShares(utility, wishes.completion, wishes.then, wishes.comparison, tell_votes_needed=approvals)
    if code == "irv":
        return InstantRunoff(batch=wishes.batch)
    if code == "borda":
        return Borda(unranked=wishes.unranked)
    return METHODS[code]


def _options(election: FileElection, code: str) -> list[Option]:
    if code != "for_against_abstain":
        return election.options
    if len(election.options) != 3:
        raise CannotCount("for_against_abstain needs three options in this order: for, against, abstain")
    kinds = (FOR, AGAINST, ABSTAIN)
    return [replace(option, kind=kind) for option, kind in zip(election.options, kinds, strict=True)]


def _line(
    election: FileElection, code: str, outcome: Outcome, groups: Sequence[tuple[Ballot, Amount]], note: str
) -> dict[str, Any]:
    explanation = dict(outcome.explanation)
    rounds = explanation.pop("rounds", None) or explanation.pop("stages", None)
    if rounds is None:
        rounds = explanation.pop("projects", None) or explanation.pop("awarded", None) or []
    line = {
        "file": str(election.path),
        "method": code,
        "winners": list(outcome.winners),
        "total_cost": _total_cost(election, code, outcome),
        "voters": sum(weight for _, weight in groups),
        "rounds": rounds,
        "ties": _ties(outcome, rounds),
        "explanation": explanation,
        "names": {option.id: election.names.get(option.id, "") for option in election.options},
    }
    if election.official is not None:
        line["official"] = list(election.official)
        line["same_as_official"] = set(election.official) == set(outcome.winners)
    notes = [*([note] if note else []), *_broken_limits(election)]
    if notes:
        line["note"] = "; ".join(notes)
    return {key: in_file_units(value, election.scale) for key, value in line.items()}


def _broken_limits(election: FileElection) -> list[str]:
    return [
        f"votes that break the file's own {key}, counted as they are: {votes}"
        for key, votes in election.broken_limits.items()
    ]


def _ties(outcome: Outcome, rounds: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every tie that was met, and what broke it: those that the rounds name, and those between whole options."""
    met = [
        {"options": row["tied"], "broken_by": row["broken_by"], "round": number}
        for number, row in enumerate(rounds, start=1)
        if row.get("tied")
    ]
    named = [set(tie["options"]) for tie in met]
    for tied in outcome.ties:
        if set(tied) not in named:
            met.append({"options": list(tied), "broken_by": "lot" if outcome.winners else "nothing", "round": None})
    return met


def _total_cost(election: FileElection, code: str, outcome: Outcome) -> Any:
    if not METHODS[code].money:
        return None
    cost = {option.id: option.cost for option in election.options}
    return in_file_units(Money(sum(cost[option] for option in outcome.winners)), election.scale)


def in_file_units(value: Any, scale: int) -> Any:
    """Ready for JSON: money in the unit that the file uses, exact decimals as numbers, other fractions as text."""
    if isinstance(value, Money):
        return _number(Fraction(int(value), scale))
    if isinstance(value, Fraction | Decimal):
        return _number(Fraction(value))
    if isinstance(value, Mapping):
        return {str(key): in_file_units(part, scale) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_file_units(part, scale) for part in value]
    return value


def _number(value: Fraction) -> int | float | str:
    if value.denominator == 1:
        return value.numerator
    short = float(value)  # written out, a float is the shortest text that means it: exact for a short decimal
    return short if Fraction(str(short)) == value else str(value)
