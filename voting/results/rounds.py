"""Instant runoff and STV, round by round."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from voting.results.sections import Names, Row, Section, Table, bars, exact_of, in_quotes, listed, votes

Explanation = Mapping[str, Any]


def runoff(explanation: Explanation, winners: Sequence[str], names: Names) -> list[Section]:
    """The table of rounds, and who left when."""
    rounds = explanation["rounds"]
    if not rounds:
        return []
    last = rounds[-1]["votes"]
    order = _by_rounds([row["votes"] for row in rounds])
    rows = [
        Row(names[option], [votes(row["votes"][option]) if option in row["votes"] else "–" for row in rounds],
            option in winners)
        for option in order
    ]  # fmt: skip
    rows.append(Row(gettext("Exhausted"), [votes(row["exhausted"]) for row in rounds]))
    rows.append(Row(gettext("Needed to win"), [votes(row["needed"]) for row in rounds]))
    heads = [gettext("Option"), *(gettext("Round %(number)s") % {"number": row["round"]} for row in rounds)]
    return [
        Section(
            title=gettext("Round by round"),
            sentences=[
                gettext("A ballot is exhausted when none of the options that it ranks is left."),
            ],
            bars=bars({option: last[option] for option in order if option in last}, names, sum(last.values())),
            bars_caption=gettext("Votes in the last round"),
            tables=[Table(gettext("Votes in each round"), heads, rows)],
            steps=[_round_in_words(row, names) for row in rounds if row["eliminated"]],
        )
    ]


def transfers(explanation: Explanation, winners: Sequence[str], names: Names) -> list[Section]:
    """STV: the table of stages."""
    stages = explanation["stages"]
    order = _by_rounds([stage["votes"] for stage in stages])
    order = [*winners, *(option for option in order if option not in winners)]
    rows = [
        Row(names[option], [votes(stage["votes"][option]) for stage in stages], option in winners) for option in order
    ]
    rows.append(Row(gettext("Not transferable"), [votes(stage["not_transferable"]) for stage in stages]))
    rows.append(Row(gettext("Cut off by the fifth decimal"), [votes(stage["cut_off"]) for stage in stages]))
    heads = [gettext("Option"), *(gettext("Stage %(number)s") % {"number": stage["stage"]} for stage in stages)]
    quota = gettext(
        "The quota is %(quota)s: %(valid)s valid ballots divided by the seats and one more, rounded down, plus 1."
    ) % {"quota": votes(explanation["quota"]), "valid": votes(explanation["valid"])}
    first = stages[0]["votes"]
    return [
        Section(
            title=gettext("Stage by stage"),
            sentences=[quota],
            bars=bars({option: first[option] for option in order}, names, max(explanation["valid"], 1)),
            bars_caption=gettext("First preferences"),
            tables=[Table(gettext("Votes after each stage"), heads, rows)],
            steps=[_stage_in_words(stage, names) for stage in stages],
        )
    ]


def _by_rounds(rounds: Sequence[Mapping[str, Any]]) -> list[str]:
    """Who stayed longest comes first, and among those who left together who had more votes."""

    def key(option: str) -> list[Any]:
        return [-exact_of(row[option]) if option in row else 1 for row in reversed(rounds)]

    return sorted(rounds[0], key=key)


def _round_in_words(row: Mapping[str, Any], names: Names) -> str:
    sentences = []
    for option in row["eliminated"]:
        total = row["votes"][option]
        sentence = gettext("Round %(round)s: “%(option)s” has the fewest votes and leaves.")
        sentences.append(sentence % {"round": row["round"], "option": names[option]})
        if total:
            sentences.append(_heirs(row["transfers"].get(option, {}), names))
    if row["broken_by"]:
        sentences.append(_tie(row, names))
    return " ".join(sentences)


def _heirs(transfers: Mapping[str, Any], names: Names) -> str:
    """ "Its votes go to “Plaza” (8) and “Cancha” (3); 1 is exhausted." """
    ordered = sorted(transfers.items(), key=lambda heir: -exact_of(heir[1]))
    parts = [f"{in_quotes(names[heir])} ({votes(amount)})" for heir, amount in ordered if heir]
    exhausted = transfers.get("", 0)
    sentences = []
    if parts:
        sentences.append(gettext("Its votes go to %(heirs)s.") % {"heirs": ", ".join(parts)})
    if exhausted:
        sentences.append(gettext("Exhausted: %(votes)s.") % {"votes": votes(exhausted)})
    return " ".join(sentences)


def _stage_in_words(stage: Mapping[str, Any], names: Names) -> str:
    words = {"stage": stage["stage"], "option": names.get(stage["candidate"], "")}
    if stage["kind"] == "surplus":
        surplus = votes(stage["surplus"])
        said = [gettext("Stage %(stage)s: the surplus of “%(option)s” goes on: %(surplus)s.") % {**words, "surplus": surplus}]  # fmt: skip  # noqa: E501
    elif stage["kind"] == "exclusion":
        said = [gettext("Stage %(stage)s: “%(option)s” has the fewest votes and leaves.") % words]
    else:
        said = [gettext("Stage %(stage)s: the first preferences are counted.") % words]
    if stage["transfers"]:
        said.append(_heirs(stage["transfers"], names))
    if stage["elected"]:
        said.append(gettext("Elected: %(options)s.") % {"options": listed(stage["elected"], names)})
    if stage["broken_by"]:
        said.append(_tie(stage, names))
    return " ".join(said)


def _tie(row: Mapping[str, Any], names: Names) -> str:
    tied = listed(row["tied"], names)
    if row["broken_by"] == "lot":
        return gettext("%(options)s were equal, and the lot decided.") % {"options": tied}
    return gettext("%(options)s were equal, and an earlier round decided.") % {"options": tied}
