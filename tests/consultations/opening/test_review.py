"""Looking over: what is missing with the way to it, what would be wise, and a button that says what it does."""

from datetime import timedelta

import pytest

from consultations.clock import database_now
from consultations.models import Consultation
from consultations.opening import PhaseDates, create_consultation
from tests.consultations.doors import address, words
from tests.factories import make_consultation, make_poll

pytestmark = pytest.mark.django_db


def checks(client, consultation):
    """The lines of the checklist: whether each is needed, and where it leads."""
    found = client.get(address(consultation, "edit/")).context["checks"]
    return [(check.is_needed, check.url.rpartition("/edit/")[2]) for check in found]


def test_what_is_missing_leads_to_its_step_and_only_what_is_ready_has_the_button(client, agency, editor):
    empty = create_consultation(agency=agency, title="Plan", summary="…", actor=None)
    ready = make_consultation(agency, publish=False, now_in=None)

    assert checks(client, empty) == [(True, "what/"), (True, "when/")]
    assert b"/publish/" not in client.get(address(empty, "edit/")).content
    assert b"/publish/" in client.get(address(ready, "edit/")).content


@pytest.mark.parametrize("recipe", ["questions", "draft_text", "internal", "budget"])
def test_a_recipe_may_need_more(client, agency, editor, recipe):
    draft = make_consultation(agency, publish=False, recipe=recipe, now_in=None)

    step = {"budget": "/edit/money/", "draft_text": "/documents/"}.get(recipe, "/edit/taking-part/")
    found = client.get(address(draft, "edit/")).context["checks"]
    assert any(check.is_needed and check.url.endswith(step) for check in found)


def test_a_voting_phase_without_a_vote_is_pointed_at_with_the_way_to_make_one(client, agency, editor):
    draft = make_consultation(agency, publish=False, now_in=None)
    way = f'href="/polls/new/?consultation={draft.slug}"'

    assert way in client.get(address(draft, "edit/")).content.decode()
    assert b"/publish/" in client.get(address(draft, "edit/")).content  # advice, not a hindrance

    make_poll(draft)
    assert way not in client.get(address(draft, "edit/")).content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "kind", "sentence"),
    [
        (-9, -2, "discussion", "All of its phases are over"),
        (-2, 9, "discussion", "it opens as soon as you publish"),
        (2, 9, "information", "In none of its phases"),
    ],
)
def test_dates_that_are_hardly_meant_are_pointed_at(client, agency, editor, starts, ends, kind, sentence):
    now = database_now()
    dates = PhaseDates(kind, now + timedelta(days=starts), now + timedelta(days=ends))
    draft = create_consultation(agency=agency, title="Plan", summary="…", body="…", phases=[dates], actor=None)

    assert sentence in words(client.get(address(draft, "edit/")))


@pytest.mark.parametrize(
    ("fields", "button", "sentence"),
    [
        ({}, "Publish it for everybody", "Everybody sees it from now on. It opens"),
        ({"visibility": "private"}, "Publish it for the members", "Its members see it from now on."),
        ({"is_unlisted": True}, "Publish it, outside the lists", "Whoever has its address sees it"),
    ],
)
def test_the_button_says_for_whom_and_the_sentence_when_it_opens(client, agency, editor, fields, button, sentence):
    page = words(client.get(address(make_consultation(agency, publish=False, now_in=None, **fields), "edit/")))

    assert button in page
    assert sentence in page


def test_what_is_published_is_shown_with_the_ways_to_change_it_and_no_button(client, agency, editor):
    published = make_consultation(agency)

    page = client.get(address(published, "edit/"))

    assert b"/publish/" not in page.content
    assert address(published, "edit/what/").encode() in page.content


def test_publishing_what_is_not_ready_leads_back_to_the_checklist(client, agency, editor):
    draft = make_consultation(agency, publish=False, body="")

    response = client.post(address(draft, "publish/"))

    assert response.url == address(draft, "edit/")
    assert not Consultation.objects.get().is_published
