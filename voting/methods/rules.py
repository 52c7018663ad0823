"""What a poll says about its method beyond the method's name: seats, points, thresholds, forms. Ready for the log."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from fractions import Fraction
from typing import Any

from voting.methods.base import Limits, Method
from voting.methods.borda import Borda
from voting.methods.equal_shares import EqualShares
from voting.methods.knapsack import Knapsack
from voting.methods.placed import Placed
from voting.methods.score import Score

APPROVALS, KNAPSACK, POINTS, PLACES = "approvals", "knapsack", "points", "places"
BALLOTS = (APPROVALS, KNAPSACK, POINTS, PLACES)
MAJORITIES = ("", "1/2", "3/5", "2/3", "3/4")
SCALES = (3, 5, 10)


@dataclass(frozen=True, slots=True)
class Rules:
    """Each method reads its own (``TAKES``). ballot: what a ballot of a budget gives its projects; "knapsack" is ticks
    that cost no more together than there is.

    majority: the share that "for" needs, as a fraction in words; empty: more for than against. highest: of a score.
    """

    ballot: str = APPROVALS
    max_sum: int | None = None
    seats: int = 1
    threshold: int = 0
    quorum: int = 0
    majority: str = ""
    abstentions_count: bool = False
    highest: int = 10
    unranked: str = "nothing"
    utility: str = "cost"
    completion: str = "add1"
    then: str = "greedy"
    comparison: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Rules":
        return cls(**data)

    def only_of(self, code: str) -> "Rules":
        """Those that the method reads; the others as they are by default."""
        return replace(Rules(), **{name: getattr(self, name) for name in TAKES.get(code, ()) if name in _NAMES})

    def as_json(self) -> dict[str, Any]:
        """Those that are not as by default."""
        defaults = asdict(Rules())
        return {name: value for name, value in asdict(self).items() if value != defaults[name]}

    def limits(self, limits: Limits) -> Limits:
        """``limits`` with what these rules say."""
        return replace(
            limits,
            max_sum=self.max_sum,
            seats=self.seats,
            threshold=self.threshold,
            quorum=self.quorum,
            majority=Fraction(self.majority) if self.majority else None,
            abstentions_count=self.abstentions_count,
        )


_NAMES = {field.name for field in fields(Rules)}

_BUDGET = ("ballot", "max_choices", "max_points", "max_sum")
TAKES: dict[str, tuple[str, ...]] = {
    "for_against_abstain": ("majority", "abstentions_count", "quorum"),
    "approval": ("max_choices",),
    "score": ("highest",),
    "cumulative": ("max_sum", "max_points"),
    "borda": ("max_choices", "unranked"),
    **dict.fromkeys(("irv", "schulze", "hierarchy"), ("max_choices",)),
    "stv": ("seats", "max_choices"),
    **dict.fromkeys(("dhondt", "sainte_lague", "hare"), ("seats", "threshold")),
    "greedy": _BUDGET,
    **dict.fromkeys(("greedy_no_skip", "greedy_threshold", "greedy_per_cost"), (*_BUDGET, "threshold")),
    "equal_shares": (*_BUDGET, "utility", "completion", "then", "comparison"),
    "phragmen": ("max_choices",),
    "cause": ("threshold",),
}
"""What can be said about each method; ``max_choices`` and ``max_points`` are the poll's own."""


def in_form(method: Method, rules: Rules, places: int) -> Method:
    """The method in the form that ``rules`` give it. places: how many a ballot may give, where it gives places."""
    if isinstance(method, EqualShares):
        method = EqualShares(rules.utility, rules.completion, rules.then, rules.comparison, tell_votes_needed=True)
    elif type(method) is Score:
        method = Score(highest=rules.highest)
    elif type(method) is Borda:
        method = Borda(unranked=rules.unranked)
    if rules.ballot == PLACES:
        return Placed(method, places)
    return Knapsack(method) if rules.ballot == KNAPSACK else method
