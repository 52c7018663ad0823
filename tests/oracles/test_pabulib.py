"""Against ``pabulib-checker``, by those who keep the format: what we write, read from their files or held here."""

import os
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from pabulib.checker import Checker

from tests.oracles.elections import budget_election
from voting.formats import pabulib
from voting.formats.pabulib_election import Vote
from voting.formats.pabulib_polls import HeldPoll, HeldProject, election_of
from voting.formats.pabulib_writer import head, vote_lines, write
from voting.methods import METHODS, Limits

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data") / "pabulib"
MANY = 1000
"""Votes of a file in which the checker does not count Equal Shares again: step by step that takes it a minute, for what
tests/voting/methods/test_published.py says of the same file in a second. In a smaller file it does."""
BUDGETS = ("greedy", "greedy_no_skip", "greedy_threshold", "greedy_per_cost", "equal_shares", "phragmen")


def faults(text):
    """What the checker calls errors; its warnings are about the vote, not about the file."""
    with redirect_stdout(StringIO()):
        checked = Checker().process_files([text])
    (result,) = [value for key, value in checked.items() if key not in ("metadata", "summary")]
    return result["results"]["errors"]


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.pb")), ids=lambda path: path.stem)
def test_what_came_in_goes_out_again_and_passes(path, monkeypatch):
    with path.open("rb") as lines:
        election = pabulib.read(lines)
    if election.num_votes > MANY:
        monkeypatch.setattr(Checker, "verify_equalshares_selected", lambda *given, **named: None)

    assert faults("".join(write(election))) == {}


def held(seed, code, ballot):
    """A small election with many ties, counted by a method, as a poll held here would be."""
    options, groups, budget = budget_election(seed)
    if ballot == "places":
        groups = [({option: place for place, option in enumerate(choices, 1)}, weight) for choices, weight in groups]
    if ballot == "points":
        groups = [(dict.fromkeys(choices, 1 + seed % 3), weight) for choices, weight in groups]
    threshold = seed % 4
    limits = Limits(budget=budget * 100 + seed % 100, threshold=threshold, max_points=3)
    outcome = METHODS[code].count(groups, _in_cents(options), limits, [option.id for option in options])
    walk = [row["option"] for row in outcome.explanation.get("projects", ())] or [option.id for option in options]
    by_id = {option.id: option for option in _in_cents(options)}
    votes = {option: sum(weight for choices, weight in groups if option in choices) for option in walk}
    points = {option: sum(weight * choices.get(option, 0) for choices, weight in groups) for option in walk}
    poll = HeldPoll(
        title=" Presupuesto;  de\nprueba ", agency='Obras "y" más', country="Argentina", district="Sur" * (seed % 2),
        language="es", currency="ARS", begins_on=date(2026, 3, 1), ends_on=date(2026, 3, 9), method=code,
        form="then greedy", ballot=ballot, budget_cents=limits.budget, max_choices=len(options), max_points=3,
        max_sum=None, max_cost_cents=None, threshold=threshold,
        voters=sum(weight for choices, weight in groups if choices),
        blank=sum(weight for choices, weight in groups if not choices),
        projects=[
            HeldProject(
                option, by_id[option].cost, votes[option], points[option], option in outcome.winners, f"Obra {option}",
                categories=("parques", " agua "), description="Dos\n\nlíneas" * (number % 2),
                latitude=-34.5 if number % 2 else None, longitude=-58.4,
            )
            for number, option in enumerate(walk)
        ],
    )  # fmt: skip
    return poll, groups


def _in_cents(options):
    return [type(option)(option.id, cost=max(1, option.cost) * 100 + int(option.id, 36) % 7) for option in options]


@pytest.mark.parametrize("ballot", ["several", "points", "places"])
@pytest.mark.parametrize("code", BUDGETS)
def test_polls_held_here_pass_whatever_decided_them(code, ballot):
    named = 0
    for seed in range(120):
        poll, groups = held(seed, code, ballot)
        election, counted = election_of(poll)
        lines = list(head(election, counted))
        for number, (choices, weight) in enumerate(groups):
            points = tuple(choices.values()) if ballot == "points" else None
            if choices:
                lines += vote_lines(election, Vote(f"v{number}", tuple(choices), points, weight))

        assert faults("".join(lines)) == {}, (seed, "".join(lines))
        named += election.meta["rule"] != "unknown"
    if ballot == "several" and code in ("greedy", "greedy_no_skip"):
        assert named > 80  # the rule is told where it holds, not hidden behind "unknown"
