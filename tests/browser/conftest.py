"""A real Chromium: ``page`` on a desktop, ``phone_page`` on a phone. What goes wrong in the browser fails the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.servers import Site, running_site

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here; ended with the last, because Playwright's loop would be in the way elsewhere."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # That loop makes Django think that it is called from a coroutine.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def one_daphne(django_db_setup: None, django_db_blocker) -> Iterator[Site]:
    """One for all tests here: it takes seconds to start. Its folder counts what they cast, which none does itself."""
    with django_db_blocker.unblock(), running_site() as site:
        yield site


@pytest.fixture
def browser_errors() -> Iterator[list[str]]:
    """What the pages complained of: errors on the console (a breach of the Content-Security-Policy is one), exceptions.

    A test that means to meet an error page clears it.
    """
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def page(browser: Browser, site: Site, browser_errors: list[str]) -> Iterator[Page]:
    """A page on a desktop, in Argentina, on a site of its own database."""
    desktop = new_context(browser, site, browser_errors, viewport=DESKTOP)
    yield desktop.new_page()
    desktop.close()


@pytest.fixture
def phone_page(browser: Browser, site: Site, browser_errors: list[str]) -> Iterator[Page]:
    """A page on a small phone."""
    phone = new_context(browser, site, browser_errors, viewport=PHONE, has_touch=True, is_mobile=True)
    yield phone.new_page()
    phone.close()


@pytest.fixture
def another_person(browser: Browser, site: Site, browser_errors: list[str]) -> Iterator[Page]:
    """The page of somebody else, with cookies of their own."""
    other = new_context(browser, site, browser_errors, viewport=DESKTOP)
    yield other.new_page()
    other.close()


def new_context(browser: Browser, site: Site, errors: list[str], **options) -> BrowserContext:
    """Return a browser window of its own whose complaints are added to ``errors``."""
    context = browser.new_context(
        base_url=site.url, locale="es-AR", timezone_id="America/Argentina/Buenos_Aires", **options
    )
    context.set_default_timeout(15_000)
    context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    return context
