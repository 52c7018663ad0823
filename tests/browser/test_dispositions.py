"""An editor answers what people contributed with the keyboard alone; a citizen reads what became of it, and is told."""

import pytest

from accounts.models import Role
from comments.dispositions.giving import give_disposition
from comments.models import Disposition
from consultations.models import Consultation
from consultations.running.closing import write_closing_words
from tests.browser.axe import axe
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.steps import log_in
from tests.comments.dispositions.making import annotate
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation, member
from tests.factories.documents import make_document, new_version

DESK = "/consultations/codigo/contributions/"
ONE_BY_ONE, TOGETHER = 12, 8


@pytest.fixture
def world(transactional_db):
    """A closed consultation with twenty contributions of three kinds: Rosa's is the first, a proposal."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="over", title="Código de convivencia", slug="codigo")
    editor, rosa, juan = member(agency, Role.EDITOR), UserFactory(name="Rosa Ñandubay"), UserFactory(name="Juan")
    proposal = ProposalFactory(consultation=consultation, author=rosa, title="Un vivero en el playón")
    document = make_document(consultation)
    for article in document.versions.get().articles.all():
        annotate(article, juan)
    for number in range(ONE_BY_ONE + TOGETHER - 4):
        CommentFactory(
            consultation=consultation, author=juan, agree_count=number, body=f"Aporte {number}. " + "a" * 60 * number
        )
    write_closing_words(consultation=consultation, actor=editor, closing_words="Se vota en marzo.")
    return {"consultation": consultation, "editor": editor, "rosa": rosa, "proposal": proposal, "document": document}


def focused(page):
    return page.evaluate("document.activeElement.id")


def give(page):
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_an_editor_answers_twenty_with_the_keyboard_alone_and_a_citizen_is_told(world, page, another_person):
    log_in(page, world["editor"])
    page.goto(DESK)
    cards = page.locator(".answer-item")
    assert cards.count() == ONE_BY_ONE + TOGETHER

    page.keyboard.press("j")
    assert focused(page) == f"proposal-{world['proposal'].pk}"
    for number in range(ONE_BY_ONE):
        page.keyboard.press("3" if number == 0 else "12345"[number % 5])
        assert focused(page) == "disposition_reason"
        page.keyboard.type(f"Motivo {number}.")
        give(page)
        assert cards.count() == ONE_BY_ONE + TOGETHER - number - 1
        assert focused(page) == cards.first.get_attribute("id")  # the next one stands in its place

    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".answer-count").inner_text() == "Elegiste 2."
    page.keyboard.press("a")
    page.keyboard.press("5")
    page.keyboard.type("Ya está en el texto.")
    give(page)
    assert "Acá no queda nada" in page.content()
    assert Disposition.objects.count() == ONE_BY_ONE + TOGETHER
    assert Disposition.objects.filter(reason="Ya está en el texto.").count() == TOGETHER

    page.get_by_role("link", name="Darla por respondida").click()
    page.get_by_role("button", name="Darla por respondida y avisar a quienes la siguen").click()
    page.wait_for_url("**/consultations/codigo/")
    assert page.get_by_text("Respondida").first.is_visible()

    log_in(another_person, world["rosa"])
    another_person.goto("/account/notices/")
    notice = another_person.get_by_role("link", name="no se incorporó. Motivo: Motivo 0.")
    with another_person.expect_navigation():
        notice.click()
    assert another_person.url.endswith(f"/proposals/{world['proposal'].pk}/")
    fate = another_person.locator("#proposal .fate")
    assert "No incorporado" in fate.inner_text()
    assert "Motivo 0." in fate.inner_text()
    axe(another_person)
    another_person.goto("/account/participation/")
    assert "No incorporado. Motivo del organismo: Motivo 0." in another_person.content()


def test_letters_are_text_where_one_types_and_nothing_once_shortcuts_are_off(world, page):
    log_in(page, world["editor"])
    page.goto(DESK)
    page.locator("textarea[name=reason]").press_sequentially("xjka12o")
    assert page.locator("textarea[name=reason]").input_value() == "xjka12o"
    assert page.locator("input[name=chosen]:checked").count() == 0

    page.get_by_label("Atajos de teclado").uncheck()
    page.reload()
    page.keyboard.press("a")
    assert page.locator("input[name=chosen]:checked").count() == 0


def test_a_reason_that_was_given_before_is_taken_again(world, page):
    proposal = world["proposal"]
    give_disposition(contributions=[proposal], actor=world["editor"], kind="taken", reason="Está en el plan.")
    log_in(page, world["editor"])
    page.goto(DESK)
    page.get_by_label("O uno que ya diste").select_option("Está en el plan.")
    assert page.locator("textarea[name=reason]").input_value() == "Está en el plan."


def test_without_javascript_a_form_does_the_same(world, browser, site, browser_errors):
    context = new_context(browser, site, browser_errors, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    log_in(page, world["editor"])
    page.goto(f"{DESK}?kind=annotation")
    assert page.locator(".answer-item").count() == 3
    page.get_by_label("Los 3 que coinciden").check()
    page.get_by_label("Incorporado en parte").check()
    page.get_by_label("Por qué").fill("Lo reescribimos.")
    page.get_by_role("button", name="Dar la resolución").click()
    assert "3 aportes tienen su resolución" in page.content()
    page.goto(f"{DESK}?fate=taken_in_part")
    page.get_by_role("link", name="Cambiar esta resolución").first.click()
    page.get_by_label("No incorporado").check()
    page.get_by_role("button", name="Dar la resolución").click()
    assert sorted(Disposition.objects.values_list("kind", flat=True)) == ["not_taken"] + ["taken_in_part"] * 2
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_overflows(world, browser, site, browser_errors, viewport):
    changed = new_version(world["document"]).articles.first()
    remark = changed.version.document.versions.first().articles.first().annotations.get().comment
    editor = world["editor"]
    give_disposition(contributions=[remark], actor=editor, kind="taken", reason="Sí. " * 40, article=changed)
    give_disposition(contributions=[world["proposal"]], actor=editor, kind="out_of_scope", reason="a" * 400)
    context = new_context(browser, site, browser_errors, viewport=viewport)
    page = context.new_page()
    log_in(page, editor)
    addresses = [
        DESK, f"{DESK}?fate=all", f"{DESK}?one=proposal-{world['proposal'].pk}", f"{DESK}?q=nada",
        "/consultations/codigo/report/", "/consultations/codigo/answered/", "/consultations/codigo/",
        "/consultations/codigo/manage/", f"/proposals/{world['proposal'].pk}/", f"/comments/{remark.pk}/", "/desk/",
        "/consultations/codigo/proposals/",
    ]  # fmt: skip
    for address in addresses:
        assert page.goto(address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
        axe(page)
    page.emulate_media(color_scheme="dark")
    for address in (DESK, "/consultations/codigo/report/"):
        page.goto(address)
        axe(page)
    assert Consultation.objects.count() == 1
    context.close()
