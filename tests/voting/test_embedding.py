"""The count of a poll in a frame on somebody else's page: as anybody sees it, and nothing that one could press."""

import pytest
from django.test import Client

from accounts.models import Role
from tests.consultations.doors import logged_in, words
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


def make(agency, **poll):
    made = make_poll(make_consultation(agency, now_in="voting"), **poll)
    cast_ballot(poll=made, voter=UserFactory(), choices=choose(made, "for"))
    fold(made.pk)
    return made


def embedded(poll, client=None):
    return (client or Client(headers={"accept-language": "en"})).get(f"/polls/{poll.pk}/embed/")


def test_any_page_may_frame_it_and_no_other_page_of_ours(agency):
    poll = make(agency)
    page = embedded(poll)
    assert page.status_code == 200
    assert (
        "frame-ancestors *" in page["Content-Security-Policy"]
        and "script-src 'self'" in page["Content-Security-Policy"]
    )
    assert "X-Frame-Options" not in page
    other = Client().get(f"/polls/{poll.pk}/")
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"] and other["X-Frame-Options"] == "DENY"


def test_it_shows_question_and_count_and_offers_nothing_to_press(agency):
    poll = make(agency)
    page = embedded(poll)
    assert poll.question in words(page) and "100.0%" in words(page)
    assert "<form" not in page.text and "csrfmiddlewaretoken" not in page.text
    assert '<base target="_blank">' in page.text and f'href="{poll.get_absolute_url()}"' in page.text
    assert f'src="/ws/polls/{poll.pk}/"' in page.text


def test_it_shows_what_anybody_may_see_to_those_who_see_more_too(agency):
    poll = make(agency, results_policy="after_voting")
    voter = UserFactory()
    cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
    fold(poll.pk)
    assert "100.0%" in words(logged_in(voter).get(f"/polls/{poll.pk}/"))
    for person in (voter, fresh(agency.owner)):
        page = words(embedded(poll, logged_in(person)))
        assert "100.0%" not in page and "2 people have voted." in page
    close_if_due(end(poll))
    assert "100.0%" in words(embedded(poll)) and "Final tally" in words(embedded(poll))


def test_what_only_members_see_nobody_frames(agency):
    private = make_poll(make_consultation(agency, now_in="voting", visibility="private", eligibility="invited"))
    insider = member(agency, Role.MEMBER)
    assert logged_in(insider).get(f"/polls/{private.pk}/").status_code == 200
    assert embedded(private, logged_in(insider)).status_code == 404
    assert "/embed/" not in logged_in(fresh(insider)).get(f"/polls/{private.pk}/").text


def test_the_page_of_the_poll_offers_the_code_with_the_question_harmless_in_it(agency):
    poll = make(agency, question='"><script>alert(1)</script>')
    page = Client().get(f"/polls/{poll.pk}/").text
    assert "&lt;iframe src=&quot;http://testserver/polls/" in page
    assert "title=&quot;&amp;quot;&amp;gt;&amp;lt;script&amp;gt;" in page
    assert "<script>alert" not in page and "<script>alert" not in embedded(poll).text
