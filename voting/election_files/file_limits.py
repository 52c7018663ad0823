"""Votes of a Pabulib file that break the limits which the file itself names: counted as they are, and told."""

from collections import Counter
from collections.abc import Sequence

from voting.formats.pabulib_election import Election
from voting.formats.pabulib_values import Points, Unreadable, number

MEASURES = ("length", "sum_cost", "sum_points", "points")


def broken_limits(election: Election) -> dict[str, int]:
    """Key of META (``max_length``, ``min_sum_points``, …) -> how many votes break it, blank ones left aside."""
    limits = {key: limit for of in MEASURES for key in (f"min_{of}", f"max_{of}") if (limit := _limit(election, key))}
    if not limits:
        return {}
    cost = {project.id: project.cost for project in election.projects}
    broken: Counter[str] = Counter()
    for (projects, points), votes in Counter(vote[1:3] for vote in election.votes if vote.projects).items():
        measured = _measured(projects, points, cost)
        for key, limit in limits.items():
            end, _, of = key.partition("_")
            if of in measured and (min(measured[of]) < limit if end == "min" else max(measured[of]) > limit):
                broken[key] += votes
    return dict(sorted(broken.items()))


def _measured(
    projects: Sequence[str], points: Sequence[Points] | None, cost: dict[str, Points]
) -> dict[str, Sequence[Points]]:
    measured: dict[str, Sequence[Points]] = {
        "length": [len(projects)],
        "sum_cost": [sum(cost[project] for project in projects)],
    }
    return measured | ({"sum_points": [sum(points)], "points": points} if points else {})


def _limit(election: Election, key: str) -> Points | None:
    try:
        return number(election.meta.get(key, ""))
    except Unreadable:
        return None
