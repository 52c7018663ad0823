"""Ballots that rank, spread points, mark or choose for a budget: by touch, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from consultations.models import Budget, Consultation
from tests.browser.axe import axe
from tests.browser.conftest import PHONE, new_context
from tests.browser.steps import log_in
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation, make_poll
from voting.methods.rules import Rules
from voting.results.tallies import own_ballot

TREES = ["Ceibo", "Tipa", "Lapacho", "Jacarandá"]
SEND = "form[action*='/ballot/'] button:not([type=button], [name=blank], [formaction])"


@pytest.fixture
def consultation(transactional_db):
    return make_consultation(make_agency("Obras"), now_in="voting", budget_cents=1_000_000_00)


@pytest.fixture
def plain_page(browser, site, browser_errors):
    """A phone without JavaScript."""
    plain = new_context(browser, site, browser_errors, viewport=PHONE, java_script_enabled=False)
    yield plain.new_page()
    plain.close()


def open_ballot(page, poll):
    voter = UserFactory()
    log_in(page, voter)
    page.goto(f"/polls/{poll.pk}/")
    return voter


def chosen(poll, voter):
    """What the voter's ballot says, by label."""
    own = own_ballot(poll, voter)
    labels = {str(option.pk): str(option) for option in poll.options.all()}
    return {labels[option]: value for option, value in own.choices.items()} if own else None


def send(page):
    with page.expect_navigation():
        page.locator(SEND).first.click()


def budget_poll(consultation, method="greedy", **fields):
    costs = (600_000_00, 500_000_00, 300_000_00, 200_000_00)
    trees = [
        ProposalFactory(consultation=consultation, title=tree, cost_cents=cost)
        for tree, cost in zip(TREES, costs, strict=True)
    ]
    return make_poll(consultation, method=method, options=trees, **fields)


def test_ranking_by_touch_with_the_buttons(consultation, phone_page):
    poll = make_poll(consultation, method="irv", options=TREES)
    voter = open_ballot(phone_page, poll)
    axe(phone_page)
    for tree in ("Lapacho", "Ceibo", "Tipa"):
        phone_page.get_by_role("button", name=f"Subir «{tree}»").tap()
    phone_page.get_by_role("button", name="Subir «Tipa»").tap()
    expect(phone_page.locator("[data-said]")).to_have_text("«Tipa»: lugar 2")
    expect(phone_page.locator("[data-row] [data-label]")).to_have_text(["Lapacho", "Tipa", "Ceibo", "Jacarandá"])
    expect(phone_page.locator("section.vote")).to_have_class(re.compile("pending"))
    send(phone_page)
    assert chosen(poll, voter) == {"Lapacho": 1, "Tipa": 2, "Ceibo": 3}
    axe(phone_page)


def test_ranking_by_keyboard_says_what_is_wrong_before_it_is_sent(consultation, page):
    poll = make_poll(consultation, method="stv", options=TREES, rules=Rules(seats=2))
    voter = open_ballot(page, poll)
    page.get_by_label("Tipa", exact=True).focus()
    page.keyboard.press("1")
    page.get_by_label("Ceibo", exact=True).focus()
    page.keyboard.press("1")
    fault = page.locator("[data-fault]")
    expect(fault).to_have_text("Le diste el lugar 1 a dos opciones: «Ceibo» y «Tipa». Cada lugar va una sola vez.")
    page.locator(SEND).first.focus()
    page.keyboard.press("Enter")
    expect(fault).to_be_focused()
    assert own_ballot(poll, voter) is None

    page.get_by_label("Ceibo", exact=True).focus()
    page.keyboard.press("2")
    expect(fault).to_be_hidden()
    page.locator(SEND).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert chosen(poll, voter) == {"Tipa": 1, "Ceibo": 2}


def test_ranking_by_dragging(consultation, page):
    poll = make_poll(consultation, method="schulze", options=TREES)
    voter = open_ballot(page, poll)
    rows = page.locator("[data-row]")

    def drag(name, to):
        handle = rows.filter(has_text=name).locator("[data-handle]").bounding_box()
        target = rows.nth(to).bounding_box()
        page.mouse.move(handle["x"] + 10, handle["y"] + 10)
        page.mouse.down()
        page.mouse.move(handle["x"] + 10, target["y"] + target["height"] / 2, steps=8)
        page.mouse.up()

    drag("Jacarandá", 0)
    drag("Tipa", 1)
    send(page)
    assert chosen(poll, voter) == {"Jacarandá": 1, "Tipa": 2}


def test_ranking_without_javascript(consultation, plain_page, browser_errors):
    poll = make_poll(consultation, method="borda", options=TREES)
    voter = open_ballot(plain_page, poll)
    plain_page.get_by_label("Lapacho", exact=True).select_option("1")
    plain_page.get_by_label("Tipa", exact=True).select_option("3")
    send(plain_page)
    expect(plain_page.get_by_role("alert")).to_have_text(re.compile("A ninguna opción le diste el lugar 2"))
    assert own_ballot(poll, voter) is None
    expect(plain_page.get_by_label("Tipa", exact=True)).to_have_value("3")  # nothing is lost
    browser_errors.clear()  # the refusal, which was meant

    plain_page.get_by_label("Tipa", exact=True).select_option("2")
    send(plain_page)
    assert chosen(poll, voter) == {"Lapacho": 1, "Tipa": 2}


def test_points_say_how_many_are_left(consultation, phone_page):
    poll = make_poll(consultation, method="cumulative", options=TREES, rules=Rules(max_sum=10), max_points=6)
    voter = open_ballot(phone_page, poll)
    left = phone_page.locator("p[data-left]")
    expect(left).to_have_text("Te quedan 10 de 10 puntos.")
    for _ in range(3):
        phone_page.get_by_role("button", name="Un punto más para «Tipa»").tap()
    expect(left).to_have_text("Te quedan 7 de 10 puntos.")
    phone_page.get_by_label("Ceibo", exact=True).fill("6")
    phone_page.get_by_label("Lapacho", exact=True).fill("2")
    expect(phone_page.locator("[data-fault]")).to_have_text("Diste 11 puntos y hay 10. Sacá algunos.")
    axe(phone_page)
    phone_page.locator(SEND).first.tap()
    assert own_ballot(poll, voter) is None
    phone_page.get_by_role("button", name="Un punto menos para «Lapacho»").tap()
    send(phone_page)
    assert chosen(poll, voter) == {"Tipa": 3, "Ceibo": 6, "Lapacho": 1}


def test_points_without_javascript(consultation, plain_page, browser_errors):
    poll = make_poll(consultation, method="cumulative", options=TREES, rules=Rules(max_sum=10))
    voter = open_ballot(plain_page, poll)
    plain_page.get_by_label("Tipa", exact=True).fill("7")
    plain_page.get_by_label("Ceibo", exact=True).fill("4")
    send(plain_page)
    expect(plain_page.get_by_role("alert")).to_have_text(re.compile("Diste 11 puntos y hay 10"))
    expect(plain_page.get_by_label("Tipa", exact=True)).to_have_value("7")
    browser_errors.clear()  # the refusal, which was meant
    plain_page.get_by_label("Ceibo", exact=True).fill("3")
    send(plain_page)
    assert chosen(poll, voter) == {"Tipa": 7, "Ceibo": 3}


def test_marks_by_keyboard(consultation, page):
    poll = make_poll(consultation, method="slider", options=["Peatonalizar la calle 8"])
    voter = open_ballot(page, poll)
    axe(page)
    page.get_by_role("radio", name="ninguno").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="100", exact=True)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    send(page)
    assert chosen(poll, voter) == {"Peatonalizar la calle 8": 75}


def test_a_budget_adds_up_what_is_chosen(consultation, phone_page):
    poll = budget_poll(consultation, "equal_shares")
    voter = open_ballot(phone_page, poll)
    phone_page.get_by_role("checkbox", name="Ceibo").check()
    phone_page.get_by_role("checkbox", name="Tipa").check()
    expect(phone_page.locator("[data-cost-so-far]")).to_have_text(re.compile(r"\$.1\.100\.000 .*\$.1\.000\.000"))
    axe(phone_page)
    send(phone_page)
    assert chosen(poll, voter) == {"Ceibo": 1, "Tipa": 1}


def test_a_budget_without_javascript(consultation, plain_page):
    poll = budget_poll(consultation, "greedy_per_cost", rules=Rules(ballot="places"), max_choices=2)
    voter = open_ballot(plain_page, poll)
    expect(plain_page.get_by_text("$ 600.000").first).to_be_visible()
    plain_page.get_by_role("combobox", name="Jacarandá").select_option("1")
    plain_page.get_by_role("combobox", name="Ceibo").select_option("2")
    send(plain_page)
    assert chosen(poll, voter) == {"Jacarandá": 1, "Ceibo": 2}


def test_the_settings_of_a_method_follow_it_with_and_without_javascript(consultation, page, plain_page):
    owner = consultation.agency.memberships.get(roles__contains=["owner"]).user
    address = f"/polls/new/?consultation={consultation.slug}"
    log_in(page, owner)
    page.goto(address)
    page.locator("summary", has_text="Varios cargos").click()
    page.locator("input[name=method][value=stv]").check()
    expect(page.locator("input[name=seats]")).to_be_visible()
    expect(page.locator("select[name=majority]")).to_be_hidden()
    axe(page)

    log_in(plain_page, owner)
    plain_page.goto(address)
    plain_page.fill("input[name=question]", "¿Quién va a la comisión?")
    expect(plain_page.locator("input[name=seats]")).to_be_hidden()
    plain_page.locator("summary", has_text="Varios cargos").click()
    plain_page.locator("input[name=method][value=stv]").check()
    with plain_page.expect_navigation():
        plain_page.locator("button[name=settings][value='1']").click()
    expect(plain_page.locator("input[name=question]")).to_have_value("¿Quién va a la comisión?")
    plain_page.fill("input[name=seats]", "2")
    plain_page.fill("textarea[name=options]", "\n".join(TREES))
    with plain_page.expect_navigation():
        plain_page.locator("main form > .buttons button.button:not(.secondary)").last.click()
    poll = consultation.polls.get()
    assert (poll.method, poll.form.seats) == ("stv", 2)


def test_the_fault_of_a_long_ballot_is_in_sight_and_describes_its_fields(consultation, phone_page):
    trees = [ProposalFactory(consultation=consultation, title=f"Árbol {n}", cost_cents=1_000_00) for n in range(30)]
    poll = make_poll(consultation, method="greedy", options=trees, rules=Rules(ballot="points", max_sum=10))
    open_ballot(phone_page, poll)
    fields = phone_page.locator("input[type=number]")
    for place in (0, 28):
        fields.nth(place).fill("6")
    fault = phone_page.locator("[data-fault]")
    expect(fault).to_have_text("Diste 12 puntos y hay 10. Sacá algunos.")
    expect(fault).to_be_in_viewport()
    described_by = phone_page.get_by_role("group", name="Repartí tus 10 puntos").get_attribute("aria-describedby")
    assert described_by == fault.get_attribute("id")
    axe(phone_page)


def test_a_cause_is_named_by_itself_and_its_support_is_taken_back(consultation, phone_page):
    poll = make_poll(consultation, method="cause", options=["Que la biblioteca abra los sábados"])
    voter = open_ballot(phone_page, poll)
    cause = phone_page.get_by_role("group", name="Que la biblioteca abra los sábados")
    expect(cause).to_be_visible()
    send(phone_page)
    assert chosen(poll, voter) == {"Que la biblioteca abra los sábados": 1}
    phone_page.locator("summary", has_text="Retirar mi apoyo").tap()
    with phone_page.expect_navigation():
        phone_page.get_by_role("button", name="Retirar mi apoyo").tap()
    assert chosen(poll, voter) == {}
    axe(phone_page)


def test_the_count_as_a_table_is_whole_on_a_phone_however_long_the_words(consultation, phone_page):
    poll = make_poll(consultation, method="irv", options=["Otorrinolaringología pública y gratuita", "Preferencia"])
    phone_page.goto(f"/polls/{poll.pk}/")
    phone_page.locator("summary", has_text="Lo mismo en una tabla").tap()
    count = phone_page.locator("tr[data-option] [data-count]").first
    count.scroll_into_view_if_needed()
    frame = phone_page.locator(".tally .table-frame").evaluate("frame => [frame.scrollWidth, frame.clientWidth]")
    assert frame[0] == frame[1]
    axe(phone_page)


def test_the_scripts_write_money_as_the_page_does(consultation, phone_page):
    Budget.objects.filter(consultation=consultation).update(currency="EUR")  # which browsers call "EUR" in Argentina
    poll = budget_poll(Consultation.objects.get(pk=consultation.pk), "equal_shares")
    open_ballot(phone_page, poll)
    expect(phone_page.locator(".choice", has_text="Ceibo")).to_contain_text("€\N{NO-BREAK SPACE}600.000")
    phone_page.get_by_role("checkbox", name="Ceibo").check()
    expect(phone_page.locator("[data-cost-so-far]")).to_have_text(
        "Lo que elegiste cuesta €\N{NO-BREAK SPACE}600.000 en total. Hay €\N{NO-BREAK SPACE}1.000.000 para repartir."
    )
