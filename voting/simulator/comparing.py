"""Two results side by side, in words and tables."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext

from frontend.formats import money, number, percent
from voting.results.sections import Row, Table
from voting.simulator.counting import Result
from voting.simulator.forms import METHODS
from voting.simulator.scenarios import Part, Project, Scenario

NAMES = dict(METHODS)


def shown(scenario: Scenario, results: Sequence[Result]) -> dict[str, Any]:
    """What the page draws: ``about``, ``tables``, the ``parts`` with their amounts."""
    columns = [str(NAMES[result.code]) for result in results]
    return {
        "about": scenario.about,
        "currency": scenario.currency,
        "same": _same(results),
        "tables": [
            _figures(scenario, results, columns),
            *_by_part(scenario, results, columns),
            _projects(scenario, results, columns),
        ],
        "parts": [
            {"number": at, "name": part.name, "typed": _typed(part.amount_cents)}
            for at, part in enumerate(scenario.parts)
        ],
    }


def _typed(cents: int) -> str:
    """As people write it, for its field."""
    return number(Decimal(cents) / 100, 2 if cents % 100 else 0)


def _same(results: Sequence[Result]) -> str:
    one, other = ({project.id for _, project in result.winners} for result in results)
    if one == other:
        return gettext("Both methods choose the same proposals.")
    return gettext(
        "%(only_one)s win only by the first method, %(only_other)s only by the second, %(both)s by both."
    ) % {
        "only_one": number(len(one - other)),
        "only_other": number(len(other - one)),
        "both": number(len(one & other)),
    }


def _figures(scenario: Scenario, results: Sequence[Result], columns: Sequence[str]) -> Table:
    rows: list[tuple[str, Callable[[Result], str]]] = [
        (gettext("Proposals that win"), lambda result: number(len(result.winners))),
        (gettext("Spent"), lambda result: money(result.spent_cents, scenario.currency)),
        (gettext("Money left"), lambda result: money(result.left_cents, scenario.currency)),
        (
            gettext("Voters with at least one winner among their choices"),
            lambda result: percent(100 * result.share_with_winner),
        ),
        (gettext("Winners for each voter, on average"), lambda result: number(round(result.winners_per_voter, 2), 2)),
        (
            gettext("Districts or neighbourhoods with nothing"),
            lambda result: get_text_list(result.with_nothing, gettext("and")) or gettext("none"),
        ),
    ]
    return Table(
        gettext("The two methods side by side"),
        [gettext("What"), *columns],
        [Row(name, [figure(result) for result in results]) for name, figure in rows],
    )


def _by_part(scenario: Scenario, results: Sequence[Result], columns: Sequence[str]) -> list[Table]:
    if len(scenario.parts) < 2:
        return []
    rows = [
        Row(
            part.name,
            [
                money(part.amount_cents, scenario.currency),
                *(
                    gettext("%(winners)s, and %(left)s left")
                    % {
                        "winners": number(len(result.parts[at].winners)),
                        "left": money(result.parts[at].left_cents, scenario.currency),
                    }
                    for result in results
                ),
            ],
        )
        for at, part in enumerate(scenario.parts)
    ]
    return [Table(gettext("Winners by district"), [gettext("District"), gettext("Amount"), *columns], rows)]


def _projects(scenario: Scenario, results: Sequence[Result], columns: Sequence[str]) -> Table:
    """Winners first; of a method, the place in the order in which it gave out the money."""
    places = [
        {(part.part.name, project.id): place for part in result.parts for place, project in enumerate(part.winners, 1)}
        for result in results
    ]
    votes = _votes(scenario)
    listed = sorted(
        ((part, project) for part in scenario.parts for project in part.projects),
        key=lambda pair: (-sum(_key(pair) in of for of in places), -votes[_key(pair)]),
    )
    has_groups = len(scenario.parts) > 1 or any(project.group for _, project in listed)
    rows = [
        Row(
            project.name,
            [
                *([_where(part, project)] if has_groups else []),
                money(project.cost_cents, scenario.currency),
                number(votes[_key((part, project))]),
                *(_place(of.get(_key((part, project)))) for of in places),
            ],
        )
        for part, project in listed
    ]
    groups = [gettext("District or neighbourhood")] if has_groups else []
    heads = [
        gettext("Proposal"),
        *groups,
        gettext("Cost"),
        gettext("Votes"),
        *columns,
    ]
    return Table(gettext("Each proposal: in which place it wins"), heads, rows, words=groups)


def _key(pair: tuple[Part, Project]) -> tuple[str, str]:
    return pair[0].name, pair[1].id


def _where(part: Part, project: Project) -> str:
    return ", ".join(name for name in dict.fromkeys((part.name, project.group)) if name) or "–"


def _place(place: int | None) -> str:
    return "–" if place is None else gettext("✓ %(place)s.º") % {"place": number(place)}


def _votes(scenario: Scenario) -> dict[tuple[str, str], int]:
    """How many chose each, whatever points they gave."""
    votes = {_key((part, project)): 0 for part in scenario.parts for project in part.projects}
    for part in scenario.parts:
        for choices, weight in part.ballots:
            for option in choices:
                votes[part.name, option] += int(weight)
    return votes
