"""A draft text from the paste to the second version, in a browser: without JavaScript, on a phone, and seen by axe."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from consultations.models import Article
from tests.browser.axe import axe
from tests.browser.conftest import PHONE, new_context
from tests.browser.steps import log_in
from tests.browser.test_every_page import look_at
from tests.factories import fresh, make_agency, make_consultation, make_document, member, new_version

pytestmark = pytest.mark.django_db(transaction=True)

LAW = """TÍTULO I
DEL ARBOLADO
Artículo 1°.- Objeto. La ciudad cuida sus árboles. Nadie los poda sin permiso.
Artículo 2°.- Registro. Cada árbol se anota en un registro público.
Artículo 3°.- Multas. La multa es de diez salarios."""


@pytest.fixture
def agency():
    return make_agency("Ambiente")


@pytest.fixture
def editor(agency):
    return fresh(member(agency, Role.EDITOR))


@pytest.fixture
def paper_phone(browser, site, browser_errors):
    """A phone without JavaScript."""
    context = new_context(browser, site, browser_errors, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def test_an_editor_without_javascript_brings_a_law_in_corrects_it_publishes_it_and_changes_it(
    agency, editor, paper_phone
):
    consultation = make_consultation(agency, now_in="discussion")
    page = paper_phone
    log_in(page, editor)
    page.goto(f"/consultations/{consultation.slug}/documents/")
    page.get_by_role("link", name="Un documento nuevo").click()
    page.fill("input[name=title]", "Ordenanza de arbolado")
    press(page, "Seguir con el texto")
    page.fill("textarea[name=text]", LAW)
    press(page, "Buscar sus partes")
    expect(page.get_by_text("Encontramos 4 partes")).to_be_visible()

    page.fill("input[name=heading_2]", "Registro de árboles")
    page.locator("#part-3").get_by_role("button", name="Unir con la de arriba").click()
    expect(page.get_by_text("Encontramos 3 partes")).to_be_visible()
    assert page.input_value("input[name=heading_2]") == "Registro de árboles"
    press(page, "Guardarlo como borrador")
    page.get_by_role("link", name="Revisar y publicar").click()
    press(page, re.compile("Publicar la versión 1"))
    expect(page.get_by_text("Versión 1").first).to_be_visible()

    page.get_by_role("link", name="Seguir escribiéndolo").click()
    press(page, "Empezar la versión siguiente")
    page.get_by_role("link", name=re.compile("Editar.*Artículo 1°")).click()
    page.fill("textarea[name=body]", "La ciudad cuida todos sus árboles.")
    press(page, "Guardar")
    page.get_by_role("link", name="Revisar y publicar").click()
    expect(page.get_by_text("1 parte modificada")).to_be_visible()
    press(page, re.compile("Publicar la versión 2"))
    page.get_by_role("link", name="Mirá qué cambió desde la versión 1").click()
    expect(page.locator("ins").first).to_contain_text("todos")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture
def addresses(agency):
    """The pages of a text with two versions and a draft, for everybody and for its editors."""
    document = make_document(make_consultation(agency, now_in="discussion"), [
        {"kind": "title", "label": "TÍTULO I", "heading": "Otorrinolaringología pública " * 5},
        "Una palabra muy larga: " + "a" * 200, "Queda prohibido podar.", "Rige mañana."])  # fmt: skip
    old = {article.position: article.identity for article in document.versions.get().articles.all()}
    new_version(document, ["Vale.", {"body": "Rige hoy.", "identity": old[4]}, {"body": "Nuevo.", "heading": "Plazo"}])
    new_version(document, ["Vale ya."], published=False)
    draft = Article.objects.get(version__number=3)
    base = f"/documents/{document.pk}/"
    return {
        "everybody": [base, f"{base}versions/1/", f"{base}compare/1/2/", f"{base}compare/1/2/?view=side",
                      f"/consultations/{document.consultation.slug}/documents/"],
        "editor": [f"{base}edit/", f"{base}edit/{draft.identity}/", f"{base}edit/add/", f"{base}import/",
                   f"{base}publish/", f"{base}compare/2/3/", f"{base}versions/3/",
                   f"/consultations/{document.consultation.slug}/documents/new/"],
    }  # fmt: skip


def test_axe_finds_nothing_and_nothing_overflows_on_a_phone(addresses, editor, phone_page):
    assert look_at(phone_page, addresses["everybody"]) == []
    log_in(phone_page, editor)
    assert look_at(phone_page, addresses["editor"]) == []


def test_axe_finds_nothing_on_a_desktop_in_the_dark(addresses, page):
    page.emulate_media(color_scheme="dark")
    assert look_at(page, addresses["everybody"]) == []


def test_axe_finds_nothing_in_the_preview_of_a_text(addresses, editor, page):
    log_in(page, editor)
    page.goto(addresses["editor"][3])
    page.fill("textarea[name=text]", LAW)
    press(page, "Buscar sus partes")
    axe(page)
