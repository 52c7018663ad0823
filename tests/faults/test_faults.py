"""``kill -9`` of a server in mid-cast, of a folder in mid-fold, and connections cut, while people vote."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.factories import make_poll
from tests.faults.voting import NO_LIMIT, SOME, TIMES, VOTERS, Crowd, assert_nothing_is_lost, verify_and_close
from tests.servers import CLONE, database_url, running_site
from voting.models import Seal

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


def test_a_folder_killed_in_mid_fold(poll, redis_url):
    """The server leaves the folding to a process of its own and, where that is killed, counts by itself."""
    apart = {"FOLDER": "apart", "REDIS_URL": redis_url}
    with running_site(**NO_LIMIT, **apart) as site, Crowd(poll, [site.url], VOTERS) as crowd:
        for _ in range(2):
            with folder(apart) as process:
                wait_for_a_seal(poll)
                crowd.wait_for(SOME // 3)
                time.sleep(random.uniform(0, 0.3))
                process.kill()
        number = last_number(poll)
        wait_until(lambda: last_number(poll) > number)  # by the server, which was left alone
    assert_nothing_is_lost(poll, crowd.received)
    assert not [status for status in crowd.statuses if status >= 500]
    verify_and_close(poll)


@contextmanager
def folder(apart):
    command = [sys.executable, "manage.py", "fold", "--loop"]
    environment = {**os.environ, "DATABASE_URL": database_url(), **apart}
    process = subprocess.Popen(command, cwd=CLONE, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert "until Ctrl-C" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def last_number(poll):
    return max(Seal.objects.filter(poll=poll).values_list("number", flat=True), default=0)


def wait_for_a_seal(poll):
    number = last_number(poll)
    wait_until(lambda: last_number(poll) > number)


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_every_connection_to_the_database_cut_under_load(poll):
    """What was not committed is gone, what was answered is not."""
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
