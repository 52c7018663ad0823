"""Counting a scenario by two methods, in a process of its own with a limit of time; and what came of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from voting.simulator.scenarios import Part, Project, Scenario, TooLarge

SECONDS = 20  # of the clock, for both methods together
AT_ONCE = 2  # in one server process
ROOT = Path(__file__).resolve().parents[2]
TOO_LARGE = _(
    "This is more than can be counted while you wait: at most 1,000 proposals, and 400,000 ticks on different ballots. "
    "Try fewer ballots; for large files there is manage.py count."
)
TOO_LONG = _("The count took longer than 20 seconds and was stopped. Try fewer ballots, or another method.")
BUSY = _("Others are trying methods at this moment. Send it again in half a minute.")

_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class PartResult:
    """What one method makes of one part. winners: in the order in which they won."""

    part: Part
    winners: Sequence[Project]
    voters: float
    with_winner: float
    winners_in_all: float

    @property
    def spent_cents(self) -> int:
        return sum(project.cost_cents for project in self.winners)

    @property
    def left_cents(self) -> int:
        return self.part.amount_cents - self.spent_cents


@dataclass(frozen=True)
class Result:
    """What one method makes of the whole scenario."""

    code: str
    parts: Sequence[PartResult]

    @property
    def winners(self) -> list[tuple[Part, Project]]:
        return [(result.part, project) for result in self.parts for project in result.winners]

    @property
    def spent_cents(self) -> int:
        return sum(part.spent_cents for part in self.parts)

    @property
    def left_cents(self) -> int:
        return sum(part.left_cents for part in self.parts)

    @property
    def share_with_winner(self) -> float:
        """Of voters, 0 to 1: at least one of their choices won."""
        return sum(part.with_winner for part in self.parts) / (sum(part.voters for part in self.parts) or 1)

    @property
    def winners_per_voter(self) -> float:
        return sum(part.winners_in_all for part in self.parts) / (sum(part.voters for part in self.parts) or 1)

    @property
    def with_nothing(self) -> list[str]:
        """Districts, or groups of projects, of which nothing won."""
        served = {name for part, project in self.winners for name in (part.name, project.group) if name}
        named = {part.part.name: None for part in self.parts if part.part.name and part.part.projects}
        groups = named or {
            project.group: None for part in self.parts for project in part.part.projects if project.group
        }
        return [name for name in groups if name not in served]


def compare(scenario: Scenario, methods: Sequence[str], threshold: int = 0) -> list[Result]:
    """The same ballots by each method. Raises InvalidInput with what to do: too large, too long, too many at once."""
    try:
        scenario.check()
    except TooLarge:
        raise InvalidInput("too_large", TOO_LARGE) from None
    if not _turns.acquire(blocking=False):
        raise InvalidInput("busy", BUSY)
    try:
        answer = _answer_of_process(scenario, methods, threshold)
    finally:
        _turns.release()
    return [_result(scenario, code, answer[code]) for code in methods]


def _answer_of_process(scenario: Scenario, methods: Sequence[str], threshold: int) -> dict[str, Any]:
    asked = json.dumps({"parts": scenario.as_json(), "methods": list(dict.fromkeys(methods)), "threshold": threshold})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "voting.simulator.worker"],
            input=asked.encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InvalidInput("too_long", TOO_LONG) from None
    # Below zero: the number of the signal that ended it. Where memory is short, the system sends one.
    if done.returncode < 0 or (done.returncode and b"MemoryError" in done.stderr):
        raise InvalidInput("too_large", TOO_LARGE)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _result(scenario: Scenario, code: str, found: Sequence[Mapping[str, Any]]) -> Result:
    parts = []
    for part, row in zip(scenario.parts, found, strict=True):
        by_id = {project.id: project for project in part.projects}
        parts.append(
            PartResult(
                part,
                [by_id[option] for option in row["winners"]],
                row["voters"],
                row["with_winner"],
                row["winners_in_all"],
            )
        )
    return Result(code, parts)
