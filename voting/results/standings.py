"""Duels, seats, points and marks: the tables of the methods that decide in one go."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from frontend.formats import number, percent
from voting.results.sections import (
    Bar,
    Names,
    Row,
    Section,
    Table,
    bars,
    exact_of,
    in_quotes,
    listed,
    rounded,
    share_of,
    votes,
)

Explanation = Mapping[str, Any]
MOST_FOLDED = 6  # options whose duels a phone shows as cards; more are a table that scrolls


def duels(explanation: Explanation, winners: Sequence[str], names: Names) -> list[Section]:
    """Schulze: who beats whom, and by which paths."""
    order = [option for group in explanation["ranking"] for option in group]
    pairwise, paths = explanation["pairwise"], explanation["paths"]
    wins = {
        option: sum(pairwise[option][other] > pairwise[other][option] for other in order if other != option)
        for option in order
    }
    heads = [gettext("Over"), *(names[option] for option in order)]

    def table(caption: str, cells: Mapping[str, Mapping[str, Any]]) -> Table:
        rows = [
            Row(names[one], ["" if other == one else votes(cells[one][other]) for other in order], one in winners)
            for one in order
        ]
        return Table(caption, heads, rows, folds=len(order) <= MOST_FOLDED)

    tables = [table(gettext("How many people rank each option above each of the others"), pairwise)]
    if explanation["condorcet_winner"] is None:
        caption = gettext("The strongest path from each option to each of the others, by its weakest duel")
        tables.append(table(caption, paths))
    return [
        Section(
            title=gettext("Duel by duel"),
            sentences=[
                gettext("Every option meets every other one. Whoever more people rank above the other wins the duel."),
                gettext("In order: %(ranking)s.")
                % {"ranking": "; ".join(listed(group, names) for group in explanation["ranking"])},
            ],
            bars=bars(wins, names, max(len(order) - 1, 1)),
            bars_caption=gettext("Duels won"),
            tables=tables,
        )
    ]


def seats(explanation: Explanation, names: Names) -> list[Section]:
    """Lists: how many seats, and how each was won."""
    total = sum(explanation["votes"].values())
    order = sorted(
        explanation["seats"], key=lambda option: (-explanation["seats"][option], -explanation["votes"][option])
    )
    rows = [
        Row(
            names[option],
            [
                votes(explanation["votes"][option]),
                percent(share_of(explanation["votes"][option], total)),
                number(explanation["seats"][option]),
                percent(share_of(explanation["seats"][option], max(len(explanation["awarded"]), 1))),
            ],
            explanation["seats"][option] > 0,
        )
        for option in order
    ]  # fmt: skip
    heads = [gettext("List"), gettext("Votes"), gettext("Of the votes"), gettext("Seats"), gettext("Of the seats")]
    return [
        Section(
            title=gettext("How the seats were shared out"),
            sentences=[*_below(explanation, names), *_quota(explanation)],
            bars=bars({option: explanation["seats"][option] for option in order}, names),
            bars_caption=gettext("Seats"),
            tables=[
                Table(gettext("Votes and seats of each list"), heads, rows),
                _awards(explanation["awarded"], names),
            ],
        )
    ]


def _below(explanation: Explanation, names: Names) -> list[str]:
    below = [option for option in explanation["below_threshold"] if explanation["votes"][option]]
    if not below:
        return []
    return [gettext("Below the threshold, and so without a part: %(lists)s.") % {"lists": listed(below, names)}]


def _quota(explanation: Explanation) -> list[str]:
    """Of Hare: what a full quota is."""
    awarded = explanation["awarded"]
    if not any("remainder" in award for award in awarded):
        return []
    below = explanation["below_threshold"]
    taking_part = sum(count for option, count in explanation["votes"].items() if option not in below)
    return [
        gettext("A full quota is %(quota)s: %(votes)s votes divided by %(seats)s seats.")
        % {
            "quota": votes(Fraction(taking_part) / len(awarded)),
            "votes": votes(taking_part),
            "seats": number(len(awarded)),
        }
    ]


def _awards(awarded: Sequence[Mapping[str, Any]], names: Names) -> Table:
    rows = []
    for place, award in enumerate(awarded, start=1):
        value = award.get("quotient", award.get("remainder"))
        how = gettext("a full quota") if value is None else votes(value)
        if award["tied"]:
            tied = listed(award["tied"], names)
            by_lot, by_votes = gettext("%(lists)s equal: the lot"), gettext("%(lists)s equal: more votes")
            equal = by_lot if award["broken_by"] == "lot" else by_votes
            how = f"{how} ({equal % {'lists': tied}})"
        rows.append(Row(number(place), [names[award["option"]], how]))
    heads = [gettext("Seat"), gettext("List"), gettext("With")]
    return Table(gettext("Seat after seat, with the average or remainder that won it"), heads, rows, words=heads[1:])


def points(explanation: Explanation, winners: Sequence[str], names: Names) -> list[Section]:
    """Borda and points: who has how many."""
    ranking = explanation["ranking"]
    rows = [
        Row(names[row["option"]], [number(row["place"]), votes(row["votes"])], row["option"] in winners)
        for row in ranking
    ]
    return [
        Section(
            title=gettext("The points"),
            bars=bars({row["option"]: row["votes"] for row in ranking}, names),
            bars_caption=gettext("Points"),
            tables=[
                Table(gettext("Points of each option"), [gettext("Option"), gettext("Place"), gettext("Points")], rows)
            ],
        )
    ]


def marks(explanation: Explanation, winners: Sequence[str], names: Names, values: Sequence[int]) -> list[Section]:
    """Score and slider: the mean, and how the marks spread."""
    ranking = explanation["ranking"]
    lowest, highest = values[0], values[-1]
    rows = []
    for row in ranking:
        given = [number(row["marks"].get(str(mark), 0)) for mark in values]
        mean = rounded(row["mean"])
        rows.append(Row(names[row["option"]], [mean, *given, votes(row["votes"])], row["option"] in winners))
    heads = [gettext("Option"), gettext("Mean"), *(number(mark) for mark in values), gettext("Sum")]
    spread = [
        Section(
            title=gettext("How the marks of %(option)s spread") % {"option": in_quotes(names[row["option"]])},
            bars=[
                Bar(number(mark), number(count), 100 * count / row["given"])
                for mark in values
                for count in [row["marks"].get(str(mark), 0)]
            ],
            bars_caption=gettext("People who gave each mark"),
        )
        for row in ranking[:1]
        if row["given"]
    ]  # fmt: skip
    return [
        Section(
            title=gettext("The marks"),
            sentences=[
                *(
                    [gettext("Of the options that got a mark, the one with the highest sum wins.")]
                    if len(ranking) > 1
                    else []
                ),
                gettext("Whoever gave an option no mark changes neither its sum nor its mean."),
                gettext("A mean can hide two camps: look at how the marks spread, too."),
            ],
            bars=[
                Bar(
                    names[row["option"]],
                    rounded(row["mean"]),
                    percent=abs(_part(row["mean"], highest)),
                    is_below=_part(row["mean"], highest) < 0,
                )
                for row in ranking
            ],
            bars_caption=gettext("Mean of the marks, from %(lowest)s to %(highest)s")
            % {"lowest": number(lowest), "highest": number(highest)},
            tables=[Table(gettext("How many people gave each mark"), heads, rows, folds=False)],
        ),
        *spread,
    ]


def _part(mean: Any, highest: int) -> float:
    """In per cent of the highest mark, from zero."""
    return 0.0 if mean is None else float(100 * exact_of(mean) / highest)
