"""An official loads an electoral roll; who is on it votes, who is not learns what to do and comes in by a letter."""

import os

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests.browser.axe import axe
from tests.browser.steps import log_in, press, vote
from tests.factories import UserFactory, make_agency, make_consultation, make_poll, member

PICTURES = os.environ.get("ROLL_PICTURES")  # a folder, to look at the pages


def look(page, name):
    axe(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.fixture
def agency(transactional_db):
    return make_agency("Salud")


def test_from_the_list_to_the_ballot(agency, page, phone_page, another_person, browser_errors):
    poll, editor = make_poll(make_consultation(agency, now_in="voting")), member(agency, Role.EDITOR)
    listed, other = UserFactory(email="ana@example.org"), UserFactory()
    log_in(page, editor)
    page.goto(f"/polls/{poll.pk}/")
    page.get_by_role("link", name="Padrón", exact=True).click()
    page.get_by_role("link", name="Cargar un padrón").click()
    look(page, "load")
    page.fill("textarea[name=text]", "email;documento;distrito\nana@example.org;;Norte\nmal;;\n;12.345.678;Sur\n")
    press(page, "form.form button")
    expect(page.get_by_role("heading", name="Qué se entendió")).to_be_visible()
    look(page, "preview")
    press(page, "form.form button")
    look(page, "roll")
    page.get_by_role("link", name="Invitaciones").click()
    look(page, "invitations")
    press(page, "form[action*='/letters/'] button")
    code = page.locator(".letter-code").inner_text()
    look(page, "letters")
    page.set_viewport_size({"width": 360, "height": 800})
    code_box, letter_box = page.locator(".letter-code").bounding_box(), page.locator(".letter").bounding_box()
    assert code_box["x"] + code_box["width"] < letter_box["x"] + letter_box["width"]
    if PICTURES:
        page.pdf(path=f"{PICTURES}/letters.pdf", prefer_css_page_size=True)

    log_in(phone_page, listed)
    phone_page.goto(f"/polls/{poll.pk}/")
    look(phone_page, "listed-phone")
    vote(phone_page, "A favor")
    expect(phone_page.locator("section.vote")).to_contain_text("Tu voto")

    log_in(another_person, other)
    another_person.goto(f"/polls/{poll.pk}/")
    look(another_person, "not-listed")
    another_person.get_by_role("link", name="Estoy en el padrón").click()
    look(another_person, "claim")
    another_person.fill("input[name=code]", "ABCD-EFGH-JKMN-PQRS")
    press(another_person, "form.form button")
    expect(another_person.locator("main")).to_contain_text("No conocemos este código")
    browser_errors.clear()  # the browser's own word on the status of a refusal
    another_person.fill("input[name=code]", code)
    press(another_person, "form.form button")
    another_person.goto(f"/polls/{poll.pk}/")
    vote(another_person, "En contra")
    assert poll.ballots.count() == 2
