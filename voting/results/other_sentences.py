"""The outcome of methods that are not simply about the most votes, in one sentence or two."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from frontend.formats import number, percent
from voting.models import Outcome, Poll
from voting.results.sections import Names, in_quotes, listed, rounded, share_of, votes


def other_sentence(poll: Poll, outcome: Outcome, names: Names) -> str:
    """Empty for methods that count votes for each option, and the most win."""
    explanation, winners = outcome.explanation, outcome.winners
    if poll.method == Poll.Method.IRV:
        return with_lot(_runoff(explanation, winners, names), outcome)
    if poll.method == Poll.Method.SCHULZE:
        return _duels(outcome, names)
    if poll.method == Poll.Method.STV:
        sentence = ngettext("%(seats)s seat: %(winners)s.", "%(seats)s seats: %(winners)s.", len(winners))
        return with_lot(sentence % {"seats": number(len(winners)), "winners": listed(winners, names)}, outcome)
    if "seats" in explanation:
        return with_lot(_seats(explanation, names), outcome)
    if poll.method == Poll.Method.CAUSE:
        return _cause(explanation, winners, names)
    if poll.method in (Poll.Method.SCORE, Poll.Method.SLIDER, Poll.Method.BORDA, Poll.Method.HIERARCHY):
        return _points(outcome, names)
    return _points(outcome, names) if poll.method == Poll.Method.CUMULATIVE else ""


def _runoff(explanation: Mapping[str, Any], winners: list[str], names: Names) -> str:
    rounds = explanation["rounds"]
    if not winners:
        return gettext("Nobody ranked any of the options.")
    last = rounds[-1]["votes"]
    words = {
        "winner": names[winners[0]],
        "votes": votes(last[winners[0]]),
        "share": percent(share_of(last[winners[0]], sum(last.values()))),
        "rounds": number(len(rounds)),
    }
    sentence = ngettext(
        "“%(winner)s” won in the first round, with %(votes)s votes: %(share)s of those that counted.",
        "“%(winner)s” won after %(rounds)s rounds, with %(votes)s votes: %(share)s of those that still counted.",
        len(rounds),
    )
    return sentence % words


def _duels(outcome: Outcome, names: Names) -> str:
    explanation = outcome.explanation
    if not outcome.winners:
        return gettext("Nobody ranked any of the options.")
    winner = names[outcome.winners[0]]
    if explanation["condorcet_winner"] == outcome.winners[0] and "weight" in explanation:
        return gettext("“%(winner)s” won: by weight, it is preferred to each other option.") % {"winner": winner}
    if explanation["condorcet_winner"] == outcome.winners[0]:
        return gettext("“%(winner)s” won: more people prefer it to each other option than the other way round.") % {
            "winner": winner
        }
    if explanation["decided_by"] == "lot":
        return gettext("%(options)s are equal. The lot, which anybody can draw again, fell on “%(winner)s”.") % {
            "options": listed(outcome.ties[0], names),
            "winner": winner,
        }
    return gettext("“%(winner)s” won. No option wins all its duels; this one has the strongest paths.") % {
        "winner": winner
    }


def _seats(explanation: Mapping[str, Any], names: Names) -> str:
    seats = [(count, option) for option, count in explanation["seats"].items() if count]
    if not seats:
        return gettext("Nobody chose any of the lists, so no seat was given out.")
    seats.sort(key=lambda row: -row[0])
    total = sum(count for count, _ in seats)
    sentence = ngettext("%(seats)s seat: %(lists)s.", "%(seats)s seats: %(lists)s.", total)
    lists = ", ".join(f"{in_quotes(names[option])} {number(count)}" for count, option in seats)
    return sentence % {"seats": number(total), "lists": lists}


def _cause(explanation: Mapping[str, Any], winners: list[str], names: Names) -> str:
    said = []
    for option, supporters in explanation["supporters"].items():
        sentence = ngettext(
            "“%(option)s” has %(supporters)s supporter.", "“%(option)s” has %(supporters)s supporters.", supporters
        )
        if "weight" in explanation:
            sentence = gettext("“%(option)s” has supporters with a weight of %(supporters)s.")
        said.append(sentence % {"option": names[option], "supporters": number(supporters)})
    if explanation["needed"] > 1:
        said.append(gettext("%(needed)s were needed.") % {"needed": number(explanation["needed"])})
    return " ".join(said)


def _points(outcome: Outcome, names: Names) -> str:
    explanation = outcome.explanation
    if explanation["decided_by"] == "no_votes":
        return gettext("Nobody chose any of the options.")
    if not outcome.winners:
        return gettext("A tie: %(options)s are equal.") % {"options": listed(outcome.ties[0], names)}
    row = next(row for row in explanation["ranking"] if row["option"] == outcome.winners[0])
    words = {"winner": names[row["option"]], "points": votes(row["votes"])}
    if row.get("mean") is not None:
        words["mean"] = rounded(row["mean"])
        if len(explanation["ranking"]) == 1:  # alone, it is not the first of anything
            return gettext("The marks for “%(winner)s” have a mean of %(mean)s.") % words
        sentence = gettext("“%(winner)s” came first, with %(points)s points and a mean of %(mean)s.") % words
    else:
        sentence = gettext("“%(winner)s” won, with %(points)s points.") % words
    return with_lot(sentence, outcome)


def with_lot(sentence: str, outcome: Outcome) -> str:
    """With the lot, where only that could tell equals apart. Who was equal is told where it happened."""
    if not outcome.winners or not outcome.ties:
        return sentence
    return f"{sentence} {gettext('The lot, which anybody can draw again, decided between equals.')}"
