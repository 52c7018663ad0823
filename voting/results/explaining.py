"""Which sections explain an outcome, by the shape of its explanation."""

from django.utils.translation import gettext

from voting.ballots.folding import STEP
from voting.methods.rankings import RankingMethod
from voting.methods.score import Score
from voting.models import Outcome, Poll
from voting.results.outcomes import currency_of, has_no_votes
from voting.results.purchases import equal_shares, phragmen
from voting.results.rounds import runoff, transfers
from voting.results.sections import Section
from voting.results.standings import duels, marks, points, seats


def sections_of(poll: Poll, outcome: Outcome) -> list[Section]:
    """How the outcome came about. The caller has asked the gate."""
    explanation, winners = outcome.explanation, outcome.winners
    if not explanation["voters"] or has_no_votes(poll, outcome):
        return []
    names = {str(option.pk): str(option) for option in poll.options.all()}
    if poll.method == Poll.Method.IRV:
        return runoff(explanation, winners, names)
    if poll.method == Poll.Method.STV:
        return transfers(explanation, winners, names)
    if poll.method == Poll.Method.SCHULZE:
        return duels(explanation, winners, names)
    if "awarded" in explanation:
        return seats(explanation, names)
    if poll.method == Poll.Method.EQUAL_SHARES:
        return equal_shares(explanation, winners, names, currency_of(poll), counts_head(poll))
    if poll.method == Poll.Method.PHRAGMEN:
        return phragmen(explanation, names, currency_of(poll))
    counting = poll.counting
    if isinstance(counting, Score):
        values = range(counting.lowest, counting.highest + 1, counting.step)
        return marks(explanation, winners, names, values)
    if isinstance(counting, RankingMethod):
        return points(explanation, winners, names)
    return []


def counts_words(poll: Poll) -> str:
    """What the count is of, where it is not simply of votes; so that nobody takes it for the result.

    And why it stands still after a vote, where it does.
    """
    return " ".join(words for words in (_count_of(poll), _steps_words(poll)) if words)


def _steps_words(poll: Poll) -> str:
    if poll.disclosure != Poll.Disclosure.AUDITORS or poll.is_closed:
        return ""
    sentence = gettext(
        "The figures move in steps of %(step)s voters and stay a step behind, "
        "so that nobody's vote can be read from them."
    )
    return sentence % {"step": STEP}


def _count_of(poll: Poll) -> str:
    if isinstance(poll.counting, RankingMethod):
        return gettext("First preferences. Who wins depends on the whole order of each ballot, not on these alone.")
    gives_points = poll.most_each > 1
    if poll.counting.needs_ballots and gives_points:
        return gettext("The points of each proposal. What wins depends on who gave them, not on these figures alone.")
    if poll.counting.needs_ballots:
        return gettext("How many chose each proposal. What wins depends on who chose what, not on these figures alone.")
    if gives_points:
        return gettext("Points, and what part they are of the most that all who voted could give.")
    return ""


def counts_head(poll: Poll) -> str:
    """The head of the column of numbers."""
    if isinstance(poll.counting, RankingMethod):
        return gettext("First preferences")
    return gettext("Votes") if poll.ballot_kind in ("one", "several") else gettext("Points")
