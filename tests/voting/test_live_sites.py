"""From the click to the other screen, on real servers: a ballot by HTTP in one process, the frame in the other."""

import json
import urllib.parse
import urllib.request

import pytest
from django.contrib.sessions.models import Session
from websockets.sync.client import connect

from tests.factories import UserFactory, choose, make_poll
from tests.voting.test_consumers import cookie_of


def cast_by_http(site, poll, user, name):
    """What the browser sends when the form of the ballot is submitted."""
    ((_, cookie),) = cookie_of(user)
    token = "t" * 32
    (option,) = choose(poll, name)
    form = urllib.parse.urlencode({"option": option, "csrfmiddlewaretoken": token}).encode()
    request = urllib.request.Request(f"{site.url}/polls/{poll.pk}/ballot/", data=form)
    request.add_header("Cookie", f"{cookie}; csrftoken={token}")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def next_frame(viewer, number):
    while (frame := json.loads(viewer.recv(timeout=15)))["number"] < number:
        pass
    return frame


def test_a_vote_in_one_process_is_seen_in_both(two_sites):
    one, other = two_sites
    poll = make_poll()
    with (
        connect(f"{one.websocket_url}/ws/polls/{poll.pk}/") as near,
        connect(f"{other.websocket_url}/ws/polls/{poll.pk}/") as far,
    ):
        assert next_frame(near, 0)["voters"] == next_frame(far, 0)["voters"] == 0
        cast_by_http(one, poll, UserFactory(), "for")
        assert next_frame(near, 1)["counts"] == next_frame(far, 1)["counts"]

        cast_by_http(other, poll, UserFactory(), "against")
        near_frame, far_frame = next_frame(near, 2), next_frame(far, 2)

    assert near_frame == far_frame
    assert near_frame["voters"] == 2
    assert sorted(near_frame["counts"].values()) == [0, 1, 1]


def test_watching_leaves_no_session_behind(site):
    poll = make_poll()
    with connect(f"{site.websocket_url}/ws/polls/{poll.pk}/") as viewer:
        next_frame(viewer, 0)

    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["/ws/polls/999999/", "/ws/nothing/"])
def test_an_address_without_a_poll_is_closed_with_a_code_that_says_so(site, path):
    with connect(f"{site.websocket_url}{path}") as viewer, pytest.raises(Exception, match="4404"):
        viewer.recv(timeout=15)
