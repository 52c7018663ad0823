"""An official who has never seen it opens a consultation: from the list of all of them to one that is published."""

import pytest
from playwright.sync_api import Page

from accounts.models import Role
from consultations.models import Consultation
from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import make_agency, member

CLICKS = 12  # what a person presses besides typing, all in all


class Hand:
    """Presses links and buttons by what they say, and counts. Every page on the way is looked at by axe."""

    def __init__(self, page: Page):
        self.page = page
        self.clicks = 0

    def press(self, role, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).click()
        self.clicks += 1
        axe(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def editor(transactional_db):
    return member(make_agency("Ministerio de Obras"), Role.EDITOR)


@pytest.mark.parametrize("device", ["page", "phone_page"])
def test_an_official_opens_a_consultation_from_a_recipe_to_published(editor, device, request):
    page = request.getfixturevalue(device)
    log_in(page, editor)
    page.goto("/consultations/")
    hand = Hand(page)

    hand.press("link", "Abrir una consulta")
    hand.press("link", "Consulta pública con preguntas")
    page.get_by_label("Título").fill("¿Cómo tiene que ser la plaza San Martín?")
    page.get_by_label("Resumen").fill("En marzo empieza la obra. Contanos qué no puede faltar.")
    hand.press("button", "Guardar el borrador y seguir")
    page.get_by_label("Pregunta 1").fill("¿Qué no puede faltar en la plaza?")
    hand.press("button", "Guardar y seguir")
    hand.press("button", "Guardar y seguir")  # who: as the recipe says
    hand.press("button", "Guardar y seguir")  # when: as the recipe says
    assert page.get_by_role("button", name="Publicarla para todo el mundo").count() == 0

    hand.press("link", "Reemplazá los renglones del texto que empiezan con ✎: son notas para vos.")
    page.get_by_label("Texto").fill("## La plaza\n\nTiene **dos hectáreas**.")
    hand.press("button", "Guardar y revisar")
    hand.press("link", "Vista previa: como la va a ver la gente")
    assert page.get_by_role("strong").filter(has_text="dos hectáreas").is_visible()
    assert page.get_by_role("link", name="Ingresar").first.is_visible()
    hand.press("link", "Volver a prepararla")
    hand.press("button", "Publicarla para todo el mundo")

    made = Consultation.objects.get()
    assert made.is_published
    assert made.questions.first().text == "¿Qué no puede faltar en la plaza?"
    assert hand.clicks <= CLICKS


def test_questions_are_ordered_with_the_keyboard_alone(editor, page):
    log_in(page, editor)
    page.goto("/consultations/new/?recipe=questions")
    page.get_by_label("Título").fill("¿Cómo tiene que ser la plaza?")
    page.get_by_label("Resumen").fill("Contanos.")
    with page.expect_navigation():
        page.get_by_label("Título").press("Enter")  # saves and goes on, as the main button does
    assert page.url.endswith("/edit/taking-part/")
    before = [question.text for question in Consultation.objects.get().questions.all()]

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "down:question:0":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")

    after = [question.text for question in Consultation.objects.get().questions.all()]
    assert after == [before[1], before[0], before[2]]


def test_who_leaves_a_step_by_a_link_is_asked_first_and_who_leaves_by_a_button_has_saved(editor, page):
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    log_in(page, editor)
    page.goto("/consultations/new/?recipe=questions")
    page.get_by_label("Título").fill("¿Cómo tiene que ser la plaza?")
    page.get_by_label("Resumen").fill("Contanos.")
    page.locator(".breadcrumb a").first.click()
    page.wait_for_function("document.querySelector('guarded-form').isChanged")
    assert asked == ["beforeunload"]
    assert page.get_by_label("Título").input_value() == "¿Cómo tiene que ser la plaza?"

    with page.expect_navigation():
        page.get_by_role("button", name="Guardar el borrador y seguir").click()
    page.get_by_label("Pregunta 1").fill("¿Qué no puede faltar?")
    with page.expect_navigation():
        page.get_by_role("button", name="Guardar y agregar portada y archivos").click()
    assert page.url.endswith("/files/")
    assert asked == ["beforeunload"]
    assert Consultation.objects.get().questions.first().text == "¿Qué no puede faltar?"


def test_faults_fit_a_phone_beside_a_narrow_field_and_with_a_word_without_end(editor, phone_page, browser_errors):
    page = phone_page
    log_in(page, editor)
    page.goto("/consultations/new/?recipe=proposals")
    page.get_by_label("Título").fill("¿Qué falta?")
    page.get_by_label("Resumen").fill("Contanos.")
    hand = Hand(page)
    hand.press("button", "Guardar el borrador y seguir")
    page.get_by_label("Categorías de las propuestas").fill("k" * 200)
    hand.press("button", "Guardar y seguir")
    assert page.locator(".field-error").count() == 1
    page.get_by_label("Categorías de las propuestas").fill("")
    hand.press("button", "Guardar y seguir")
    hand.press("button", "Guardar y seguir")
    for days in page.get_by_label("Días").all():
        days.fill("")
    hand.press("button", "Guardar y seguir")
    assert page.locator(".field-error").count() > 1
    browser_errors.clear()  # each refusal is one
