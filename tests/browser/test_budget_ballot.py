"""The ballot of a budget by keyboard on a small phone: nothing is overspent, and the draft goes on elsewhere."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation, make_poll
from voting.methods.rules import Rules
from voting.models import Ballot, BallotDraft


@pytest.fixture
def poll(transactional_db):
    consultation = make_consultation(
        make_agency("Obras"), now_in="voting", budget_cents=1_000_000_00, title="Presupuesto 2027"
    )
    costs = [600_000_00, 500_000_00, 300_000_00, *[20_000_00] * 12]
    names = ["Plaza Sur", "Bicisenda del río", "Sala de primeros auxilios"]
    names += [f"Luminarias de la cuadra {number}" for number in range(1, 13)]
    proposals = [
        ProposalFactory(
            consultation=consultation,
            title=name,
            cost_cents=cost,
            category="Verde",
            place="Norte",
            latitude=-34.6 + place / 100,
            longitude=-58.4,
        )
        for place, (name, cost) in enumerate(zip(names, costs, strict=True))
    ]
    rules = Rules(ballot="knapsack")
    return make_poll(consultation, method="greedy", options=proposals, rules=rules, results_policy="after_close")


def tick(page, name):
    box = page.get_by_role("checkbox", name=name)
    box.focus()
    page.keyboard.press("Space")
    return box


def choose_on_map(page):
    """The map shows what the search finds; what it ticks is ticked in the list, or taken back where it is too dear."""
    page.get_by_text("Verlas en el mapa").click()
    expect(page.locator("path.map-place")).to_have_count(15)
    expect(page.locator("path.map-place.is-chosen")).to_have_count(1)
    for place, is_chosen in ((3, True), (1, False)):  # a lamp, and the dear lane
        page.locator("path.map-place").nth(place).dispatch_event("click")
        button = page.locator(".leaflet-popup").locator(".button")
        expect(button).to_have_text("Elegirla")
        button.click()
        expect(button).to_have_text("Sacarla" if is_chosen else "Elegirla")
    lamp = page.get_by_role("checkbox", name=re.compile(r"^Luminarias de la cuadra 1\b"))
    expect(lamp).to_be_checked()
    expect(page.locator("[data-refused]")).to_contain_text("Bicisenda del río")
    picture(page, "budget-map")
    lamp.uncheck()
    expect(page.locator("path.map-place.is-chosen")).to_have_count(1)


def picture(page, name):
    if place := os.environ.get("PICTURES"):
        page.screenshot(path=f"{place}/{name}.png", full_page=True)


def test_a_budget_ballot_by_keyboard_begun_on_a_phone_and_cast_elsewhere(poll, phone_page, page):
    voter = UserFactory()
    log_in(phone_page, voter)
    phone_page.goto(f"/polls/{poll.pk}/")
    expect(tick(phone_page, "Plaza Sur")).to_be_checked()
    expect(phone_page.locator("[data-pending]")).to_contain_text("Todavía no cuenta")
    expect(phone_page.locator("[data-spent]")).to_have_text("$\N{NO-BREAK SPACE}600.000")
    expect(phone_page.locator("[data-left-said]")).to_have_text("Te quedan $\N{NO-BREAK SPACE}400.000.")
    expect(tick(phone_page, "Bicisenda del río")).not_to_be_checked()
    expect(phone_page.locator("[data-refused]")).to_contain_text("Te pasás por $\N{NO-BREAK SPACE}100.000")
    expect(phone_page.locator("[data-said]")).to_contain_text("Guardado para después")
    picture(phone_page, "budget-phone")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    choose_on_map(phone_page)
    axe(phone_page)
    assert (BallotDraft.objects.count(), Ballot.objects.count()) == (1, 0)

    log_in(page, voter)
    page.goto(f"/polls/{poll.pk}/")
    expect(page.get_by_role("checkbox", name="Plaza Sur")).to_be_checked()
    expect(page.locator("[data-said]")).to_contain_text("Todavía no cuenta")
    page.get_by_role("searchbox").fill("AUXILIOS")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_have_count(2)  # what was found, and what is chosen
    tick(page, "Sala de primeros auxilios")
    picture(page, "budget-desktop")
    page.get_by_role("button", name="Votar").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".vote-state")).to_contain_text(re.compile("Tu voto cuenta|Sellado con el número"))
    assert len(Ballot.objects.get().opening.choices) == 2
    assert not BallotDraft.objects.exists()
    axe(page)
    picture(page, "budget-cast")


def test_what_alone_costs_more_than_there_is_is_not_blamed_on_the_rest(transactional_db, page):
    consultation = make_consultation(make_agency("Obras"), now_in="voting", budget_cents=1_000_00)
    options = [
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
        for title, cost in (("Puente", 1_000_01), ("Banco", 100_00))
    ]
    poll = make_poll(consultation, method="greedy", options=options, rules=Rules(ballot="knapsack"))
    log_in(page, UserFactory())
    page.goto(f"/polls/{poll.pk}/")
    expect(tick(page, "Puente")).not_to_be_checked()
    expect(page.locator("p[data-refused]")).to_contain_text("más que toda la plata que hay: no se puede elegir.")


def test_what_has_the_focus_is_never_behind_the_button_that_stays_in_sight(transactional_db, page):
    consultation = make_consultation(make_agency("Obras"), now_in="voting", budget_cents=1_000_000_00)
    lamps = [
        ProposalFactory(consultation=consultation, title=f"Luminaria {number}", cost_cents=1_000_00, category="Luz")
        for number in range(70)
    ]
    poll = make_poll(consultation, method="greedy", options=lamps)
    log_in(page, UserFactory())
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"/polls/{poll.pk}/")

    def assert_in_sight(button):
        expect(button).to_be_focused()
        box = button.bounding_box()
        assert box["y"] + box["height"] <= page.locator(".budget-foot").bounding_box()["y"]

    search = page.get_by_role("button", name="Buscar")
    page.get_by_label("Categoría").focus()
    search.evaluate("button => window.scrollBy(0, button.getBoundingClientRect().bottom - window.innerHeight)")
    page.keyboard.press("Tab")
    assert_in_sight(search)
    page.get_by_role("checkbox").nth(40).focus()
    for _ in range(40):  # box and link of each of the 20 that are left on this part
        page.keyboard.press("Tab")
    assert_in_sight(page.get_by_role("button", name="Siguientes"))
