"""An idea with its place on a map, by keyboard alone, and the map of all of them; then both without scripts."""

import re

import pytest
from playwright.sync_api import expect

from consultations.models import District, Proposal
from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation

pytestmark = [pytest.mark.django_db(transaction=True)]


def square(west, south, side=0.1):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def budget(transactional_db):
    found = make_consultation(
        make_agency("Obras"), now_in="proposals", budget_cents=900_000_00, title="Presupuesto", slug="plata"
    )
    for n, (name, west) in enumerate([("Norte", -58.6), ("Sur", -58.5)]):
        District.objects.create(
            consultation=found, position=n, name=name, amount_cents=450_000_00, boundary=square(west, -34.7)
        )
    return found


def press(page, keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_place_is_marked_by_keyboard_and_found_on_the_map_of_all(page, phone_page, budget):
    _north, south = budget.districts.all()
    for n in range(80):
        ProposalFactory(
            consultation=budget, district=south, title=f"Luces {n}", latitude=-34.65 + n / 1e4, longitude=-58.45
        )
    log_in(page, UserFactory())
    page.goto("/consultations/plata/proposals/new/")
    page.get_by_label("Título").fill("Una plaza con sombra")
    page.get_by_label("Qué y por qué").fill("Para los chicos.")
    page.get_by_label("Distrito").select_option("Norte")
    page.locator("places-map").scroll_into_view_if_needed()
    expect(page.locator("places-map[data-ready]")).to_be_visible()
    expect(page.locator(".map-district")).to_have_count(2)

    page.locator("#id_place").focus()
    press(page, ["Tab"])
    expect(page.locator(".map-ground")).to_be_focused()
    expect(page.locator(".map-middle")).to_be_visible()
    press(page, ["+", "ArrowLeft", "Enter"])
    expect(page.get_by_role("status").filter(has_text="Marcado:")).to_be_visible()
    page.get_by_role("button", name="Sacar la marca").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Marcado:")).to_have_count(0)
    mark = page.get_by_role("button", name="Marcar el centro del mapa")
    expect(mark).to_be_focused()  # the button that was pressed is gone
    mark.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Marcado:")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Publicar mi propuesta").click()
    expect(page.get_by_text("Tu propuesta está publicada.")).to_be_visible()

    made = Proposal.objects.get(title="Una plaza con sombra")
    assert -58.6 < made.longitude < -58.5
    assert -34.7 < made.latitude < -34.6

    page.get_by_role("link", name="Ver dónde estaría").click()
    expect(page.locator("places-map[data-ready]")).to_be_visible()
    expect(page.locator("path.map-place")).to_have_count(1)
    page.locator("path.map-place").click()
    found = page.locator(".leaflet-popup").get_by_role("link", name="Una plaza con sombra")
    expect(found).to_be_visible()
    axe(page)

    press(page, ["Escape"])
    page.get_by_role("link", name="Saltear el mapa").focus()
    press(page, ["Tab", "Tab"])  # the map itself, then what stands on it
    expect(page.get_by_role("button", name="Una plaza con sombra")).to_be_focused()
    press(page, ["Enter"])
    expect(found).to_be_focused()
    press(page, ["Escape"])
    expect(page.get_by_role("button", name="Una plaza con sombra")).to_be_focused()

    page.goto("/consultations/plata/proposals/?view=map")
    page.locator(".map-many").first.press("Enter")
    expect(page.locator(".map-ground")).to_be_focused()
    expect(page.locator(".map-place, .map-many").first).to_be_visible()

    phone_page.goto("/consultations/plata/proposals/?view=map")
    phone_page.locator("places-map").scroll_into_view_if_needed()
    expect(phone_page.locator(".map-many").first).to_have_text(re.compile("[0-9]+"))
    assert phone_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
