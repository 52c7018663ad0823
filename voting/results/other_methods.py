"""What would differ under the other methods of sharing out a budget, on the same final ballots.

Counted when somebody first looks, or for many ballots by the worker; kept, as it never changes. Whoever shows it has
asked the gate: it tells as much of the count as the outcome does.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from frontend.formats import money, number
from voting.ballots.closing import order_of_lots, standing_ballots, without
from voting.methods import METHODS, Method
from voting.methods.base import Amount, Limits, Option
from voting.methods.equal_shares import EqualShares
from voting.methods.placed import Placed
from voting.models import OtherOutcomes, Outcome, Poll
from voting.results.gate import is_public_count
from voting.results.outcomes import currency_of, has_no_votes
from voting.results.sections import Row, Section, Table, listed

GREEDY = Poll.Method.GREEDY.value
METHODS_COMPARED: dict[str, Method] = {
    "greedy": METHODS["greedy"],
    "greedy_no_skip": METHODS["greedy_no_skip"],
    "greedy_per_cost": METHODS["greedy_per_cost"],
    "equal_shares": EqualShares("cost", "add1", "greedy"),
    "phragmen": METHODS["phragmen"],
}
MOST_AT_ONCE = 20_000  # ticks on different ballots that are counted while somebody waits for the page


def other_outcomes(poll: Poll) -> OtherOutcomes | None:
    """None where they are not counted yet, and there are too many ballots to do it now."""
    kept = OtherOutcomes.objects.filter(poll=poll).first()
    if kept is not None:
        return kept
    ballots = standing_ballots(poll.pk)
    if sum(len(choices) for choices, _ in ballots) > MOST_AT_ONCE:
        return None
    return _count(poll, ballots)


def count_those_waiting(now: datetime) -> None:
    """Closed budgets whose other outcomes nobody has counted. Called by every worker every minute; one at a time."""
    waiting = Poll.objects.filter(
        closed_at__isnull=False, outcome__isnull=False, other_outcomes__isnull=True, method__in=METHODS_OF_MONEY
    )
    for poll in waiting.select_related("consultation__budget", "district", "outcome").order_by("-closed_at"):
        if is_public_count(poll):
            _count(poll, standing_ballots(poll.pk))
            return


METHODS_OF_MONEY = [code for code, method in METHODS.items() if method.money]


def _count(poll: Poll, ballots: list[tuple[dict[str, int], int]]) -> OtherOutcomes:
    counting, withdrawn = poll.counting, poll.withdrawn_options()
    options = [option for option in poll.counted_options() if option.id not in withdrawn]
    points = counting.points if isinstance(counting, Placed) else dict
    groups = [(points(choices), int(weight)) for choices, weight in without(ballots, withdrawn)]
    limits = Limits(budget=poll.money_cents or 0, max_points=max(poll.max_points, poll.most_each))
    order = order_of_lots(poll)
    below = _below(poll.limits.threshold, options, groups)

    def winners_by(method: Method, left_out: set[str]) -> list[str]:
        running = [option for option in options if option.id not in left_out]
        draw = [option for option in order if option not in left_out]
        return list(method.count(without(groups, left_out), running, limits, draw).winners)

    winners = {
        code: winners_by(method, set() if code == GREEDY else below)
        for code, method in METHODS_COMPARED.items()
        if code != poll.method
    }
    return OtherOutcomes.objects.get_or_create(poll=poll, defaults={"winners": winners})[0]


def _below(threshold: Amount, options: list[Option], groups: list[tuple[dict[str, int], int]]) -> set[str]:
    """What the poll's own least number of votes keeps from winning, for the methods that know none."""
    votes: Counter[str] = Counter()
    for choices, count in groups:
        for option, amount in choices.items():
            votes[option] += amount * count
    return {option.id for option in options if votes[option.id] < threshold}


def difference(poll: Poll, outcome: Outcome) -> list[Section]:
    """A table with a row for each other method: who would have won too, and who would not. Nothing where unknown."""
    if not outcome.explanation["voters"] or has_no_votes(poll, outcome):
        return []
    others = other_outcomes(poll)
    if others is None:
        return []
    names = {str(option.pk): str(option) for option in poll.options.all()}
    costs = {option.id: option.cost for option in poll.counted_options()}
    ours = set(outcome.winners)
    rows = []
    for code, winners in others.winners.items():
        theirs = [option for option in winners if option not in ours]
        missing = [option for option in outcome.winners if option not in set(winners)]
        cells: list[Any] = [
            number(len(winners)),
            money(sum(costs[option] for option in winners), currency_of(poll)),
            _words(theirs, missing, names),
        ]
        rows.append(Row(str(Poll.Method(code).label), cells))
    heads = [gettext("Method"), gettext("Winners"), gettext("Spent"), gettext("What would differ")]
    return [
        Section(
            title=gettext("What would differ under the other methods"),
            sentences=[
                gettext(
                    "The same ballots, counted otherwise. The method was fixed before the vote, and people vote "
                    "otherwise when another one counts: this decides nothing."
                ),
                *([_about_threshold()] if poll.limits.threshold else ()),
            ],
            tables=[Table(gettext("The other methods on the same ballots"), heads, rows, words=heads[-1:])],
        )
    ]


def _about_threshold() -> str:
    return gettext("The least number of votes holds under them too, except under “%(method)s”.") % {
        "method": Poll.Method.GREEDY.label
    }


def _words(theirs: list[str], missing: list[str], names: dict[str, str]) -> str:
    if not theirs and not missing:
        return gettext("Nothing: the same proposals win.")
    said = []
    if theirs:
        words = ngettext("%(options)s would win.", "%(options)s would win.", len(theirs))
        said.append(words % {"options": listed(theirs, names)})
    if missing:
        words = ngettext("%(options)s would not.", "%(options)s would not.", len(missing))
        said.append(words % {"options": listed(missing, names)})
    return " ".join(said)
