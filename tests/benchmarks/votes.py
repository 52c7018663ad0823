"""Votes per second through HTTP, with 16 and with 200 voters at once, beside a bare Django view in the same run.

    python -m tests.benchmarks.votes [--voters 400] [--rounds 15] [--processes 2] [--folder apart]

Both are answered by the same daphne with the same middleware. The bare view asks who it is and inserts one row; a vote
checks who may, the choices and the clock, takes two locks and appends ballot, opening and queue, while the folder
counts beside it: ``manage.py fold --loop``, or the servers' own (--folder server). The two take turns, so that a change
in the machine's speed meets both, and the ratio is the median of many short rounds: a single one may be a fifth off.
Also: how long a ballot waits for its seal under that load (``fold_lag``), and what the database alone does with
single-row inserts of one statement each (``plain_inserts_per_second``, the floor under every vote). Prints one JSON
line for each concurrency.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import threading
import time
from contextlib import nullcontext

from tests.benchmarks import load, site

site.set_up()

from django.db import connection  # noqa: E402

from tests.benchmarks.bare import TABLE  # noqa: E402
from tests.factories import make_poll  # noqa: E402
from voting.ballots.folding import fold  # noqa: E402
from voting.results.tallies import frame  # noqa: E402

CONCURRENT = (16, 200)
LAG_EVERY = 0.02  # seconds between two looks at the queue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", choices=("apart", "server"), default="apart")
    parser.add_argument("--workers", type=int, nargs="+", default=CONCURRENT)
    options = parser.parse_args()
    os.environ["BENCHMARK_FOLDER"] = options.folder
    with site.own_database():
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        for workers in options.workers:
            print(json.dumps(measure(options.voters, options.rounds, options.processes, workers, options.folder)))


def measure(voters: int, rounds: int, processes: int, workers: int, folder: str) -> dict:
    poll = make_poll()
    choice = poll.options.first().pk
    cookies = [site.session_cookies(user) for user in make_people(voters, workers)]
    votes = [post(f"/polls/{poll.pk}/ballot/", choice, own) for own in cookies]
    bare = [post("/bare/", choice, own) for own in cookies]

    reports: dict[str, list[load.Report]] = {"vote": [], "bare": []}
    lag = Lag(poll.pk)
    apart = site.folder() if folder == "apart" else nullcontext()
    with site.server(processes=processes) as ports, apart:
        for requests in (votes, bare):  # a warm-up that is not counted
            run_on(ports, requests[:100], workers)
        for number in range(rounds):
            say(f"{workers} voters at once, round {number + 1} of {rounds}")
            with lag:  # beside both, or looking at the queue would be a cost of votes alone
                reports["vote"].append(run_on(ports, votes, workers))
                reports["bare"].append(run_on(ports, bare, workers))
    fold(poll.pk)
    for report in reports["vote"] + reports["bare"]:
        assert set(report.statuses) == {302}, report.statuses
    shown = frame(poll)
    assert shown["number"] == voters * rounds + min(100, voters), shown
    assert shown["voters"] == voters, shown

    ratios = [v.per_second / b.per_second for v, b in zip(reports["vote"], reports["bare"], strict=True)]
    votes_per_second = statistics.median(r.per_second for r in reports["vote"])
    inserts = plain_inserts_per_second()
    return {
        "benchmark": "votes",
        "workers": workers,
        "processes": processes,
        "folder": folder,
        "votes_per_second": round(votes_per_second, 1),
        "bare_per_second": round(statistics.median(r.per_second for r in reports["bare"]), 1),
        "ratio_to_bare_view": round(statistics.median(ratios), 3),
        "ratio_min_max": [round(min(ratios), 3), round(max(ratios), 3)],
        "plain_inserts_per_second": round(inserts, 1),
        "ratio_to_plain_insert": round(votes_per_second / inserts, 3),
        "vote_ms_p50": round(statistics.median(r.quantile(0.5) for r in reports["vote"]), 1),
        "vote_ms_p95": round(statistics.median(r.quantile(0.95) for r in reports["vote"]), 1),
        "fold_lag_ms_p50": round(lag.quantile(0.5), 1),
        "fold_lag_ms_p99": round(lag.quantile(0.99), 1),
    }


def run_on(ports: list[int], requests: list[bytes], workers: int) -> load.Report:
    """Spread over the processes, in one measurement."""

    async def run_all() -> load.Report:
        each = max(1, workers // len(ports))
        parts = [load._run(port, requests[place :: len(ports)], each) for place, port in enumerate(ports)]
        began = time.perf_counter()
        reports = await asyncio.gather(*parts)
        whole = load.Report(seconds=time.perf_counter() - began)
        for report in reports:
            whole.milliseconds += report.milliseconds
            whole.statuses += report.statuses
        return whole

    return asyncio.run(run_all())


class Lag:
    """How long ballots wait in the queue: seen from outside, by looking at it every LAG_EVERY seconds."""

    def __init__(self, poll_id: int) -> None:
        self._poll_id = poll_id
        self._stop = threading.Event()
        self._waited: list[float] = []

    def __enter__(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def quantile(self, share: float) -> float:
        ordered = sorted(self._waited) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def _watch(self) -> None:
        seen: dict[object, float] = {}
        while not self._stop.wait(LAG_EVERY):
            with connection.cursor() as cursor:
                cursor.execute("SELECT ballot_id FROM voting_queuedballot WHERE poll_id = %s", [self._poll_id])
                waiting = {row[0] for row in cursor}
            now = time.perf_counter()
            self._waited += [(now - at) * 1000 for ballot, at in seen.items() if ballot not in waiting]
            seen = {ballot: seen.get(ballot, now) for ballot in waiting}
        connection.close()


def plain_inserts_per_second(seconds: float = 2.0) -> float:
    """One connection, one row and one commit a time: what ``pgbench`` with one client and such a script measures."""
    connection.ensure_connection()
    end, count = time.perf_counter() + seconds, 0
    with connection.cursor() as cursor:
        while time.perf_counter() < end:
            cursor.execute("INSERT INTO bare_vote (voter, choice) VALUES (%s, %s)", [count, 1])
            count += 1
    return count / seconds


def make_people(number: int, series: int = 0) -> list:
    from accounts.legal import CURRENT
    from accounts.models import User

    return User.objects.bulk_create(
        User(email=f"votante{n}-{series}@example.org", name=f"Votante {n}", password="!", terms_version=CURRENT.number)
        for n in range(number)
    )


def post(path: str, choice: int, cookies: dict[str, str]) -> bytes:
    form = f"option={choice}&csrfmiddlewaretoken={cookies['csrftoken']}"
    return load.request_bytes("POST", path, cookies=cookies, form=form)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
