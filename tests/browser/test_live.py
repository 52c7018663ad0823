"""Two browsers side by side: one votes, the other's bars move. And what happens when the line drops."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser.steps import log_in, vote
from tests.factories import UserFactory, choose, make_consultation, make_poll
from voting.ballots.casting import cast_ballot


@pytest.fixture
def poll(transactional_db):
    return make_poll(make_consultation(now_in="voting"))


def shown(page, poll, kind: str) -> str:
    option = poll.options.get(kind=kind)
    return page.locator(f".tally-row[data-option='{option.pk}'] [data-count]").inner_text()


def wait_for_count(page, poll, kind: str, count: int, seconds: float = 5) -> float:
    """Seconds until the page shows ``count``. Fails when it does not in time."""
    began = time.monotonic()
    while shown(page, poll, kind) != str(count):
        assert time.monotonic() - began < seconds, shown(page, poll, kind)
        page.wait_for_timeout(20)
    return time.monotonic() - began


def is_connected(page) -> None:
    page.wait_for_function("() => document.querySelector('live-tally')?.matches(':defined')")
    page.wait_for_timeout(500)


def test_one_votes_and_the_others_bars_move_without_a_reload(poll, page, another_person):
    page.goto(f"/polls/{poll.pk}/")
    page.evaluate("window.sameDocument = true")
    is_connected(page)
    log_in(another_person, UserFactory())
    another_person.goto(f"/polls/{poll.pk}/")

    vote(another_person, "A favor")
    wait_for_count(page, poll, "for", 1)
    another_person.goto(f"/polls/{poll.pk}/")
    another_person.locator("summary", has_text="Cambiar").click()
    vote(another_person, "En contra")
    wait_for_count(page, poll, "against", 1)

    assert shown(page, poll, "for") == "0"
    assert page.evaluate("window.sameDocument") is True
    width = page.locator(".tally-row").nth(1).locator("[data-bar]").get_attribute("width")
    assert width.startswith("100")


def test_in_a_frame_on_a_newspapers_page_the_bars_move_too(poll, page, site):
    with newspaper_with(f"{site.url}/polls/{poll.pk}/embed/") as address:
        page.goto(address)
        count = page.frame_locator("iframe").locator(".tally-row").first.locator("[data-count]")
        expect(count).to_have_text("0")
        page.wait_for_timeout(500)
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        expect(count).to_have_text("1")


@contextmanager
def newspaper_with(framed: str) -> Iterator[str]:
    """The address of a page of somebody else's, another origin to the browser, that frames ours."""

    class Newspaper(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<link rel="icon" href="data:,"><iframe src="{framed}"></iframe>'.encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Newspaper) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_points_move_too_and_a_bar_is_full_where_everybody_gave_all_they_could(page, transactional_db):
    poll = make_poll(
        make_consultation(now_in="voting"), method="score", options=["Ceibo", "Tipa"], results_policy="live"
    )
    ceibo, tipa = poll.options.all()
    page.goto(f"/polls/{poll.pk}/")
    is_connected(page)

    cast_ballot(poll=poll, voter=UserFactory(), choices={str(ceibo.pk): poll.most_each, str(tipa.pk): 1})
    row = page.locator(f".tally-row[data-option='{ceibo.pk}']")
    expect(row.locator("[data-count]")).to_have_text(str(poll.most_each))

    assert row.locator("[data-bar]").get_attribute("width") == "100%"
    live = page.locator(".tally-row").all_inner_texts()
    page.reload()
    assert page.locator(".tally-row").all_inner_texts() == live


def test_a_bar_below_zero_takes_its_pattern_as_it_moves_and_loses_it_again(page, transactional_db):
    poll = make_poll(
        make_consultation(now_in="voting"), method="slider", options=["Ceibo", "Tipa"], results_policy="live"
    )
    ceibo, _ = poll.options.all()
    page.goto(f"/polls/{poll.pk}/")
    is_connected(page)
    bar = page.locator(f".tally-row[data-option='{ceibo.pk}'] [data-bar]")

    cast_ballot(poll=poll, voter=UserFactory(), choices={str(ceibo.pk): -50})
    expect(bar).to_have_class(re.compile("below"))
    assert bar.get_attribute("width") == "50%"

    cast_ballot(poll=poll, voter=UserFactory(), choices={str(ceibo.pk): 100})
    expect(bar).not_to_have_class(re.compile("below"))
    assert bar.get_attribute("width") == "25%"


def test_a_dropped_line_is_said_quietly_and_the_page_is_right_again_after_it(
    poll, page, another_person, browser_errors
):
    page.goto(f"/polls/{poll.pk}/")
    is_connected(page)
    log_in(another_person, UserFactory())
    another_person.goto(f"/polls/{poll.pk}/")

    page.context.set_offline(True)
    page.evaluate("document.querySelector('live-tally').live.socket?.close()")
    page.locator("[data-status]").wait_for(state="visible", timeout=10_000)
    vote(another_person, "A favor")
    page.context.set_offline(False)

    wait_for_count(page, poll, "for", 1, seconds=15)
    page.locator("[data-status]").wait_for(state="hidden")

    # The browser itself writes each try to connect without a line on the console; how many there are is chance.
    browser_errors[:] = [error for error in browser_errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_a_count_that_is_withheld_is_not_on_the_page_nor_asked_for(page, transactional_db):
    poll = make_poll(make_consultation(now_in="voting"), results_policy="after_close")
    page.goto(f"/polls/{poll.pk}/")
    assert page.locator("live-tally").count() == 0
    assert page.locator("[data-count]").count() == 0
    assert page.get_by_text("después del cierre").first.is_visible()
