"""The database restarted, crashed, dumped and restored while people vote: with a PostgreSQL of the test's own."""

from contextlib import ExitStack
from secrets import token_hex
from time import sleep
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.factories import make_poll
from tests.faults.own_postgres import own_postgres
from tests.faults.voting import (
    NO_LIMIT,
    SOME,
    TIMES,
    VOTERS,
    Crowd,
    assert_nothing_is_lost,
    id_of,
    verify_and_close,
)  # fmt: skip
from tests.servers import running_site
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server():
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def site_there(server, django_db_setup, django_db_blocker):
    """A database on it, and a server that uses that."""
    with django_db_blocker.unblock(), ExitStack() as until_the_end:
        copy = server.restored_copy()
        with server.used(copy):
            site = until_the_end.enter_context(running_site(**NO_LIMIT))
        yield copy, site


@pytest.mark.parametrize("mode", ["fast", "immediate"])
@pytest.mark.parametrize("time", range(TIMES))
def test_postgresql_restarted_under_load(server, site_there, mode, time):
    """Those who vote meanwhile get an error and try again; what was answered with "received" is there."""
    copy, site = site_there
    with server.used(copy):
        poll = make_poll()
        with Crowd(poll, [site.url], VOTERS) as crowd:
            crowd.wait_for(SOME)
            before = server.running_pid()
            server.restart(mode)
            assert server.running_pid() not in (None, before)
            crowd.wait_for(SOME)
        connection.close()  # it was cut too
        assert_nothing_is_lost(poll, crowd.received)
        verify_and_close(poll)


def test_an_outage_of_postgresql_ends_for_readers_when_it_ends(server, site_there):
    """However long it took: nobody waits until it has been up for as long as it was down."""
    _, site = site_there
    assert status_of(site.url) == 200
    server.stop()
    assert status_of(site.url) == 503  # after ten seconds
    sleep(6)  # the pool, left alone, would try next when the outage has lasted for half a minute

    server.ensure_running()

    assert status_of(site.url) == 200


def status_of(url: str) -> int:
    try:
        return urlopen(f"{url}/agencies/?{token_hex(4)}").status  # an address that nobody has asked for a second ago
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize("time", range(TIMES))
def test_a_dump_in_mid_poll_is_restored_elsewhere_and_the_poll_goes_on_there(server, staying, time):
    """What was answered before the dump is in the copy; there people vote on, and it closes with a right log."""
    poll = make_poll()
    with Crowd(poll, [staying.url], VOTERS) as crowd:
        crowd.wait_for(SOME)
        before = list(crowd.received)
        copy = server.restored_copy()
        crowd.wait_for(3)
    assert_nothing_is_lost(poll, crowd.received)
    with server.used(copy):
        restored = Poll.objects.get(pk=poll.pk)
        ids = {str(pk) for pk in Ballot.objects.filter(poll=restored).values_list("pk", flat=True)}
        assert {id_of(ballot) for ballot in before} <= ids
        with running_site(**NO_LIMIT) as site, Crowd(restored, [site.url], VOTERS) as there:
            there.wait_for(SOME)
        assert not [status for status in there.statuses if status >= 500]
        assert_nothing_is_lost(restored, before + there.received)
        verify_and_close(restored)
