"""Ballots made up by a stated model, and projects where there are none yet. Pure; the same seed gives the same ballots.

impartial: every person picks as many projects as is said, all equally likely.
neighbourhood: every person lives in one of the groups, all equally likely, and picks eight of ten times among its own,
otherwise among all. Without groups the projects are dealt out to five.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random

from voting.simulator.scenarios import Ballots, Project

IMPARTIAL, NEIGHBOURHOOD = "impartial", "neighbourhood"
MODELS = (IMPARTIAL, NEIGHBOURHOOD)
AT_HOME = 8  # of ten choices
INVENTED_GROUPS = 5


def invented_projects(number: int, amount_cents: int, name: str, group: str, seed: str) -> list[Project]:
    """Costs from a fiftieth to a fifth of the money, small ones more often. name, group: with ``{}`` for a number."""
    random = Random(f"projects {seed}")
    lowest = max(1, amount_cents // 50)
    highest = max(lowest, amount_cents // 5)
    projects = []
    for each in range(1, number + 1):
        cost = lowest + round((highest - lowest) * random.random() ** 2)
        rounded = max(100, cost // 100 * 100)
        home = group.format(1 + each % INVENTED_GROUPS)
        projects.append(Project(str(each), name.format(each), rounded, home))
    return projects


def ballots(projects: Sequence[Project], *, model: str, voters: int, each: int, seed: str) -> Ballots:
    """Equal ones together."""
    random = Random(f"ballots {model} {seed}")
    ids = [project.id for project in projects]
    homes = _homes(projects)
    names = sorted(homes)
    size = min(each, len(ids))
    found: Counter[tuple[str, ...]] = Counter()
    for _ in range(voters):
        if model == IMPARTIAL:
            chosen = random.sample(ids, size)
        else:
            chosen = _near(random, ids, homes[random.choice(names)], size)
        found[tuple(sorted(chosen))] += 1
    return [(dict.fromkeys(chosen, 1), number) for chosen, number in sorted(found.items())]


def _homes(projects: Sequence[Project]) -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    grouped = len({project.group for project in projects}) > 1
    for number, project in enumerate(projects):
        name = project.group if grouped else str(number % INVENTED_GROUPS)
        homes.setdefault(name, []).append(project.id)
    return homes


def _near(random: Random, ids: Sequence[str], home: Sequence[str], size: int) -> list[str]:
    chosen: dict[str, None] = {}
    left_at_home = len(home)
    while len(chosen) < size:
        pool = home if left_at_home and random.randrange(10) < AT_HOME else ids
        pick = random.choice(pool)
        if pick not in chosen:
            chosen[pick] = None
            left_at_home -= pick in home
    return list(chosen)
