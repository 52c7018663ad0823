"""Which sections explain an outcome, by the shape of its explanation."""

from django.utils.translation import gettext

from voting.methods.rankings import RankingMethod
from voting.models import Outcome, Poll
from voting.results.rounds import runoff, transfers
from voting.results.sections import Section


def sections_of(poll: Poll, outcome: Outcome) -> list[Section]:
    """How the outcome came about. The caller has asked the gate."""
    explanation, winners = outcome.explanation, outcome.winners
    if not explanation["voters"]:
        return []
    names = {str(option.pk): str(option) for option in poll.options.all()}
    if poll.method == Poll.Method.IRV:
        return runoff(explanation, winners, names)
    if poll.method == Poll.Method.STV:
        return transfers(explanation, winners, names)
    return []


def counts_words(poll: Poll) -> str:
    """What the running count is of, where it is not simply of votes; so that nobody takes it for the result."""
    if isinstance(poll.counting, RankingMethod):
        return gettext("First preferences. Who wins depends on the whole order of each ballot, counted at the close.")
    if poll.counting.needs_ballots:
        return gettext("How many chose each proposal. What wins depends on who chose what, counted at the close.")
    return ""


def counts_head(poll: Poll) -> str:
    """The head of the column of numbers."""
    if isinstance(poll.counting, RankingMethod):
        return gettext("First preferences")
    return gettext("Votes") if poll.ballot_kind in ("one", "several") else gettext("Points")
