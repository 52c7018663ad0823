"""Servers whose clock is wrong, or is set in the middle: the database's alone opens, seals and closes."""

import time

import pytest

from tests.factories import make_poll
from tests.faults.voting import NO_LIMIT, PATIENCE, SOME, TIMES, VOTERS, Crowd, assert_nothing_is_lost, verify_and_close
from tests.servers import CLONE, running_site
from voting.models import Seal

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400


@pytest.fixture(params=range(TIMES))
def poll(request):
    return make_poll()


@pytest.fixture(scope="module")
def offset(tmp_path_factory):
    """A file with the seconds by which the server's clock is wrong: see wrong_clock/sitecustomize.py."""
    file = tmp_path_factory.mktemp("clock") / "offset"
    file.write_text("0")
    return file


@pytest.fixture(scope="module")
def site(offset, django_db_setup, django_db_blocker):
    """A server that has this clock."""
    clock = {"PYTHONPATH": str(CLONE / "tests/faults/wrong_clock"), "CLOCK_OFFSET_FILE": str(offset)}
    with django_db_blocker.unblock(), running_site(**NO_LIMIT, **clock) as site:
        yield site


@pytest.fixture
def clock(offset):
    yield offset
    offset.write_text("0")


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_server_whose_clock_is_wrong_neither_opens_nor_closes_a_vote(poll, site, clock, hours):
    """The poll's day ends in twelve hours: by this clock it has not begun, or is over."""
    clock.write_text(str(hours * 3600))
    with Crowd(poll, [site.url], VOTERS) as crowd:
        crowd.wait_for(SOME)
    assert crowd.statuses.keys() == {201}
    assert_nothing_is_lost(poll, crowd.received)
    verify_and_close(poll)


def test_a_clock_that_is_set_back_while_people_vote_and_forward_again(poll, site, clock):
    with Crowd(poll, [site.url], VOTERS) as crowd:
        for offset in (0, -DAY, DAY, 0):
            clock.write_text(str(offset))
            crowd.wait_for(SOME // 2)
        end = time.monotonic() + PATIENCE
        while Seal.objects.filter(poll=poll).count() < 2:  # the folder goes on too
            assert time.monotonic() < end
            time.sleep(0.05)
    assert crowd.statuses.keys() == {201}
    assert_nothing_is_lost(poll, crowd.received)
    times = list(Seal.objects.filter(poll=poll).order_by("number").values_list("sealed_at", flat=True))
    assert times == sorted(times)
    verify_and_close(poll)
