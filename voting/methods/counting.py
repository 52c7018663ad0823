"""What methods share whose tally is one number for each option."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from voting.methods.base import (
    Amount,
    Choices,
    Groups,
    InvalidBallot,
    Limits,
    Method,
    Option,
    Outcome,
    Tally,
    Tell,
    count_voter,
    weight_of,
)


class CountingMethod(Method):
    """Adds up the values that each option was given.

    >>> from voting.methods import METHODS
    >>> approval = METHODS["approval"]
    >>> tally = approval.empty_tally([Option("plaza"), Option("bikes")])
    >>> approval.add(tally, {"plaza": 1})
    >>> approval.add(tally, {})
    >>> tally
    {'counts': {'plaza': 1, 'bikes': 0}, 'voters': 2, 'blank': 1}
    """

    def empty_tally(self, options: Sequence[Option]) -> Tally:
        return {"counts": {option.id: 0 for option in options}, "voters": 0, "blank": 0}

    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        counts = tally["counts"]
        _require_counted(choices, counts)
        for option, value in choices.items():
            counts[option] += value * weight
        count_voter(tally, choices, weight)

    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        counts = tally["counts"]
        _require_counted(choices, counts)
        # Looked at as a whole before anything changes, so that a refusal leaves the tally as it was.
        short = [option for option, value in choices.items() if counts[option] < value * weight]
        if short or not has_counted(tally, choices, weight):
            raise ValueError(f"This ballot was never counted: {dict(choices)}")
        for option, value in choices.items():
            counts[option] -= value * weight
        count_voter(tally, choices, weight, by=-1)

    def count(
        self,
        groups: Groups,
        options: Sequence[Option],
        limits: Limits,
        lots: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> Outcome:
        tally = self.empty_tally(options)
        for choices, weight in groups:
            self.weigh(tally, choices, weight)
        return self.outcome(tally, options, limits, lots)

    def weigh(self, tally: Tally, choices: Mapping[str, Amount], weight: Amount) -> None:
        """Count so many equal ballots at once, or one that weighs so much."""
        counts = tally["counts"]
        for option, value in choices.items():
            counts[option] += value * weight
        tally["voters"] += weight
        if not choices:
            tally["blank"] += weight


def has_counted(tally: Tally, choices: Choices, weight: int) -> bool:
    """Whether one ballot of this weight, blank or not, can be among those that a tally counts."""
    others = tally["voters"] - 1  # of whom each weighs 1 at least
    return others >= 0 and bool(choices or tally["blank"]) and weight_of(tally) - weight >= others


def blank_of(groups: Groups) -> Amount:
    """How many ballots choose nothing."""
    return sum(weight for choices, weight in groups if not choices)


def require_chosen_at_most(
    choices: Choices, options: Sequence[Option], allowed: int | None, max_points: int = 1
) -> None:
    """Each choice is one of the options, its value 1 (or up to ``max_points``); at most ``allowed`` of them (None: any
    number).

    >>> require_chosen_at_most({"a": 1, "b": 1}, [Option("a"), Option("b")], allowed=1)
    Traceback (most recent call last):
    voting.methods.base.InvalidBallot: ('too_many_choices', {'chosen': 2, 'allowed': 1})
    """
    known = {option.id for option in options}
    for option, value in choices.items():
        if option not in known:
            raise InvalidBallot("unknown_option", option=option)
        # True equals 1 and would be counted, but it is not what was agreed.
        if type(value) is not int or not 1 <= value <= max_points:
            raise InvalidBallot("wrong_value", option=option, value=value)
    if allowed is not None and len(choices) > allowed:
        raise InvalidBallot("too_many_choices", chosen=len(choices), allowed=allowed)


def require_sum_at_most(choices: Choices, allowed: int | None) -> None:
    """The points of a ballot together are at most ``allowed`` (None: as many as they like)."""
    given = sum(choices.values())
    if allowed is not None and given > allowed:
        raise InvalidBallot("too_many_points", given=given, allowed=allowed)


def ranking(tally: Tally, options: Sequence[Option], lots: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Options by falling count, each with its place; equal counts share a place (1, 2, 2, 4).

    Within a place they stand in the order of ``lots``, or else in the order in which the poll lists them.

    >>> tally = {"counts": {"a": 3, "b": 5, "c": 3}, "voters": 9, "blank": 0}
    >>> [(row["place"], row["option"]) for row in ranking(tally, [Option("a"), Option("b"), Option("c")])]
    [(1, 'b'), (2, 'a'), (2, 'c')]
    """
    counts = tally["counts"]
    order = {option: place for place, option in enumerate(lots or [option.id for option in options])}
    ids = sorted((option.id for option in options), key=lambda option: (-counts[option], order[option]))
    rows: list[dict[str, Any]] = []
    for number, option in enumerate(ids, start=1):
        shares_place = rows and rows[-1]["votes"] == counts[option]
        place = rows[-1]["place"] if shares_place else number
        rows.append({"option": option, "votes": counts[option], "place": place})
    return rows


def most_votes(
    tally: Tally,
    options: Sequence[Option],
    limits: Limits,
    lots: Sequence[str] = (),
    eligible: Container[str] | None = None,
) -> Outcome:
    """The option with the most votes wins; between equals the lot decides, and without a lot nobody does.

    eligible: which options can win at all; None: those with more than no votes.

    explanation: ``ranking`` (as above), ``voters``, ``blank``, and ``decided_by``: votes, lot, or nothing
    (a tie without a lot), or no_votes.
    """
    rows = ranking(tally, options, lots)
    running = [row for row in rows if (row["votes"] > 0 if eligible is None else row["option"] in eligible)]
    leaders = tuple(row["option"] for row in running if row["votes"] == running[0]["votes"])
    if not leaders:
        decided_by = "no_votes"
    elif len(leaders) == 1:
        decided_by = "votes"
    else:
        decided_by = "lot" if lots else "nothing"
    return Outcome(
        winners=leaders[:1] if decided_by in {"votes", "lot"} else (),
        ties=(leaders,) if len(leaders) > 1 else (),
        explanation={
            "ranking": rows,
            "voters": tally["voters"],
            "blank": tally["blank"],
            "decided_by": decided_by,
        },
    )


def _require_counted(choices: Choices, counts: dict[str, int]) -> None:
    unknown = choices.keys() - counts.keys()
    if unknown:
        raise ValueError(f"Not in this tally: {sorted(unknown)}")
