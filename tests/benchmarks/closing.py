"""Seconds and memory of closing a budget vote, beside reading its ballots alone in the same run.

    python -m tests.benchmarks.closing [greedy] [equal_shares] [phragmen] [--projects 1000] [--voters 100000]

Generated ballots, nearly all different, each for 3 to 10 of the proposals; everything is folded before, as it would be
by then. Reading: the standing ballots out of the database, equal ones together. Closing: locks, who voted, the outcome
with its explanation (what each loser lacked), the last seal. Other: what the page says of the other methods. One JSON
line comes last.
"""

import argparse
import json
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from tests.benchmarks import site

site.set_up()

from consultations.clock import database_now  # noqa: E402
from consultations.models import Phase, Proposal  # noqa: E402
from tests.benchmarks.importing import forget_peak, peak_megabytes  # noqa: E402
from tests.factories import make_consultation  # noqa: E402
from voting.ballots.bulk import append_ballots  # noqa: E402
from voting.ballots.closing import close, standing_ballots  # noqa: E402
from voting.ballots.folding import fold  # noqa: E402
from voting.models import Poll  # noqa: E402
from voting.polls.setting_up import open_poll  # noqa: E402
from voting.results import other_methods  # noqa: E402

BUDGET = 20_000_000_00


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("methods", nargs="*", metavar="METHOD", default=["greedy", "equal_shares"])
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--voters", type=int, default=100_000)
    options = parser.parse_args()
    with site.own_database():
        print(json.dumps({code: measure(code, options.projects, options.voters) for code in options.methods}))


def measure(code: str, projects: int, voters: int) -> dict:
    poll = _voted(code, projects, voters)
    forget_peak()
    before = peak_megabytes()
    reading, reading_cpu, ballots = _timed(lambda: standing_ballots(poll.pk))
    reading_peak = peak_megabytes()
    distinct = len(ballots)
    del ballots
    say(f"{code}: read {distinct} different ballots in {reading:.2f} s")
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() - timedelta(seconds=1))
    forget_peak()
    closing, closing_cpu, _ = _timed(lambda: close(poll.pk))
    closing_peak = peak_megabytes()
    say(f"{code}: closed in {closing:.2f} s")
    closed = Poll.objects.select_related("consultation__budget", "outcome").get(pk=poll.pk)
    other, _, _ = _timed(lambda: other_methods._count(closed, standing_ballots(poll.pk)))
    return {
        "projects": projects,
        "voters": voters,
        "distinct_ballots": distinct,
        "winners": len(closed.outcome.winners),
        "reading_seconds": round(reading, 2),
        "closing_seconds": round(closing, 2),
        "closing_to_reading": round(closing / reading, 1),
        "reading_cpu_seconds": round(reading_cpu, 2),
        "closing_cpu_seconds": round(closing_cpu, 2),
        "closing_to_reading_cpu": round(closing_cpu / reading_cpu, 1),
        "other_methods_seconds": round(other, 2),
        "megabytes_before": round(before),
        "reading_megabytes": round(reading_peak),
        "closing_megabytes": round(closing_peak),
    }


def _voted(code: str, projects: int, voters: int) -> Poll:
    say(f"{code}: {projects} proposals, {voters} ballots")
    consultation = make_consultation(now_in="voting", budget_cents=BUDGET)
    chance = random.Random(7)
    Proposal.objects.bulk_create(
        Proposal(
            consultation=consultation, title=f"Propuesta {number}", cost_cents=chance.randint(50_000, 2_000_000) * 100
        )
        for number in range(projects)
    )
    wanted: list = list(consultation.proposals.all())
    poll = open_poll(consultation=consultation, question="¿Qué hacemos?", method=code, options=wanted, actor=None)
    ids = [str(pk) for pk in poll.options.values_list("pk", flat=True)]
    append_ballots(poll, _ballots(ids, voters, chance))
    fold(poll.pk)
    return Poll.objects.select_related("phase").get(pk=poll.pk)


def _ballots(ids: list[str], voters: int, chance: random.Random) -> Iterator[tuple[bytes, dict[str, int]]]:
    """Popularity falls off, as it does."""
    popularity = [1 / (rank + 3) ** 0.7 for rank in range(len(ids))]
    for _ in range(voters):
        picks = chance.choices(ids, popularity, k=chance.randint(3, 10))
        yield secrets.token_bytes(32), dict.fromkeys(picks, 1)


def _timed(action: Callable):
    """Seconds by the wall's clock, and of this process's own work: on a busy machine only the latter compare."""
    began, worked = time.perf_counter(), time.process_time()
    result = action()
    return time.perf_counter() - began, time.process_time() - worked, result


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
