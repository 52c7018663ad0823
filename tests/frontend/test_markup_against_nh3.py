"""Our cleaned HTML beside that of nh3 (ammonia, in Rust): a second opinion on what may stand.

What we let out must be what nh3, given the same list, lets through unchanged; and of raw HTML neither may let through
what the other takes away.
"""

from html.parser import HTMLParser

import nh3
import pytest
from bleach.sanitizer import Cleaner
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend.markup import _CLEANER_OPTIONS, ALLOWED_ATTRIBUTES, ALLOWED_PROTOCOLS, ALLOWED_TAGS, render
from tests.frontend.test_markup import HOSTILE, LONG, PIECES

VOID = {"br", "hr"}


def second_opinion(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=set(ALLOWED_PROTOCOLS),
        link_rel=None,
        strip_comments=True,
    )


class Events(HTMLParser):
    """What a page is made of, whatever way it is written."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.events: list[tuple] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.events.append(("start", tag, tuple(sorted((name, (value or "").strip()) for name, value in attrs))))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.events.append(("end", tag))

    def handle_data(self, data):
        if self.events and self.events[-1][0] == "text":
            data = self.events.pop()[1] + data
        self.events.append(("text", data))


def events(html: str) -> list[tuple]:
    return Events(html).events


def elements(html: str) -> set[tuple]:
    return {event for event in events(html) if event[0] == "start"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nh3_finds_nothing_to_take_away_from_what_we_let_out(text):
    assert events(second_opinion(render(text))) == events(render(text))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join))
def test_nor_from_whatever_else_is_written(text):
    ours = render(text)
    assert elements(second_opinion(ours)) == elements(ours)


@pytest.mark.parametrize("text", [*HOSTILE, *LONG], ids=lambda text: repr(text[:16]))
def test_of_raw_html_our_wall_lets_no_element_through_that_nh3_would_not(text):
    """The second wall alone, as if Markdown had let the HTML pass."""
    ours = Cleaner(**_CLEANER_OPTIONS).clean(text)
    assert elements(ours) == elements(second_opinion(ours))
