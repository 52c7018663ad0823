"""Annotating a draft text: by mouse, touch, keyboard alone, without JavaScript; and two who read it at once."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from comments.annotations.placing import place_again
from comments.models import Annotation
from tests.browser.axe import axe
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.steps import log_in
from tests.comments.annotations.conftest import annotation_of
from tests.factories import UserFactory, make_agency, make_consultation, make_document, new_version

ARTICLES = (
    "El **Estado** protege el arbolado 🌳 público. Toda persona puede pedir que se plante un árbol.",
    "La autoridad lleva un registro de los árboles.\n\nEl registro es público y gratuito. Queda en el municipio.",
    "Queda prohibido podar sin permiso. La multa es de diez salarios.",
)


@pytest.fixture
def version(transactional_db):
    consultation = make_consultation(make_agency("Obras"), now_in="discussion", title="Ley de arbolado")
    return make_document(consultation, ARTICLES).versions.get()


@pytest.fixture
def ana(version):
    return UserFactory(name="Ana Gómez")


def open_text(page, version):
    page.goto(f"/documents/{version.document_id}/")
    page.wait_for_function("() => document.querySelector('draft-text')?.live?.socket?.readyState === 1")


def sentence(page, words):
    return page.locator(".sentence", has_text=words).first


def control(page, words):
    """The control behind the sentence with these words."""
    start = sentence(page, words).get_attribute("data-start")
    article = page.locator("[data-article]", has=page.locator(".sentence", has_text=words)).get_attribute(
        "data-article"
    )
    return page.locator(f'a.note[href*="article={article}&start={start}&"]')


def publish(page, body):
    page.locator("[data-annotate] textarea[name=body]").fill(body)
    page.locator("[data-annotate] form button.button").last.click()
    page.locator("[data-status]", has_text="Tu anotación está publicada.").wait_for()


def select(page, first, last):
    """Select from where the words ``first`` begin to where ``last`` ends, as a mouse would."""
    page.evaluate(
        """([first, last]) => {
            const find = (words) => {
                const walker = document.createTreeWalker(document.querySelector("draft-text"), NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const at = walker.currentNode.data.indexOf(words);
                    if (at >= 0) return [walker.currentNode, at];
                }
            };
            const [from, start] = find(first), [to, end] = find(last);
            getSelection().setBaseAndExtent(from, start, to, end + last.length);
        }""",
        [first, last],
    )


def test_by_mouse_a_sentence_is_annotated_and_another_reader_sees_it_come_and_go(version, ana, page, another_person):
    open_text(another_person, version)
    log_in(page, ana)
    open_text(page, version)

    sentence(page, "La multa").click()
    page.locator("[data-toolbar] [data-purpose=comment]").click()
    publish(page, "Es muy poco.")

    said = Annotation.objects.get()
    assert said.exact == "La multa es de diez salarios."
    assert page.locator(f"#annotation-{said.pk}").inner_text().count("Es muy poco.") == 1
    expect(control(page, "La multa")).to_have_text("1")
    other = control(another_person, "La multa")
    another_person.wait_for_function("(control) => control.textContent === '1'", arg=other.element_handle())
    assert other.get_attribute("aria-label") == "1 anotación sobre esta oración"
    other.click()
    another_person.locator(f"#annotation-{said.pk}", has_text="Es muy poco.").wait_for()
    axe(page)
    axe(another_person)

    page.goto(f"/comments/{said.pk}/delete/")
    page.locator("main button.danger").click()
    another_person.wait_for_function("(control) => control.textContent === ''", arg=other.element_handle())
    assert other.get_attribute("aria-label") == "Anotar esta oración"
    assert another_person.locator(f"#annotation-{said.pk}").count() == 0
    assert another_person.evaluate("() => [...CSS.highlights.get('annotated-1')].length") == 0


def test_any_selected_words_are_annotated_to_the_letter(version, ana, page):
    log_in(page, ana)
    open_text(page, version)

    select(page, "arbolado", "Toda persona")
    page.locator("[data-toolbar]", has_text="5 palabras elegidas").wait_for()
    page.locator("[data-toolbar] [data-purpose=ask]").click()
    publish(page, "¿Y el privado?")

    said = Annotation.objects.get()
    assert (said.exact, said.purpose) == ("arbolado 🌳 público. Toda persona", "ask")


def test_words_of_two_paragraphs_are_one_annotation(version, ana, page):
    log_in(page, ana)
    open_text(page, version)

    select(page, "registro de", "El registro es")
    page.locator("[data-toolbar] [data-purpose=comment]").click()
    publish(page, "Se repite.")

    assert Annotation.objects.get().exact == "registro de los árboles.\n\nEl registro es"


def test_other_wording_is_shown_as_what_goes_and_comes(version, ana, page):
    log_in(page, ana)
    open_text(page, version)

    select(page, "diez salarios", "diez salarios")
    page.locator("[data-toolbar] [data-purpose=suggest]").click()
    page.locator("[data-annotate] textarea[name=suggestion]").fill("cien salarios")
    publish(page, "Así duele.")

    wording = page.locator(".annotation .wording")
    assert wording.locator("del").inner_text().endswith("diez")
    assert wording.locator("ins").inner_text().endswith("cien")


def test_by_the_keyboard_alone(version, ana, page):
    log_in(page, ana)
    open_text(page, version)

    control(page, "El registro es").evaluate(
        "control => control.closest('[data-article]').querySelector('a.note').focus()"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    described = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert described == "Queda en el municipio."
    page.keyboard.press("Shift+ArrowLeft")
    page.locator("[data-toolbar]", has_text="3 palabras elegidas").wait_for()
    page.keyboard.press("Enter")
    page.locator("annotation-panel .passage mark", has_text="Queda en el").wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.purpose") == "comment":
            break
    page.keyboard.press("Enter")
    page.locator("[data-annotate] textarea:focus").wait_for()
    page.keyboard.type("¿En cuál?")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("[data-status]", has_text="Tu anotación está publicada.").wait_for()
    page.keyboard.press("Escape")

    assert Annotation.objects.get().exact == "Queda en el"
    assert page.evaluate("document.activeElement.className").startswith("note")


def test_by_touch_on_a_small_phone(version, ana, phone_page):
    log_in(phone_page, ana)
    open_text(phone_page, version)

    sentence(phone_page, "La autoridad").tap()
    toolbar = phone_page.locator("[data-toolbar]")
    for button in toolbar.locator("button:visible").all():
        assert button.bounding_box()["height"] >= 44
    box = toolbar.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]
    toolbar.locator("[data-purpose=comment]").tap()
    phone_page.locator("[data-annotate] textarea[name=body]").fill("¿Quién es?")
    axe(phone_page)
    phone_page.locator("[data-annotate] form button.button").last.tap()
    phone_page.locator("[data-status]", has_text="Tu anotación está publicada.").wait_for()
    phone_page.locator("[data-close]").tap()

    assert Annotation.objects.get().exact == "La autoridad lleva un registro de los árboles."
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(phone_page)


def test_without_javascript_links_and_forms_do_the_same(version, ana, browser, site, browser_errors):
    context = new_context(browser, site, browser_errors, viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    log_in(page, ana)
    page.goto(f"/documents/{version.document_id}/")

    control(page, "La multa").click()
    page.get_by_role("link", name="Preguntar").click()
    page.locator("main textarea[name=body]").fill("¿Salarios de quién?")
    page.get_by_role("button", name="Publicar la anotación").click()

    said = Annotation.objects.get()
    assert (said.exact, said.purpose) == ("La multa es de diez salarios.", "ask")
    assert page.locator(f"#annotation-{said.pk}", has_text="¿Salarios de quién?").is_visible()
    expect(control(page, "La multa")).to_have_text("1")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_highlights_the_sentences_are_tinted_and_lead_to_their_annotations(
    version, ana, page, another_person, theme
):
    """As in browsers that lack the CSS Custom Highlight API: marked less finely, and all of it in reach."""
    said = annotation_of(version, ana, "diez salarios", body="Es muy poco.")
    for reader in (page, another_person):
        reader.add_init_script("delete CSS.highlights; delete window.Highlight;")
        reader.emulate_media(color_scheme=theme)
    log_in(another_person, UserFactory())
    open_text(page, version)
    assert page.evaluate("() => CSS.highlights === undefined && window.Highlight === undefined")

    assert is_tinted(page, "La multa")
    assert not is_tinted(page, "Queda prohibido")
    control(page, "La multa").focus()
    page.wait_for_function("() => document.querySelector('.sentence.is-current')?.textContent.startsWith('La multa')")
    page.keyboard.press("Enter")
    page.locator(f"#annotation-{said.comment.pk}", has_text="Es muy poco.").wait_for()
    axe(page)

    open_text(another_person, version)
    sentence(another_person, "Queda prohibido").click()
    another_person.locator("[data-toolbar] [data-purpose=comment]").click()
    publish(another_person, "De acuerdo.")
    page.wait_for_function(
        "(control) => control.textContent === '1'", arg=control(page, "Queda prohibido").element_handle()
    )
    assert is_tinted(page, "Queda prohibido")


def is_tinted(page, words):
    return sentence(page, words).evaluate("(piece) => getComputedStyle(piece).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_links_go_both_ways(version, ana, page):
    annotation_of(version, ana, "Queda prohibido podar", body="Bien.")
    said = annotation_of(version, ana, "diez salarios", body="Es poco.")

    page.goto(f"/comments/{said.pk}/")
    page.get_by_role("link", name="Artículo 3, versión 1").first.click()
    page.locator(f"#annotation-{said.pk}", has_text="Es poco.").wait_for()
    page.locator(f"#annotation-{said.pk} [data-to-text]").click()

    page.wait_for_function("() => document.activeElement.matches('a.note')")
    start, end = page.evaluate(
        "['start', 'end'].map(name => Number(new URL(document.activeElement.href).searchParams.get(name)))"
    )
    assert start <= said.start and said.end <= end
    marked = (
        "[...CSS.highlights.get('annotated-current')].map(range => [String(range), range.getBoundingClientRect().top])"
    )
    [[words, top]] = page.evaluate(marked)
    assert words == "diez salarios"
    assert 0 < top < DESKTOP["height"]


def test_a_later_version_shows_what_became_of_it(version, ana, page):
    annotation_of(version, ana, "La multa es de diez salarios.", body="Es poco.")
    annotation_of(version, ana, "La autoridad lleva un registro de los árboles.", body="¡No la saquen!")
    second = new_version(version.document, [ARTICLES[0], "Derogado.", ARTICLES[2].replace("diez", "veinte")])
    with transaction.atomic():
        place_again(version, second)

    open_text(page, second)
    control(page, "La multa").click()
    item = page.locator(".annotation", has_text="Es poco.")
    item.wait_for()
    assert "texto modificado" in item.inner_text()
    assert item.locator(".old-and-new ins").inner_text().endswith("veinte")
    axe(page)
    page.get_by_role("link", name="1 anotación de una versión anterior no tiene lugar en esta").click()
    assert page.locator(".annotation", has_text="¡No la saquen!").is_visible()
    axe(page)


def test_every_page_of_annotations_fits_a_phone_and_axe_finds_nothing(version, ana, phone_page):
    long = "otorrinolaringología" * 12
    said = annotation_of(version, ana, "diez salarios", purpose="suggest", suggestion=long, body=f"Así: {long}")
    annotation_of(version, ana, "La autoridad lleva un registro de los árboles.", body=long)
    second = new_version(version.document, [ARTICLES[0], f"Derogado: {long}.", ARTICLES[2].replace("diez", "veinte")])
    with transaction.atomic():
        place_again(version, second)
    article = said.article
    log_in(phone_page, version.document.consultation.agency.members.get())

    for address in (
        f"/documents/{version.document_id}/",
        f"/annotations/?version={second.pk}",
        f"/annotations/?version={second.pk}&show=lost",
        f"/annotations/?article={article.pk}&start={said.start}&end={said.end}",
        f"/annotations/new/?article={article.pk}&start={said.start}&end={said.end}&purpose=suggest",
        f"/comments/{said.pk}/",
        f"/documents/{version.document_id}/inbox/",
        f"/documents/{version.document_id}/inbox/?show=changed",
    ):
        phone_page.goto(address)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        axe(phone_page)
