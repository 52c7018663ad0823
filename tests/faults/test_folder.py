"""``kill -9`` of a folder in mid-fold, while people vote."""

import os
import random
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.factories import make_poll
from tests.faults.voting import (
    NO_LIMIT,
    SOME,
    TIMES,
    VOTERS,
    Crowd,
    assert_nothing_is_lost,
    verify_and_close,
)  # fmt: skip
from tests.servers import CLONE, database_url, running_site, wait_until
from voting.models import Seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=range(TIMES))
def poll(request):
    return make_poll()


@pytest.fixture(scope="module")
def apart(redis_url):
    return {"FOLDER": "apart", "REDIS_URL": redis_url}


@pytest.fixture(scope="module")
def site(apart, django_db_setup, django_db_blocker):
    """A server that leaves the folding to a process of its own. No other runs in this module, which would fold too."""
    with django_db_blocker.unblock(), running_site(**NO_LIMIT, **apart) as site:
        yield site


def test_a_folder_killed_in_mid_fold(poll, site, apart):
    """Where the folder is killed, the server counts by itself."""
    with Crowd(poll, [site.url], VOTERS) as crowd:
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
