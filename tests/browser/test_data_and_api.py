"""Taking data away, and the API's manual, as a browser sees them."""

from tests.browser.axe import axe
from tests.factories import CommentFactory, make_consultation, make_poll


def test_the_data_page_opens_without_a_complaint_and_axe_finds_nothing(page):
    consultation = make_consultation(title="Plan de arbolado", now_in="voting")
    make_poll(consultation, results_policy="after_close")

    page.goto("/consultations/plan-de-arbolado/data/")
    for summary in page.locator("summary:visible").all():
        summary.click()

    axe(page)


def test_the_data_page_fits_a_phone_of_360_pixels(phone_page):
    make_consultation(title="Plan de arbolado", now_in="voting")

    phone_page.goto("/consultations/plan-de-arbolado/data/")

    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone_page)


def test_a_browser_unpacks_a_compressed_file_to_its_end(page):
    """Which it would not, had each chunk been compressed for itself."""
    consultation = make_consultation(title="Plan de arbolado")
    CommentFactory.create_batch(300, consultation=consultation, body="x" * 1000)
    page.goto("/consultations/plan-de-arbolado/data/")

    answer = page.evaluate(
        "fetch('comments.json').then(async a => [a.headers.get('content-encoding'), await a.json()])"
    )

    assert answer[0] == "gzip"
    assert len(answer[1]["rows"]) == 300


def test_a_click_saves_the_file_under_a_good_name(page):
    make_consultation(title="Plan de arbolado")
    page.goto("/consultations/plan-de-arbolado/data/")

    with page.expect_download() as download:
        page.locator("a[href$='comments.csv']").click()

    assert download.value.suggested_filename == "plan-de-arbolado-comments.csv"


def test_the_manual_of_the_api_runs_under_our_content_security_policy(page):
    page.goto("/api/v1/docs/")

    page.get_by_text("/api/v1/consultations/{slug}/").wait_for()
    page.get_by_text("/api/v1/consultations/{slug}/").click()
    page.get_by_role("button", name="Try it out").wait_for()
