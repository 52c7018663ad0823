"""How long the close and the scrub of a large poll take, and for how long other polls' casts wait meanwhile.

    python -m tests.benchmarks.scrub [--ballots 1000000]

Another poll is open all the while, in which somebody votes every 50 ms. Prints one JSON line.
"""

import argparse
import json
import secrets
import threading
import time

from tests.benchmarks import site

site.set_up()

from django.db import connection  # noqa: E402

from consultations.clock import database_now  # noqa: E402
from consultations.models import Phase  # noqa: E402
from tests.factories import UserFactory, choose, make_poll  # noqa: E402
from voting.ballots.bulk import append_ballots  # noqa: E402
from voting.ballots.casting import cast_ballot  # noqa: E402
from voting.ballots.closing import close  # noqa: E402
from voting.ballots.folding import fold  # noqa: E402
from voting.ballots.scrubbing import scrub_closed_polls  # noqa: E402

FOLDED = 50_000  # ballots at a time, as a busy day brings them and not all at once


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ballots", type=int, default=1_000_000)
    count = parser.parse_args().ballots
    with site.own_database():
        print(json.dumps(measure(count)))


def measure(count: int) -> dict:
    poll = make_poll()
    choices = choose(poll, "for")
    for place in range(0, count, FOLDED):
        append_ballots(poll, ((secrets.token_bytes(32), choices) for _ in range(min(FOLDED, count - place))))
        fold(poll.pk)
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    began = time.perf_counter()
    assert close(poll.pk)
    closed = time.perf_counter()
    with Voting() as others:
        assert scrub_closed_polls() == [poll.pk]
        scrubbed = time.perf_counter()
    return {
        "benchmark": "scrub",
        "ballots": count,
        "close_seconds": round(closed - began, 1),
        "scrub_seconds": round(scrubbed - closed, 1),
        "longest_cast_elsewhere_seconds": round(max(others.seconds), 2),
        "casts_elsewhere": len(others.seconds),
    }


class Voting:
    """Somebody who votes in another poll all the while."""

    def __enter__(self) -> "Voting":
        self.seconds: list[float] = [0.0]
        self._poll, self._voter = make_poll(question="¿Y mientras tanto?"), UserFactory()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._vote)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _vote(self) -> None:
        choices = choose(self._poll, "for")
        while not self._stop.wait(0.05):
            began = time.perf_counter()
            cast_ballot(poll=self._poll, voter=self._voter, choices=choices)
            self.seconds.append(time.perf_counter() - began)
        connection.close()


if __name__ == "__main__":
    main()
