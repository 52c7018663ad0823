"""What the agency has laid down for one poll beyond its method, in sentences that a voter reads before voting."""

from django.utils.translation import gettext, ngettext

from accounts.refusals import Text
from frontend.formats import number
from voting.methods.borda import Borda
from voting.methods.rules import PLACES, POINTS, TAKES, Rules
from voting.models import Poll
from voting.polls.method_words import WORDS


def how_words(poll: Poll) -> Text:
    """How the method counts; without the simple majority where the agency asks for another one."""
    if "majority" in TAKES.get(poll.method, ()) and poll.form.majority:
        return gettext("Each person is for, against, or abstains.")
    return WORDS[poll.method].how


def rule_words(poll: Poll) -> list[str]:
    """One sentence for each rule that the method reads and that is not told on the ballot itself."""
    rules, takes = poll.form, TAKES.get(poll.method, ())
    sentences = []
    if "majority" in takes:
        sentences += _majority(rules)
    if "seats" in takes:
        sentences.append(
            ngettext("%(seats)s seat is to be filled.", "%(seats)s seats are to be filled.", rules.seats)
            % {"seats": number(rules.seats)}
        )
    if "ballot" in takes:
        sentences += _ballot(poll)
    if rules.threshold and "threshold" in takes:
        sentences.append(_threshold(poll))
    if isinstance(poll.counting, Borda):
        sentences += _places(rules)
    if "completion" in takes:
        sentences += _equal_shares(rules)
    return sentences


def _majority(rules: Rules) -> list[str]:
    sentences = []
    if rules.majority:
        of_all = rules.abstentions_count
        sentences.append(
            {
                "1/2": gettext("More than half must be for."),
                "3/5": gettext("At least three fifths must be for."),
                "2/3": gettext("At least two thirds must be for."),
                "3/4": gettext("At least three quarters must be for."),
            }[rules.majority]
            + " "
            + (
                gettext("Of all who vote: abstaining and a blank ballot count like a vote against.")
                if of_all
                else gettext("Of those who are for or against: abstaining does not count.")
            )
        )
    if rules.quorum:
        sentence = ngettext(
            "At least %(people)s person must vote; otherwise nothing is decided.",
            "At least %(people)s people must vote; otherwise nothing is decided.",
            rules.quorum,
        )
        sentences.append(sentence % {"people": number(rules.quorum)})
    return sentences


def _ballot(poll: Poll) -> list[str]:
    rules = poll.form
    if rules.ballot == POINTS:
        return [gettext("Points count as votes: a proposal has as many as people give it.")]
    if rules.ballot == PLACES:
        return [
            gettext("Places are points: the first is worth %(points)s, each one after it one less.")
            % {"points": number(poll.most_each)}
        ]
    return []


def _places(rules: Rules) -> list[str]:
    return [
        gettext("The first place is worth as many points as there are options, each one after it one less."),
        gettext("Options in the same place share the points of the places that they fill."),
        gettext("Options that a ballot leaves without a place share the points that are left.")
        if rules.unranked == "average"
        else gettext("Options that a ballot leaves without a place get no points from it."),
    ]


def _threshold(poll: Poll) -> str:
    least = poll.form.threshold
    if poll.method == Poll.Method.CAUSE:
        sentence = ngettext("%(votes)s supporter is needed.", "%(votes)s supporters are needed.", least)
    elif poll.shares_money and poll.most_each > 1:
        sentence = ngettext(
            "A proposal with fewer than %(votes)s point gets no money.",
            "A proposal with fewer than %(votes)s points gets no money.",
            least,
        )
    elif poll.shares_money:
        sentence = ngettext(
            "A proposal with fewer than %(votes)s vote gets no money.",
            "A proposal with fewer than %(votes)s votes gets no money.",
            least,
        )
    else:
        sentence = ngettext(
            "A list with fewer than %(votes)s vote gets no seat.",
            "A list with fewer than %(votes)s votes gets no seat.",
            least,
        )
    return sentence % {"votes": number(least)}


def _equal_shares(rules: Rules) -> list[str]:
    sentences = [
        gettext("To those who chose it, a dear proposal is worth more than a cheap one: as much more as it costs.")
        if rules.utility == "cost"
        else gettext("To those who chose it, a dear proposal is worth no more than a cheap one.")
    ]
    if rules.completion == "add1":
        sentences.append(gettext("If money is left, all shares grow equally until no other proposal fits."))
    elif rules.completion == "add1_run_on":
        sentences.append(gettext("If money is left, all shares grow equally as long as the budget is not exceeded."))
    if rules.then == "nothing":
        sentences.append(gettext("What is still left then is not spent."))
    elif rules.utility == "cost":
        sentences.append(gettext("What is still left then goes to the most voted proposals that fit."))
    else:
        sentences.append(
            gettext("What is still left then goes to the proposals that fit with the most votes for what they cost.")
        )
    if rules.comparison:
        sentences.append(
            gettext("If more people have more of their choices funded with “most votes first”, that outcome stands.")
        )
    return sentences
