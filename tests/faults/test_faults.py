"""``kill -9`` of a server in mid-cast, and connections cut, while people vote."""

import signal

import pytest
from django.db import connection

from tests.factories import make_poll
from tests.faults.voting import NO_LIMIT, SOME, TIMES, VOTERS, Crowd, assert_nothing_is_lost, verify_and_close
from tests.servers import running_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=range(TIMES))
def poll(request):
    return make_poll()


def test_a_server_killed_in_mid_cast_under_load(poll, staying):
    with running_site(**NO_LIMIT) as doomed, Crowd(poll, [staying.url, doomed.url], VOTERS) as crowd:
        crowd.wait_for(SOME)
        doomed.process.send_signal(signal.SIGKILL)
        crowd.wait_for(SOME)
    assert_nothing_is_lost(poll, crowd.received)
    assert not [status for status in crowd.statuses if status >= 500]
    verify_and_close(poll)


def test_every_connection_to_the_database_cut_under_load(poll, staying):
    """What was not committed is gone, what was answered is not."""
    with Crowd(poll, [staying.url], VOTERS) as crowd:
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
