"""Seconds and memory of a Pabulib import, beside a bare COPY of the same rows in the same run.

    python -m tests.benchmarks.importing [--file Poland_Wroclaw_2018.pb] [--voters 54000] [--rounds 3]

Without a file it makes one, as large as the largest that we know. The import reads the file, checks each vote, and
writes ballots, openings, the queue and the numbered leaves under all triggers and foreign keys, in one transaction. The
bare COPY writes the same ballots, openings and leaves into tables without any. Prints one JSON line last.
"""

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import site

site.set_up()

from django.db import connection, transaction  # noqa: E402

from tests.factories import make_agency  # noqa: E402
from voting.election_files.importing import import_election  # noqa: E402
from voting.formats import pabulib  # noqa: E402
from voting.models import Poll  # noqa: E402

PROJECTS = 40
WRITTEN = {
    "voting_ballot": "SELECT ballot.* FROM voting_ballot ballot WHERE ballot.poll_id = %s",
    "voting_opening": "SELECT opening.* FROM voting_opening opening JOIN voting_ballot ballot"
    " ON ballot.id = opening.ballot_id WHERE ballot.poll_id = %s",
    "voting_leaf": "SELECT leaf.* FROM voting_leaf leaf WHERE leaf.poll_id = %s",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", type=Path)
    parser.add_argument("--voters", type=int, default=54_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with site.own_database(), tempfile.TemporaryDirectory() as folder:
        file = options.file or made_file(Path(folder) / "made.pb", options.voters)
        print(json.dumps(measure(file, options.rounds)))


def measure(file: Path, rounds: int) -> dict:
    agency = make_agency()
    forget_peak()
    megabytes_before = peak_megabytes()
    seconds: list[float] = []
    for number in range(rounds):
        say(f"import {number + 1} of {rounds}")
        with timed(seconds):
            with file.open("rb") as lines:
                election = pabulib.read(lines)
            import_election(election=election, agency=agency, slug="measured", source=file.name)
    megabytes = peak_megabytes()

    rows = {table: read(select) for table, select in WRITTEN.items()}
    ballots = len(election.votes)
    assert [len(found) for found in rows.values()] == [ballots] * len(rows)
    bare: list[float] = []
    for number in range(rounds):
        say(f"bare COPY {number + 1} of {rounds}")
        with transaction.atomic(), timed(bare):
            for table, found in rows.items():
                copy(table, found)
            transaction.set_rollback(True)
    return {
        "benchmark": "importing",
        "ballots": ballots,
        "proposals": len(election.projects),
        "seconds": round(statistics.median(seconds), 2),
        "ballots_per_second": round(ballots / statistics.median(seconds)),
        "bare_copy_seconds": round(statistics.median(bare), 2),
        "ratio_to_bare_copy": round(statistics.median(seconds) / statistics.median(bare), 1),
        "peak_megabytes": megabytes,
        "megabytes_before": megabytes_before,
    }


def read(select: str) -> list[tuple]:
    """The rows of the last import."""
    poll = Poll.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute(select, [poll.pk])
        return cursor.fetchall()


def copy(table: str, rows: list[tuple]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare (LIKE {table}) ON COMMIT DROP")
        with cursor.copy("COPY bare FROM STDIN") as into:
            for row in rows:
                into.write_row(row)
        cursor.execute("DROP TABLE bare")


@contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - began)


def forget_peak() -> None:
    """Let the peak begin anew at what is in use now: making the database took more (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> int:
    """The most memory that this process has had in use since ``forget_peak``; the database's is not in it (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


def made_file(file: Path, voters: int) -> Path:
    """An approval election of the size that is asked for, the same each time."""
    chance = random.Random(1)
    meta = {
        "description": "Made for a benchmark", "country": "Nowhere", "unit": "Nowhere", "instance": "2024",
        "num_projects": PROJECTS, "num_votes": voters, "budget": 4_000_000, "vote_type": "approval", "rule": "greedy",
        "date_begin": "01.03.2024", "date_end": "31.03.2024", "max_length": 5, "currency": "ARS",
    }  # fmt: skip
    ids = range(1, PROJECTS + 1)
    with file.open("w", encoding="utf-8") as out:
        out.write("META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in meta.items()))
        out.write("PROJECTS\nproject_id;cost;name\n")
        out.writelines(f"{pk};{chance.randrange(50, 900) * 1000};Project {pk}\n" for pk in ids)
        out.write("VOTES\nvoter_id;vote\n")
        for voter in range(voters):
            chosen = chance.sample(ids, chance.randint(1, 5))
            out.write(f"v{voter};{','.join(map(str, chosen))}\n")
    return file


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
