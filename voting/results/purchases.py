"""Equal Shares and Phragmén: which proposals were paid for, by whom, and what the others lacked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from frontend.formats import money, number
from voting.methods.equal_shares_explained import NOBODY
from voting.results.sections import Names, Row, Section, Table, bars, exact_of, in_quotes, listed, votes
from voting.results.weighed import whole_of

Explanation = Mapping[str, Any]


def equal_shares(
    explanation: Explanation, winners: Sequence[str], names: Names, currency: str, counted: str
) -> list[Section]:
    """Bought with the shares; with the rest; and not. counted: what a ballot gives, the head of that column.

    Where the comparison gives the win to greedy, that is said first: the rest is then what would have been.
    """
    start = {
        "endowment": money(explanation["endowment"], currency),
        "voters": number(whole_of(explanation)),
        "budget": money(explanation["budget"], currency),
    }
    sentence = gettext("Each of the %(voters)s people had the same share: %(endowment)s.")
    if "weight" in explanation:
        sentence = gettext("For each unit of weight, %(voters)s in all, there was the same share: %(endowment)s.")
    sentences = [sentence % start]
    if explanation["steps"]:
        sentence = gettext("That is the budget, %(budget)s, divided by all, and %(more)s more, as far as it holds.")
        sentences.append(sentence % {**start, "more": money(100 * explanation["steps"], currency)})
    rounds = explanation["rounds"]
    got = {row["option"]: row["votes"] for row in rounds}
    won = [row["option"] for row in rounds]
    completed = [row for row in explanation.get("then_greedy", ()) if row["selected"]]
    sections = [
        Section(
            title=gettext("What the shares paid for"),
            sentences=sentences,
            bars=bars(got, names, max(1, exact_of(whole_of(explanation)), *map(exact_of, got.values()))),
            bars_caption=gettext("%(counted)s of the proposals that the shares paid for, in their order")
            % {"counted": counted},
            tables=[_bought(rounds, winners, names, currency, counted)] if rounds else (),
            steps=_ties(rounds, names),
        )
    ]
    if completed:
        sections.append(_rest(completed, explanation["utility"], winners, names, currency, counted))
    if "comparison" in explanation:
        comparison = explanation["comparison"]
        has_lost = exact_of(comparison["prefer_greedy"]) > exact_of(comparison["prefer_equal_shares"])
        sections.insert(0 if has_lost else len(sections), _comparison(comparison, has_lost=has_lost))
    left_out = {row["option"] for row in completed} | set(won)
    losers = [row for row in explanation["losers"] if row["option"] not in left_out]
    if losers:
        sections.append(_lost(losers, explanation, names, currency, counted))
    return sections


def _bought(
    rounds: Sequence[Mapping[str, Any]], winners: Sequence[str], names: Names, currency: str, counted: str
) -> Table:
    """Where ballots give points, who gave more paid more: then a cell holds one figure for each number of points."""
    rows = []
    for row in rounds:
        full = row["paid_in_full"]
        last = row["paid_their_last"]["voters"]
        rows.append(
            Row(
                names[row["option"]],
                [
                    money(row["cost"], currency), votes(row["votes"]),
                    "; ".join(money(part["each"], currency) for part in full) or "–",
                    "; ".join(votes(part["voters"]) for part in full) or "0", votes(last),
                ],
                row["option"] in winners,
            )
        )  # fmt: skip
    heads = [
        gettext("Proposal"), gettext("Cost"), counted, gettext("Each paid"), gettext("People who paid that"),
        gettext("Who gave all they had left"),
    ]  # fmt: skip
    return Table(gettext("In the order in which they were paid for"), heads, rows)


def _ties(rounds: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    """One sentence for each round in which several were equal, and what told the first of them from the others."""
    words = {
        "cost": gettext("%(options)s were equal: “%(first)s” came first, because it costs less."),
        "votes": gettext("%(options)s were equal: “%(first)s” came first, because it has more votes."),
        "lot": gettext("%(options)s were equal: “%(first)s” came first, by the lot."),
    }
    return [
        words[row["broken_by"]] % {"options": listed(row["tied"], names), "first": names[row["option"]]}
        for row in rounds
        if row["tied"]
    ]


def _rest(
    completed: Sequence[Mapping[str, Any]],
    utility: str,
    winners: Sequence[str],
    names: Names,
    currency: str,
    counted: str,
) -> Section:
    rows = [
        Row(
            names[row["option"]],
            [money(row["cost"], currency), votes(row["votes"]), money(row["money_left"], currency)],
            row["option"] in winners,
        )
        for row in completed
    ]
    heads = [gettext("Proposal"), gettext("Cost"), counted, gettext("Left when its turn came")]
    return Section(
        title=gettext("What the rest was spent on"),
        sentences=[
            gettext("What no group could spend alone went to the most voted proposals that still fitted.")
            if utility == "cost"
            else gettext(
                "What no group could spend alone went to the proposals that still fitted with the most votes for what "
                "they cost."
            )
        ],
        tables=[Table(gettext("Paid for with the rest"), heads, rows)],
    )


def _comparison(comparison: Mapping[str, Any], *, has_lost: bool) -> Section:
    words = {
        "ours": votes(comparison["prefer_equal_shares"]),
        "theirs": votes(comparison["prefer_greedy"]),
    }
    return Section(
        title=gettext("Compared with “most votes first”"),
        sentences=[
            gettext("%(ours)s people have more of their choices with equal shares, %(theirs)s with most votes first.")
            % words,
            gettext("So what “most votes first” funds wins. What follows is how equal shares would have ended.")
            if has_lost
            else gettext("So the outcome of equal shares stands."),
        ],
    )


def _lost(
    losers: Sequence[Mapping[str, Any]], explanation: Explanation, names: Names, currency: str, counted: str
) -> Section:
    rows = [
        Row(
            names[row["option"]],
            [
                money(row["cost"], currency),
                votes(row["votes"]),
                money(row["left"], currency),
                money(row["lacking"], currency),
                "–" if row.get("votes_needed") is None else votes(row["votes_needed"]),
                _why(row, explanation, names, currency),
            ],
        )
        for row in losers
    ]
    heads = [
        gettext("Proposal"), gettext("Cost"), counted, gettext("What its people had left"),
        gettext("It lacked"),
        gettext("People more"), gettext("Why"),
    ]  # fmt: skip
    return Section(
        title=gettext("What was not paid for, and why"),
        sentences=[
            gettext(
                "People more: who give all they can to it and nothing to others, with the same share as everybody, all "
                "other ballots being as they are."
            )
        ],
        tables=[Table(gettext("Proposals that were not paid for"), heads, rows, words=heads[-1:])],
    )


def _why(row: Mapping[str, Any], explanation: Explanation, names: Names, currency: str) -> str:
    if row["reason"] == NOBODY:
        return gettext("Nobody chose it.")
    if row["cost"] > explanation["budget"]:
        return gettext("It costs more than all the money there is.")
    if not row["dropped_after"]:
        return gettext("All the shares of those who chose it would not have paid for it.")
    after = explanation["rounds"][row["dropped_after"] - 1]["option"]
    said = gettext("After %(option)s was paid for, those who chose it no longer had enough.") % {
        "option": in_quotes(names[after])
    }
    spent = [f"{in_quotes(names[each['option']])} ({money(each['paid'], currency)})" for each in row["spent_on"][:2]]
    return f"{said} {gettext('They had spent most on %(options)s.') % {'options': ', '.join(spent)}}"


def phragmen(explanation: Explanation, names: Names, currency: str) -> list[Section]:
    """When each proposal was bought, and when the others would have been."""
    rounds = explanation["rounds"]
    heads = [
        gettext("Proposal"), gettext("Cost"), gettext("Votes"), gettext("What each person had received"),
        gettext("Spent so far"),
    ]  # fmt: skip
    rows = [
        Row(
            names[row["option"]],
            [
                money(row["cost"], currency),
                votes(row["votes"]),
                money(row["moment"], currency),
                money(row["spent"], currency),
            ],
            True,
        )
        for row in rounds
    ]
    bought = Section(
        title=gettext("What was bought, and when"),
        sentences=[gettext("Everybody gets money at the same pace; a proposal is bought when its people can pay it.")],
        bars=bars({row["option"]: row["votes"] for row in rounds}, names, max(whole_of(explanation), 1)),
        bars_caption=gettext("Votes of the proposals that were bought, in their order"),
        tables=[Table(gettext("In the order in which they were bought"), heads, rows)] if rows else (),
        steps=_ties(rounds, names),
    )  # fmt: skip
    reasons = {
        "nobody_supports_it": gettext("Nobody chose it."),
        "dearer_than_budget": gettext("It costs more than all the money there is."),
        "no_money_left": gettext("What was left did not reach for it."),
        "after_the_stop": gettext("The count had ended at the first proposal that no longer fitted."),
    }
    lost = [
        Row(
            names[row["option"]],
            [
                money(row["cost"], currency),
                votes(row["votes"]),
                "–" if row["moment"] is None else money(row["moment"], currency),
                reasons[row["reason"]],
            ],
        )
        for row in explanation["losers"]
    ]
    heads = [
        gettext("Proposal"), gettext("Cost"), gettext("Votes"), gettext("Its turn: each person with"), gettext("Why"),
    ]  # fmt: skip
    if not lost:
        return [bought]
    table = Table(gettext("Proposals that were not bought"), heads, lost, words=heads[-1:])
    return [bought, Section(title=gettext("What was not bought, and why"), tables=[table])]
