"""A moderator clears the queue with the keyboard; it works without JavaScript; shortcuts can be switched off."""

import pytest

from accounts.models import Role
from comments.models import Appeal, Comment, Flag, ModerationDecision
from comments.moderation.appealing import appeal
from comments.moderation.marking import mark
from comments.moderation.moderating import flag, hide
from tests.browser.axe import axe
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.steps import log_in
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation, member

TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def world(transactional_db):
    """A queue of seven: five reported, one that waits to be published, and an appeal against a colleague."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, title="Corredor verde", slug="abierta")
    moderator, colleague = (member(agency, Role.MODERATOR) for _ in range(2))
    rosa = UserFactory(name="Rosa Ñandubay")
    comments = [CommentFactory(consultation=consultation, author=rosa, body=f"Aporte {n}.") for n in range(4)]
    proposal = ProposalFactory(
        consultation=consultation, author=rosa, title="Otorrinolaringología " + "larguísima " * 9
    )
    for n, target in enumerate([*comments, proposal]):
        for _ in range(n + 1):
            flag(target=target, actor=UserFactory(), ground="insult" if n else "spam", explanation="Mirá el final.")
    CommentFactory(
        consultation=consultation, author=rosa, body="Espera " + "a" * 200, held_at=consultation.published_at
    )
    removed = CommentFactory(consultation=consultation, author=rosa, body="COMPRO ORO")
    decision = hide(target=removed, actor=colleague, ground="spam")
    appeal(decision=decision, actor=rosa, words="No vendo nada, es un chiste.")
    mark(target=comments[1], actor=moderator, mark="alert")
    return {"consultation": consultation, "moderator": moderator, "rosa": rosa, "decision": decision}


def focused(page):
    return page.evaluate("document.activeElement.id")


def press_and_wait(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_moderator_clears_the_queue_with_the_keyboard_alone(world, page):
    log_in(page, world["moderator"])
    page.goto("/moderation/?show=flags&sort=most")
    cards = page.locator(".queue-item")
    assert cards.count() == 5

    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    assert focused(page) != first
    page.keyboard.press("k")
    assert focused(page) == first

    page.keyboard.press("h")  # the proposal, with five reports: hidden on the ground that most named
    assert focused(page).endswith("-ground")
    page.keyboard.press("Tab")
    page.keyboard.type("Insulta a una vecina.")
    press_and_wait(page, "Enter")
    assert cards.count() == 4
    assert focused(page) == cards.first.get_attribute("id")  # the next one stands in its place

    press_and_wait(page, "s")
    press_and_wait(page, "u")  # a slip
    assert cards.count() == 4
    for left, key in ((3, "h"), (2, "s"), (1, "s"), (0, "s")):
        page.keyboard.press("j")
        if key == "h":  # on the likely ground, with its standard reason
            page.keyboard.press("h")
            key = "Enter"
        press_and_wait(page, key)
        assert cards.count() == left

    decisions = ModerationDecision.objects.filter(moderator=world["moderator"], undone_at__isnull=True)
    assert sorted(decisions.exclude(act="marked").values_list("act", flat=True)) == ["hidden"] * 2 + ["kept"] * 3
    assert not Flag.objects.filter(answered_at__isnull=True).exists()


def test_what_waits_is_published_and_an_appeal_granted(world, page):
    log_in(page, world["moderator"])
    page.goto("/moderation/?show=held")
    page.keyboard.press("j")
    press_and_wait(page, "s")
    assert not Comment.objects.filter(held_at__isnull=False).exists()

    page.goto("/moderation/?show=appeals")
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.keyboard.type("Es un chiste, sí.")
    with page.expect_navigation():
        page.get_by_role("button", name="Hacer lugar").click()
    assert Appeal.objects.get().outcome == "granted"


def test_letters_are_text_where_one_types_and_nothing_once_shortcuts_are_off(world, page):
    log_in(page, world["moderator"])
    page.goto("/moderation/?show=flags")
    page.locator("input[name=reason]").first.fill("")
    page.locator("input[name=reason]").first.press_sequentially("jshumo")
    assert page.locator("input[name=reason]").first.input_value() == "jshumo"

    page.get_by_label("Atajos de teclado").uncheck()
    page.reload()
    assert not page.get_by_label("Atajos de teclado").is_checked()
    page.keyboard.press("j")
    page.keyboard.press("s")
    assert page.locator(".queue-item").count() == 5
    assert not ModerationDecision.objects.filter(act="kept").exists()


def test_the_tab_key_leaves_the_queue(world, page):
    log_in(page, world["moderator"])
    page.goto("/moderation/?show=held")
    page.keyboard.press("j")
    for _ in range(20):
        page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.queue-item') !== null")


def test_without_javascript_a_form_does_the_same(world, browser, site, browser_errors):
    context = new_context(browser, site, browser_errors, viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    log_in(page, world["moderator"])
    page.goto("/moderation/?show=flags")
    page.locator(".queue-item").first.get_by_role("button", name="Ocultar").click()
    assert page.locator(".queue-item").count() == 4
    page.get_by_role("button", name="Deshacer").first.click()
    assert page.locator(".queue-item").count() == 5
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"])
def test_axe_finds_nothing_and_nothing_overflows(world, browser, site, browser_errors, viewport):
    context = new_context(browser, site, browser_errors, viewport=viewport)
    page = context.new_page()
    log_in(page, world["moderator"])
    own = world["decision"].get_absolute_url()
    comment = Comment.objects.filter(held_at__isnull=True, hidden_at__isnull=True).first()
    addresses = [
        "/moderation/", "/moderation/abierta/", "/moderation/abierta/patterns/", "/moderation/abierta/blocks/", own,
        f"/comments/{comment.pk}/hide/", f"/comments/{comment.pk}/mark/", f"/comments/{comment.pk}/block/",
    ]  # fmt: skip
    for address in addresses:
        assert page.goto(address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
        axe(page)
    context.clear_cookies()
    log_in(page, world["rosa"])
    page.goto(own)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    axe(page)
    context.close()
