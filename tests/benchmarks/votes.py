"""Votes per second through HTTP, with 16 voters at once, beside a bare Django view in the same run.

    python -m tests.benchmarks.votes [--voters 400] [--rounds 5]

Both are answered by the same daphne with the same middleware. The bare view asks who it is and inserts one row; a vote
checks who may, the choices and the clock, takes two locks and appends ballot, opening and queue, while the folder
counts beside it. The two take turns, so that a change in the machine's speed meets both. Prints one JSON line last.
"""

import argparse
import json
import statistics
import sys

from tests.benchmarks import load, site

site.set_up()

from django.db import connection  # noqa: E402

from tests.benchmarks.bare import TABLE  # noqa: E402
from tests.factories import make_poll  # noqa: E402
from voting.folding import fold  # noqa: E402
from voting.tallies import frame  # noqa: E402

WORKERS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with site.own_database():
        result = measure(options.voters, options.rounds)
    print(json.dumps(result))


def measure(voters: int, rounds: int) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    poll = make_poll()
    choice = poll.options.first().pk
    cookies = [site.session_cookies(user) for user in make_people(voters)]
    votes = [post(f"/polls/{poll.pk}/ballot/", choice, own) for own in cookies]
    bare = [post("/bare/", choice, own) for own in cookies]

    reports: dict[str, list[load.Report]] = {"vote": [], "bare": []}
    with site.server() as (port,):
        for requests in (votes, bare):  # a warm-up that is not counted
            load.run(port, requests[:100], workers=WORKERS)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            reports["vote"].append(load.run(port, votes, workers=WORKERS))
            reports["bare"].append(load.run(port, bare, workers=WORKERS))
    fold(poll.pk)
    for report in reports["vote"] + reports["bare"]:
        assert set(report.statuses) == {302}, report.statuses
    shown = frame(poll)
    assert shown["number"] == voters * rounds + min(100, voters), shown
    assert shown["voters"] == voters, shown

    ratios = [v.per_second / b.per_second for v, b in zip(reports["vote"], reports["bare"], strict=True)]
    return {
        "benchmark": "votes",
        "workers": WORKERS,
        "votes_per_second": round(statistics.median(r.per_second for r in reports["vote"]), 1),
        "bare_per_second": round(statistics.median(r.per_second for r in reports["bare"]), 1),
        "ratio_to_bare_view": round(statistics.median(ratios), 3),
        "ratio_min_max": [round(min(ratios), 3), round(max(ratios), 3)],
        "vote_ms_p50": round(statistics.median(r.quantile(0.5) for r in reports["vote"]), 1),
        "vote_ms_p95": round(statistics.median(r.quantile(0.95) for r in reports["vote"]), 1),
    }


def make_people(number: int) -> list:
    from accounts.legal import CURRENT
    from accounts.models import User

    return User.objects.bulk_create(
        User(email=f"votante{n}@example.org", name=f"Votante {n}", password="!", terms_version=CURRENT.number)
        for n in range(number)
    )


def post(path: str, choice: int, cookies: dict[str, str]) -> bytes:
    form = f"option={choice}&csrfmiddlewaretoken={cookies['csrftoken']}"
    return load.request_bytes("POST", path, cookies=cookies, form=form)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
