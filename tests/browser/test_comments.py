"""Talking: a comment appears for others, agreeing needs no new page, and all of it works without JavaScript."""

import pytest

from accounts.models import Role
from comments.commenting import add_comment
from comments.models import Comment
from consultations.models import Question
from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation, member


@pytest.fixture
def consultation(transactional_db):
    return make_consultation(make_agency("Obras"), now_in="discussion")


@pytest.fixture
def root(consultation):
    return CommentFactory(consultation=consultation, author=UserFactory(name="Bruno"), body="Faltan bancos.")


def publish(page, words):
    page.locator("textarea[name=body]").fill(words)
    with page.expect_navigation():
        page.locator("main form[action*='/comments/'] button, main form:not([action]) button").last.click()


def is_reading_along(page):
    page.wait_for_function("() => document.querySelector('comment-thread')?.live?.socket?.readyState === 1")


def test_a_comment_and_a_reply_appear_for_somebody_who_reads(consultation, root, page, another_person):
    page.goto(consultation.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    is_reading_along(page)
    log_in(another_person, UserFactory(name="Ana Gómez"))
    another_person.goto(consultation.get_absolute_url())

    publish(another_person, "Y falta **sombra**.")
    status = page.locator("comment-thread [role=status]")
    status.get_by_text("1 comentario nuevo").wait_for()
    said = Comment.objects.latest("pk")
    card = page.locator(f"#comment-{said.pk}")
    assert card.locator(".byline-name").inner_text() == "Ana Gómez"
    assert card.locator("strong").inner_text() == "sombra"
    for name in ("Ana Gómez", "Bruno"):  # who listens hears whose buttons they are
        assert page.get_by_role("article", name=name).count() == 1
    assert card.locator("time").get_attribute("datetime")
    assert page.locator(".thread > li > .comment").first.get_attribute("id") == f"comment-{said.pk}"

    another_person.goto(f"{root.get_absolute_url()}reply/")
    publish(another_person, "Bancos y mesas.")
    status.get_by_text("2 comentarios nuevos").wait_for()
    answer = Comment.objects.latest("pk")
    assert page.locator(f"li:has(> #comment-{root.pk}) .thread #comment-{answer.pk}").count() == 1
    assert page.evaluate("window.sameDocument") is True


def test_agreeing_and_taking_it_back_needs_no_new_page(consultation, root, page):
    log_in(page, UserFactory())
    page.goto(consultation.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    agree = page.get_by_role("button", name="De acuerdo").first

    agree.click()
    page.locator(f"#comment-{root.pk} [aria-pressed=true] .reaction-count").wait_for()
    assert Comment.objects.get(pk=root.pk).agree_count == 1
    page.get_by_role("button", name="De acuerdo").first.click()
    page.locator(f"#comment-{root.pk} [aria-pressed=true]").wait_for(state="detached")
    assert Comment.objects.get(pk=root.pk).agree_count == 0
    assert page.evaluate("window.sameDocument") is True


def test_without_javascript_one_agrees_quotes_answers_corrects_and_deletes(consultation, root, browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="es-AR")
    page = context.new_page()
    log_in(page, UserFactory(name="Ana Gómez"))
    page.goto(f"{consultation.get_absolute_url()}?sort=best")

    with page.expect_navigation():
        page.get_by_role("button", name="De acuerdo").first.click()
    assert Comment.objects.get(pk=root.pk).agree_count == 1
    assert "sort=best" in page.url

    page.locator(f"#comment-{root.pk} summary").click()
    page.locator(f"#comment-{root.pk} a[data-quote]").click()
    assert page.locator("textarea[name=body]").input_value().startswith("> Faltan bancos.")
    page.locator("textarea[name=body]").fill("> Faltan bancos.\n\n@Bruno, ¿cuántos?")
    page.locator("main form button").last.click()
    said = Comment.objects.latest("pk")
    assert page.locator(f"#comment-{said.pk} blockquote").inner_text() == "Faltan bancos."
    assert "@Bruno, ¿cuántos?" in page.locator(f"#comment-{said.pk}").inner_text()

    page.goto(f"{said.get_absolute_url()}edit/")
    page.locator("textarea[name=body]").fill("¿Cuántos bancos?")
    page.locator("main form button").last.click()
    assert "editado" in page.locator(f"#comment-{said.pk}").inner_text()

    page.goto(f"{said.get_absolute_url()}delete/")
    page.locator("main form button").last.click()
    assert "lo borró" in page.locator(f"#comment-{said.pk}").inner_text()
    context.close()


def test_a_thread_with_everything_in_it_can_be_used_by_everybody(consultation, root, page, phone_page):
    question = Question.objects.create(consultation=consultation, position=1, text="¿Qué árboles querés?")
    CommentFactory(consultation=consultation, question=question, author=UserFactory(name="Ana"), body="Jacarandá.")
    CommentFactory(
        consultation=consultation, root=root, answers=root, author=UserFactory(), is_official=True, body="Lo vemos."
    )
    log_in(page, UserFactory())
    for shown in (page, phone_page):
        for address in (consultation.get_absolute_url(), f"{consultation.get_absolute_url()}?question={question.pk}"):
            shown.goto(address)
            if shown.locator(".comment-more summary").count():
                shown.locator(".comment-more summary").first.click()
            axe(shown)
            assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_name_is_picked_with_the_keyboard_and_only_from_who_speaks_in_the_thread(consultation, root, page):
    for name, facts in [("Ñandú Gómez", {}), ("Nadia Ruiz", {}), ("Nadie Retenida", {"held_at": root.created_at})]:
        CommentFactory(consultation=consultation, root=root, answers=root, author=UserFactory(name=name), **facts)
    log_in(page, UserFactory(name="Ana"))
    page.goto(f"/comments/{root.pk}/reply/")
    box = page.locator("textarea[name=body]")
    box.press_sequentially("De acuerdo con @na")
    options = page.get_by_role("option")
    assert options.all_inner_texts() == ["Nadia Ruiz", "Ñandú Gómez"]
    axe(page)
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    box.press("Enter")
    assert box.input_value() == "De acuerdo con @Ñandú Gómez "
    box.press_sequentially("y @bru")
    page.get_by_role("option", name="Bruno").click()
    box.press_sequentially("y @")
    box.press("Escape")
    assert options.count() == 0 and box.input_value() == "De acuerdo con @Ñandú Gómez y @Bruno y @"
    assert "Retenida" not in page.content()

    page.get_by_role("button", name="Publicar la respuesta").click()
    page.wait_for_url("**#comment-*")
    said = Comment.objects.get(author__name="Ana")
    assert said.body == "De acuerdo con @[1] y @[2] y @"


def test_whoever_logs_out_in_one_tab_reads_along_no_longer_in_the_other(page, transactional_db):
    """The right is asked again every ten seconds. With a new session the same page reads along again."""
    private = make_consultation(now_in="discussion", visibility="private", title="Entre oficinas")
    reader, writer = member(private.agency, Role.MEMBER), member(private.agency, Role.MEMBER)
    log_in(page, reader)
    page.goto(private.get_absolute_url())
    is_reading_along(page)
    other_tab = page.context.new_page()
    other_tab.goto("/account/logout/")
    other_tab.locator("main form button").first.click()
    gone = "() => !document.querySelector('comment-thread').live.socket"
    page.wait_for_function(gone, timeout=20_000)
    page.wait_for_timeout(3000)  # it asks once more, and is refused
    assert page.evaluate(gone)
    add_comment(consultation=private, actor=writer, body="Entre nosotros.")
    page.wait_for_timeout(1500)
    assert page.get_by_text("Entre nosotros.").count() == 0

    log_in(other_tab, reader)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    is_reading_along(page)
    page.get_by_text("Entre nosotros.").wait_for()
