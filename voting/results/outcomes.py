"""An outcome in words: the sentence first, then what won and why, for people who do not read JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext, pgettext

from frontend.figures import share
from frontend.formats import money, number, percent
from voting.methods.greedy import AFTER_THE_STOP, BELOW_THRESHOLD, DEARER_THAN_BUDGET
from voting.models import Option, Outcome, Poll
from voting.results.other_sentences import other_sentence, with_lot
from voting.results.sections import in_quotes, listed
from voting.results.weighed import weighed_sides, weighed_winner, whole_of

Names = Mapping[str, str]  # option id -> label


@dataclass(frozen=True)
class Allocated:
    """A proposal in a budget's outcome. ``why``: why it got no money, empty for one that did."""

    option: Option
    votes: int
    cost_cents: int
    why: str


@dataclass(frozen=True)
class Allocation:
    """What a budget's money went to, in the order in which it was given out, and what got none."""

    budget_cents: int
    spent_cents: int
    currency: str
    counts_points: bool  # each ballot gave points, not just one vote
    winners: list[Allocated]
    others: list[Allocated]
    ties: list[str]  # who had as many votes, and what told them apart

    @property
    def unchosen(self) -> str:
        """What won though nobody chose it: most methods fund what still fits."""
        names = [in_quotes(str(row.option)) for row in self.winners if not row.votes]
        if not names:
            return ""
        sentence = ngettext(
            "%(options)s won without a single vote: money was left, and this method gives it to whatever still fits.",
            "%(options)s won without a single vote: money was left, and this method gives it to whatever still fits.",
            len(names),
        )
        return sentence % {"options": get_text_list(names, gettext("and"))}


def sentence_of(poll: Poll, outcome: Outcome) -> str:
    """What came out, in one sentence or two."""
    explanation = outcome.explanation
    if has_no_votes(poll, outcome):
        return gettext("Nobody chose any proposal, so nothing won and the money was not shared out.")
    if not explanation["voters"]:
        return gettext("Nobody voted.")
    if poll.shares_money:
        return _budget_sentence(poll, outcome)
    if poll.method == Poll.Method.FOR_AGAINST_ABSTAIN:
        return _sides_sentence(explanation)
    names = {str(option.pk): str(option) for option in poll.options.all()}
    return other_sentence(poll, outcome, names) or _most_votes_sentence(outcome, names)


def has_no_votes(poll: Poll, outcome: Outcome) -> bool:
    """A budget in which nobody chose anything: then nothing wins (``closing.decide``)."""
    return poll.shares_money and outcome.explanation.get("decided_by") == "no_votes"


def allocation_of(poll: Poll, outcome: Outcome) -> Allocation | None:
    """What a budget's money went to; None for other methods."""
    explanation = outcome.explanation
    if not poll.shares_money or "projects" not in explanation:
        return None
    currency = currency_of(poll)
    options = {str(option.pk): option for option in poll.options.all()}
    rows = [
        (row["selected"], Allocated(options[row["option"]], row["votes"], row["cost"], _why_not(row, poll)))
        for row in explanation["projects"]
    ]
    return Allocation(
        budget_cents=explanation["budget"],
        spent_cents=explanation["spent"],
        currency=currency,
        counts_points=poll.max_points > 1,
        winners=[allocated for selected, allocated in rows if selected],
        others=[allocated for selected, allocated in rows if not selected],
        ties=_ties(explanation["projects"], {option: str(options[option]) for option in options}),
    )


def _ties(walk: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    """One sentence for each group that votes do not tell apart, in the order in which they came."""
    placed_by = {row["option"]: row["placed_by"] for row in walk}
    sentences = []
    for row in walk:
        if not row["tied"] or not row["votes"]:
            continue
        reasons = {placed_by[option] for option in row["tied"][1:]}
        if reasons == {"lot"}:
            sentence = gettext("%(options)s were equal, and the lot put them in this order.")
        elif reasons == {"cost"}:
            sentence = gettext("%(options)s were equal, and the cheaper came first.")
        else:
            sentence = gettext(
                "%(options)s were equal: the cheaper came first, and of those that cost the same the lot decided."
            )
        sentences.append(sentence % {"options": listed(row["tied"], names)})
    return sentences


def _sides_sentence(explanation: Mapping[str, Any]) -> str:
    if explanation["decided_by"] == "no_votes":
        return gettext("Nobody took a side.")
    if explanation["decided_by"] == "nothing":
        return gettext("A tie: %(votes)s for and as many against. Nothing is decided.") % {
            "votes": number(explanation["for"])
        }
    if explanation["decided_by"] == "no_quorum":
        return gettext("%(voters)s people voted and %(quorum)s were needed, so nothing is decided.") % {
            "voters": number(explanation["voters"]),
            "quorum": number(explanation["quorum"]),
        }
    if "weight" in explanation:
        return weighed_sides(explanation)
    if "needed" in explanation:
        words = {"for": number(explanation["for"]), "needed": number(explanation["needed"])}
        if explanation["for"] >= explanation["needed"]:
            return gettext("It is carried: %(for)s people were for, and %(needed)s were needed.") % words
        return gettext("It is not carried: %(for)s people were for, and %(needed)s were needed.") % words
    shares = {side: percent(share(explanation[side], explanation["voters"])) for side in ("for", "against")}
    if explanation["margin"] > 0:
        return gettext("More people were for than against: %(for)s for, %(against)s against.") % shares
    return gettext("More people were against than for: %(against)s against, %(for)s for.") % shares


def _most_votes_sentence(outcome: Outcome, names: Names) -> str:
    explanation = outcome.explanation
    if explanation["decided_by"] == "no_votes":
        return gettext("Nobody chose any of the options.")
    votes = explanation["ranking"][0]["votes"]
    if not outcome.winners:
        sentence = ngettext(
            "A tie: %(options)s had %(votes)s vote each.", "A tie: %(options)s had %(votes)s votes each.", votes
        )
        return sentence % {
            "options": _listed(outcome.ties[0], names),
            "votes": number(votes),
        }
    words = {
        "winner": names[outcome.winners[0]],
        "votes": number(votes),
        "share": percent(share(votes, whole_of(explanation))),
    }
    if explanation["decided_by"] == "votes" and "weight" in explanation:
        return weighed_winner(words)
    if explanation["decided_by"] == "votes":
        sentence = ngettext(
            "“%(winner)s” won, with %(votes)s vote: %(share)s of all who voted.",
            "“%(winner)s” won, with %(votes)s votes: %(share)s of all who voted.",
            votes,
        )
        return sentence % words
    tied = _listed(outcome.ties[0], names)
    sentence = ngettext(
        "%(tied)s had %(votes)s vote each. The lot, which anybody can draw again, fell on “%(winner)s”.",
        "%(tied)s had %(votes)s votes each. The lot, which anybody can draw again, fell on “%(winner)s”.",
        votes,
    )
    return sentence % {**words, "tied": tied}


def _budget_sentence(poll: Poll, outcome: Outcome) -> str:
    explanation = outcome.explanation
    currency = currency_of(poll)
    total = len(poll.options.all())
    if total > 1 and len(outcome.winners) == 1:  # in Spanish the verb goes by how many won
        sentence = pgettext("one won", "%(won)s of %(all)s proposals won, for %(spent)s of %(budget)s.")
    else:
        sentence = ngettext(
            "%(won)s of %(all)s proposal won, for %(spent)s of %(budget)s.",
            "%(won)s of %(all)s proposals won, for %(spent)s of %(budget)s.",
            total,
        )
    words = {
        "won": number(len(outcome.winners)),
        "all": number(total),
        "spent": money(explanation["spent"], currency),
        "budget": money(explanation["budget"], currency),
    }
    said = sentence % words
    left = explanation["budget"] - explanation["spent"]
    if left > 0 and "projects" not in explanation:  # where they are, the bar of the money says it
        said = f"{said} {gettext('%(left)s is left.') % {'left': money(left, currency)}}"
    return with_lot(said, outcome)


def _why_not(row: Mapping[str, Any], poll: Poll) -> str:
    """Why a proposal of a budget got no money; empty where it did."""
    if row["selected"]:
        return ""
    if row["reason"] == DEARER_THAN_BUDGET:
        return gettext("It costs more than all the money there is.")
    if row["reason"] in (BELOW_THRESHOLD, AFTER_THE_STOP):
        return _missed(row, poll)
    currency = currency_of(poll)
    needed = row["votes_needed"] or 0
    words = {
        "left": money(row["money_left"], currency),
        "cost": money(row["cost"], currency),
        "votes": number(needed),
    }
    if poll.max_points > 1:
        sentence = ngettext(
            "When its turn came %(left)s was left, and it costs %(cost)s. It needed %(votes)s more point.",
            "When its turn came %(left)s was left, and it costs %(cost)s. It needed %(votes)s more points.",
            needed,
        )
    else:
        sentence = ngettext(
            "When its turn came %(left)s was left, and it costs %(cost)s. It needed %(votes)s more vote.",
            "When its turn came %(left)s was left, and it costs %(cost)s. It needed %(votes)s more votes.",
            needed,
        )
    return sentence % words


def _missed(row: Mapping[str, Any], poll: Poll) -> str:
    """Of a proposal for which there was money, but not its turn."""
    if row["reason"] == BELOW_THRESHOLD:
        said = gettext("It has fewer votes than the %(threshold)s that are needed.") % {
            "threshold": number(poll.form.threshold)
        }
    else:
        said = gettext("A proposal before it did not fit, and there the count ended.")
    if row["votes_needed"] is None:
        return said
    needed = ngettext(
        "%(votes)s vote more would have been enough.",
        "%(votes)s votes more would have been enough.",
        row["votes_needed"],
    )
    return f"{said} {needed % {'votes': number(row['votes_needed'])}}"


def currency_of(poll: Poll) -> str:
    budget = getattr(poll.consultation, "budget", None)
    return budget.currency if budget else "ARS"


def _listed(options: list[str], names: Names) -> str:
    return get_text_list([in_quotes(names[option]) for option in options], gettext("and"))
