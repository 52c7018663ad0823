"""``kill -9`` of a server in mid-cast, of a folder in mid-fold, connections cut, a copy in mid-poll, wrong clocks."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from tests.factories import make_poll
from tests.faults.voting import Crowd, assert_nothing_is_lost, verify_and_close
from tests.servers import CLONE, database_url, running_site

TIMES = int(os.environ.get("FAULT_TIMES", "1"))
VOTERS = int(os.environ.get("FAULT_VOTERS", "6"))
SOME = int(os.environ.get("FAULT_BALLOTS", "15"))
WRONG_CLOCK = CLONE / "tests/faults/wrong_clock"
NO_LIMIT = {"API_RATE_USER": "1000000/min"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=range(TIMES))
def poll(request):
    return make_poll()


def test_a_server_killed_in_mid_cast_under_load(poll):
    with (
        running_site(**NO_LIMIT) as staying,
        running_site(**NO_LIMIT) as doomed,
        Crowd(poll, [staying.url, doomed.url], VOTERS) as crowd,
    ):
        crowd.wait_for(SOME)
        doomed.process.send_signal(signal.SIGKILL)
        crowd.wait_for(SOME)
    assert_nothing_is_lost(poll, crowd.received)
    assert not [status for status in crowd.statuses if status >= 500]
    verify_and_close(poll)


def test_a_folder_killed_in_mid_fold(poll):
    folding = [sys.executable, "manage.py", "fold", "--loop"]
    environment = {**os.environ, "DATABASE_URL": database_url()}
    with running_site(**NO_LIMIT) as site, Crowd(poll, [site.url], VOTERS) as crowd:
        for _ in range(3):
            folder = subprocess.Popen(folding, cwd=CLONE, env=environment, stdout=subprocess.DEVNULL)
            crowd.wait_for(SOME // 2)
            folder.kill()
            folder.wait()
    assert_nothing_is_lost(poll, crowd.received)
    assert not [status for status in crowd.statuses if status >= 500]
    verify_and_close(poll)


def test_every_connection_to_the_database_cut_under_load(poll):
    """As a restart of PostgreSQL does: what was not committed is gone, what was answered is not."""
    with running_site(**NO_LIMIT) as site, Crowd(poll, [site.url], VOTERS) as crowd:
        for _ in range(3):
            crowd.wait_for(SOME // 2)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        crowd.wait_for(SOME // 2)
    assert_nothing_is_lost(poll, crowd.received)
    verify_and_close(poll)


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_server_whose_clock_is_wrong_neither_opens_nor_closes_a_vote(poll, hours):
    """The poll's day ends in twelve hours: by this clock it has not begun, or is over. The database's decides."""
    wrong = {"PYTHONPATH": str(WRONG_CLOCK), "CLOCK_OFFSET": str(hours * 3600)}
    with running_site(**NO_LIMIT, **wrong) as site, Crowd(poll, [site.url], VOTERS) as crowd:
        crowd.wait_for(SOME)
    assert crowd.statuses.keys() == {201}
    assert_nothing_is_lost(poll, crowd.received)
    verify_and_close(poll)


def test_a_dump_in_mid_poll_restores_to_a_log_that_goes_on(poll, tmp_path):
    """By COPY in one snapshot, which is what pg_dump does; the private server comes without that program."""
    with running_site(**NO_LIMIT) as site, Crowd(poll, [site.url], VOTERS) as crowd:
        crowd.wait_for(SOME)
        known = [dict(ballot) for ballot in crowd.received]
        rows = dumped_and_restored(tmp_path)
        crowd.wait_for(3)
    assert {ballot["receipt"].split("/")[-2] for ballot in known} <= rows
    assert_nothing_is_lost(poll, crowd.received)


def dumped_and_restored(directory) -> set[str]:
    """The ids of the ballots in a copy of the database, made by COPY in one snapshot while people vote."""
    import psycopg

    tables = ("voting_ballot", "voting_opening", "voting_queuedballot", "voting_leaf", "voting_tally")
    with psycopg.connect(database_url()) as source:
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for table in tables:
            with (directory / table).open("wb") as file, source.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                for row in rows:
                    file.write(row)
    with psycopg.connect(database_url()) as target:
        for table in tables:
            target.execute(f"CREATE TEMP TABLE copy_of_{table} (LIKE {table})")
            with target.cursor().copy(f"COPY copy_of_{table} FROM STDIN") as rows:
                rows.write((directory / table).read_bytes())
        [(ballots, places, numbers)] = target.execute(
            "SELECT (SELECT count(*) FROM copy_of_voting_ballot), (SELECT count(*) FROM copy_of_voting_queuedballot) + "
            "(SELECT count(*) FROM copy_of_voting_leaf WHERE ballot_id IS NOT NULL), "
            "(SELECT count(DISTINCT number) FROM copy_of_voting_leaf)"
        ).fetchall()
        assert ballots == places  # each is either sealed or waits, in every snapshot
        assert numbers >= 1
        return {str(row[0]) for row in target.execute("SELECT id FROM copy_of_voting_ballot")}
