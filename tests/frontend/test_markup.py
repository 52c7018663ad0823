"""What strangers write, as HTML. The tests are about what comes out, whoever cleans it."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend.markup import LINK_REL, plain, render, render_document

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTES = {"a": {"href", "rel", "title"}, "ol": {"start"}, "table": {"tabindex"}}
PROTOCOLS = ("http://", "https://", "mailto:")


class Findings(HTMLParser):
    """Collects what a browser would act upon and we did not allow."""

    def __init__(self):
        super().__init__()
        self.faults: list[str] = []
        self.links: list[dict[str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"<{tag} {name}={value!r}>")
        if tag == "a":
            self.links.append(dict(attrs))
            self.check_link(dict(attrs).get("href"))

    def check_link(self, href):
        if href is None:
            return
        # What a browser does before it looks for the protocol: it drops control characters and white space.
        address = "".join(char for char in href if char > " ").lower()
        before_colon = address.split("/")[0].split("?")[0].split("#")[0]
        if ":" in before_colon and not address.startswith(PROTOCOLS):
            self.faults.append(f"href={href!r}")

    def handle_comment(self, data):
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl):
        self.faults.append(f"declaration {decl!r}")


def inspect(text):
    findings = Findings()
    findings.feed(render(text))
    findings.close()
    return findings


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    '<p style="position:fixed;inset:0" onclick="alert(1)">hello</p>',
    "<style>body{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<!--><script>alert(1)</script>-->",
    "<a href='x' onmouseover=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '![x](https://e.example/" onerror="alert(1))',
    '[x](https://e.example "\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "<https://e.example/\"onmouseover='alert(1)'>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```<script>\nx\n```",
    "| <script> | [x](javascript:alert(1)) |\n|---|---|\n| <img src=x onerror=alert(1)> | x |",
    "https://e.example/<script>alert(1)</script>",
    'https://e.example/"onmouseover=alert(1)//',
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=1.0?><x/>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script\x00>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_comes_out_harmless(text):
    assert inspect(text).faults == []


@pytest.mark.parametrize("wrapping", ["> {}", "- {}", "# {}", "**{}**", "[{}](https://e.example)", "| {} |\n|---|"])
def test_a_hostile_text_inside_other_markdown_comes_out_harmless(wrapping):
    for text in HOSTILE:
        assert inspect(wrapping.format(text)).faults == [], text


PIECES = st.sampled_from(
    [*HOSTILE, "[", "](", ")", "<", ">", "`", "```", "\n", "\n\n", "* ", "> ", "# ", "&#x6A;", "javascript:", "'", '"']
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join))
def test_whatever_is_written_only_what_is_allowed_comes_out(text):
    assert inspect(text).faults == []


LONG = [
    *["> " * 5000, "[" * 10_000, "![" * 5000, "*" * 10_000, "_a" * 5000, "`" * 10_000, "- " * 5000, "<" * 10_000],
    *["[a](" * 2500, "|" * 10_000, "\\" * 10_000, "&" * 10_000, "https://a." * 1000, "a@" * 5000, "# " * 5000],
    *["[a]: x\n" * 1400, "|a|b|\n|-|-|\n" * 800, "**a *b " * 1400, "~" * 10_000, "(" * 10_000, "a." * 5000],
]


def test_a_table_is_drawn_as_it_was_written_and_not_filled_up_to_thousands_of_cells():
    written = "| barrio | votos |\n|--|--|\n| Norte | 12 |\n| Sur |"
    mostly_not_written = "a|" * 200 + "\n" + "-|" * 200 + "\n" + "x\n" * 2_100

    assert render(written).count("<td>") == 4
    assert render(mostly_not_written).count("<td>") == 0
    assert len(render(mostly_not_written)) < 10 * len(mostly_not_written)


def test_a_wide_table_scrolls_by_the_keyboard_too():
    assert render("|a|b|\n|-|-|\n|1|2|").startswith('<table tabindex="0">')


def test_the_headings_of_a_document_begin_below_the_title_of_its_page():
    assert render_document("# Rules\n\n## Dates") == "<h2>Rules</h2>\n<h3>Dates</h3>\n"


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_ten_thousand_hostile_characters_are_drawn_in_a_moment(text):
    start = time.thread_time()  # of this thread alone: the machine may be busy with other tests
    inspected = inspect(text)
    assert time.thread_time() - start < 1.5
    assert inspected.faults == []


def test_markdown_becomes_what_one_expects():
    html = render("**Hello**, *you*\nnext line\n\n1. one\n2. two\n\n> quoted\n\n~~gone~~ `code`")
    for part in (
        "<strong>Hello</strong>",
        "<em>you</em><br>",
        "<ol>",
        "<li>one</li>",
        "<blockquote>",
        "<s>gone</s>",
        "<code>code</code>",
    ):
        assert part in html


def test_a_link_of_a_stranger_earns_nothing_and_gets_no_handle_on_our_window():
    links = inspect("[a](https://a.example) and https://b.example/x?y=1&z=2 and <https://c.example>").links
    assert [link["href"] for link in links] == [
        "https://a.example",
        "https://b.example/x?y=1&z=2",
        "https://c.example",
    ]
    assert {link["rel"] for link in links} == {LINK_REL}


def test_words_that_look_like_an_address_stay_words():
    assert inspect("hola.com y ana@example.org").links == []


def test_an_address_in_code_stays_code():
    assert inspect("`https://a.example`").links == []


def test_no_picture_is_loaded_from_elsewhere_it_becomes_a_link():
    html = render("![our square](https://a.example/square.jpg)")
    assert "<img" not in html
    assert inspect("![our square](https://a.example/square.jpg)").links[0]["href"] == "https://a.example/square.jpg"
    assert ">our square</a>" in html


def test_headings_start_below_those_of_the_page():
    assert "<h3>One</h3>" in render("# One")


def test_headings_skip_no_level_whatever_the_writer_chose():
    html = render("### First\n\n##### Second\n\n# Third")
    assert "<h3>First</h3>" in html
    assert "<h4>Second</h4>" in html
    assert "<h3>Third</h3>" in html


def test_nothing_makes_nothing():
    assert render("") == ""
    assert plain("") == ""


def test_an_excerpt_is_the_words_alone_on_one_line():
    text = "# Title\n\nSome **bold** words\nand a [link](https://a.example).\n\n- item\n\n`a < b`"
    assert plain(text) == "Title Some bold words and a link. item a < b"


def test_an_excerpt_of_a_hostile_text_is_plain_text():
    assert plain("<b>x</b> & y") == "<b>x</b> & y"  # the template escapes it
