"""Accessibility, as far as a program can see it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def axe(page: Page) -> None:
    """Fail if axe finds a fault on the page as it is now."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
