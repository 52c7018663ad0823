"""For, against or abstain: the vote of an assembly, and of DemocracyOS."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, ClassVar

from voting.methods.base import Amount, Choices, Limits, Option, Outcome, Tally, weight_of
from voting.methods.counting import CountingMethod, require_chosen_at_most

FOR = "for"
AGAINST = "against"
ABSTAIN = "abstain"


class ForAgainstAbstain(CountingMethod):
    """One of three sides, told by the ``kind`` of the option. Whoever abstains takes part and takes neither side.

    explanation: ``for``, ``against``, ``abstain``, ``margin`` (for minus against), ``voters``, ``blank``, and
    ``decided_by``: votes, or nothing (as many for as against), or no_votes (nobody took a side). The agency may ask for
    more: a ``limits.quorum`` of voters (people: missed, no_quorum; kept under ``quorum``), a ``limits.majority`` (kept
    with ``of`` and ``needed``, in votes, or in weight where ballots weigh more than 1).

    >>> sides = [Option("1", FOR), Option("2", AGAINST), Option("3", ABSTAIN)]
    >>> tally = {"counts": {"1": 4, "2": 3, "3": 9}, "voters": 17, "blank": 1}
    >>> ForAgainstAbstain().outcome(tally, sides, Limits()).winners
    ('1',)
    """

    code: ClassVar[str] = "for_against_abstain"

    def check(self, choices: Choices, options: Sequence[Option], limits: Limits) -> None:
        require_chosen_at_most(choices, options, allowed=1)

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        """The side with more votes. A tie is named and left standing: a lot never decides a question of yes or no."""
        side = _by_kind(options)
        counts = {kind: tally["counts"][side[kind]] for kind in (FOR, AGAINST, ABSTAIN)}
        margin = counts[FOR] - counts[AGAINST]
        explanation = {**counts, "margin": margin, "voters": tally["voters"], "blank": tally["blank"]}
        if limits.quorum:
            explanation["quorum"] = limits.quorum
            if tally["voters"] < limits.quorum:
                return Outcome(winners=(), explanation={**explanation, "decided_by": "no_quorum"})
        if limits.majority is not None:
            return _by_majority(side, counts, explanation, limits, weight_of(tally))
        if margin:
            winner = side[FOR] if margin > 0 else side[AGAINST]
            return Outcome(winners=(winner,), explanation={**explanation, "decided_by": "votes"})
        if not counts[FOR]:
            return Outcome(winners=(), explanation={**explanation, "decided_by": "no_votes"})
        return Outcome(
            winners=(),
            ties=((side[FOR], side[AGAINST]),),
            explanation={**explanation, "decided_by": "nothing"},
        )


def _by_majority(
    side: dict[str, str], counts: dict[str, Amount], explanation: dict[str, Any], limits: Limits, whole: Amount
) -> Outcome:
    """A share of those who took a side (or of the ``whole``, abstentions and blank ballots too) must be for it: more
    than half, where that is the share; otherwise at least the share. Short of it, the answer is no."""
    assert limits.majority is not None
    of = whole if limits.abstentions_count else counts[FOR] + counts[AGAINST]
    needed = of * limits.majority
    least = floor(needed) + 1 if limits.majority == Fraction(1, 2) else ceil(needed)
    explanation |= {"majority": limits.majority, "of": of, "needed": least}
    if not of:
        return Outcome(winners=(), explanation={**explanation, "decided_by": "no_votes"})
    winner = side[FOR] if counts[FOR] >= least else side[AGAINST]
    return Outcome(winners=(winner,), explanation={**explanation, "decided_by": "votes"})


def _by_kind(options: Sequence[Option]) -> dict[str, str]:
    kinds = sorted(option.kind for option in options)
    if kinds != sorted((FOR, AGAINST, ABSTAIN)):
        raise ValueError(f"Needs one option each of {FOR}, {AGAINST} and {ABSTAIN}, not {kinds}")
    return {option.kind: option.id for option in options}
