"""The card of a poll while one chooses: what is chosen does not count until it is sent, and the card says so."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.steps import log_in, vote
from tests.factories import UserFactory, choose, make_consultation, make_poll
from voting.ballots.casting import cast_ballot
from voting.results.tallies import own_ballot


@pytest.fixture
def consultation(transactional_db):
    return make_consultation(now_in="voting")


def test_a_choice_looks_pending_until_it_is_sent_and_so_does_a_change(consultation, phone_page):
    poll, rosa = make_poll(consultation, method="single_choice", options=["Plaza", "Cancha"]), UserFactory()
    log_in(phone_page, rosa)
    phone_page.goto(f"/polls/{poll.pk}/")
    card, pending = phone_page.locator("section.vote"), phone_page.locator("[data-pending]")
    expect(pending).to_be_hidden()

    phone_page.get_by_role("radio", name="Plaza").check()
    expect(card).to_have_class(re.compile("pending"))
    expect(pending).to_be_visible()
    axe(phone_page)
    assert own_ballot(poll, rosa) is None

    vote(phone_page, "Plaza")
    expect(card).not_to_have_class(re.compile("pending"))
    phone_page.locator("summary", has_text="Cambiar").click()
    phone_page.get_by_role("radio", name="Cancha").check()
    expect(card).to_have_class(re.compile("pending"))
    phone_page.get_by_role("radio", name="Plaza").check()
    expect(card).not_to_have_class(re.compile("pending"))


def test_the_card_counts_what_is_chosen_where_there_is_a_limit(consultation, page):
    poll = make_poll(consultation, method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
    log_in(page, UserFactory())
    page.goto(f"/polls/{poll.pk}/")
    counted = page.locator("[data-chosen]")
    expect(counted).to_have_text(re.compile("0.*2"))

    for name in ("Ceibo", "Tipa"):
        page.get_by_role("checkbox", name=name).check()
    expect(counted).to_have_text(re.compile("2.*2"))
    expect(counted).not_to_have_class(re.compile("field-error"))

    page.get_by_role("checkbox", name="Lapacho").check()
    expect(counted).to_have_text(re.compile("3.*2"))
    expect(counted).to_have_class(re.compile("field-error"))


def test_two_cards_on_one_page_do_not_touch_each_other(consultation, page):
    first = make_poll(consultation, method="single_choice", options=["Plaza", "Cancha"])
    second = make_poll(consultation, method="single_choice", options=["Hoy", "Mañana"])
    log_in(page, UserFactory())
    page.goto(consultation.get_absolute_url())

    page.get_by_role("radio", name="Hoy").check()

    expect(page.locator(f"#poll-{second.pk}")).to_have_class(re.compile("pending"))
    expect(page.locator(f"#poll-{first.pk}")).not_to_have_class(re.compile("pending"))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_command_on_a_receipt_is_not_broken_within_its_dashes_and_fits(consultation, page, width):
    poll = make_poll(consultation)
    ballot = cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/polls/{poll.pk}/receipts/{ballot.pk}/")
    command = page.locator("code", has_text="--receipt")
    assert command.evaluate("element => element.getClientRects().length") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
