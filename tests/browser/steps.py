"""What people do in a browser, spelled once."""

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import phases_around
from tests.factories.accounts import PASSWORD


def log_in(page: Page, user) -> None:
    """With a session that is there already, on the front page: how one comes to it is for ``log_in_by_form``."""
    client = Client()
    client.force_login(user, "accounts.backends.LogInBackend")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "domain": "127.0.0.1", "path": "/", "httpOnly": True}]
    )
    page.goto("/")


def log_in_by_form(page: Page, user) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")


def describe_consultation(page: Page, *, title: str, now_in: str) -> None:
    """Prepare a consultation on questions whose clock stands in ``now_in``, and look it over."""
    page.goto("/consultations/new/?recipe=questions")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=summary]", "Qué árboles plantamos y dónde.")
    page.fill("textarea[name=body]", "## Por qué\n\nHace falta **sombra** en la avenida.")
    press(page, "#step-form > .buttons .button:not(.secondary)")
    press(page, "nav button[value=when]")
    press(page, "button[value=exact]")
    for phase in phases_around(now_in, last="results"):
        page.fill(f"input[name={phase.kind}_starts_at]", in_the_form(phase.starts_at))
        page.fill(f"input[name={phase.kind}_ends_at]", in_the_form(phase.ends_at))
    page.fill("input[name=follow_up_starts_at]", "")
    press(page, "#step-form .buttons button[value=review]")


def in_the_form(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def press(page: Page, button: str) -> None:
    """Press the last such button of the main part, and wait for the next page."""
    with page.expect_navigation():
        page.locator("main").locator(button).last.click()


def vote(page: Page, label: str) -> None:
    page.get_by_role("radio", name=label).check()
    with page.expect_navigation():
        page.locator("form[action*='/ballot/'] button:not([name=blank])").first.click()
