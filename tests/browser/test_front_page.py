"""The front page, as a browser sees it."""

from tests.browser.axe import axe


def test_the_front_page_opens_without_a_complaint_and_axe_finds_nothing(page):
    page.goto("/")
    assert page.locator("h1").count() == 1
    axe(page)


def test_the_front_page_fits_a_phone_of_360_pixels(phone_page):
    phone_page.goto("/")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone_page)
