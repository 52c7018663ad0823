"""Text that people wrote: Markdown in, HTML out that is safe to show. The only file that imports bleach.

Two walls: markdown-it passes no HTML through, and bleach then lets only an explicit list of tags, attributes and
protocols stand. A change of the second wall (to nh3, say) is a change of this file; the tests are about the output.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from bleach.sanitizer import Cleaner
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

ALLOWED_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ALLOWED_ATTRIBUTES = {"a": ["href", "rel", "title"], "ol": ["start"], "table": ["tabindex"]}
ALLOWED_PROTOCOLS = frozenset({"http", "https", "mailto"})

# A stranger's link earns no rank with search engines and gets no handle on our window.
LINK_REL = "nofollow ugc noopener"
# An address in running text ends before the punctuation of its sentence.
ADDRESS = re.compile(r"""https?://[^\s<>"'`]*[^\s<>"'`.,;:!?()\[\]{}*_~]""", re.IGNORECASE)
TOP_HEADING = 3  # h1 and h2 belong to the page


def _lower_headings(state: StateCore) -> None:
    """Make headings start at h3 and never skip a level, whatever the writer chose: the page's outline stays whole."""
    written = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    previous = TOP_HEADING - 1
    for token in state.tokens:
        if token.type == "heading_open":
            previous = min(TOP_HEADING + written.index(token.tag), previous + 1, 6)
            token.tag = f"h{previous}"
        elif token.type == "heading_close":
            token.tag = f"h{previous}"


def _link_addresses(state: StateCore) -> None:
    """Make a bare address a link. Only with its protocol: "hola.com" may be just words. (Bleach's linker is slow on
    hostile text.) And mark every link as a stranger's."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_with_links(state.md, token.children))


def _with_links(parser: MarkdownIt, tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0  # inside a link there is no second one
    for token in tokens:
        if token.type == "link_open":
            depth += 1
            token.attrSet("rel", LINK_REL)
        elif token.type == "link_close":
            depth -= 1
        if token.type == "text" and not depth and "://" in token.content:
            yield from _split_at_addresses(parser, token.content)
        else:
            yield token


def _split_at_addresses(parser: MarkdownIt, content: str) -> Iterator[Token]:
    end = 0
    for found in ADDRESS.finditer(content):
        href = parser.normalizeLink(found[0])
        if not parser.validateLink(href):
            continue
        yield Token("text", "", 0, content=content[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": href, "rel": LINK_REL})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        end = found.end()
    yield Token("text", "", 0, content=content[end:])


def _table_that_scrolls(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """On a phone a wide table scrolls inside its own frame: by the keyboard too, which must be able to get there."""
    return '<table tabindex="0">'


def _image_as_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """No picture from elsewhere is loaded into a reader's page: it would tell its server who reads."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    label = renderer.renderInlineAsText(token.children or [], options, env) or source
    return f'<a href="{escape(source)}" rel="{LINK_REL}">{escape(label)}</a>'


def _table_as_written(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless most of its cells are not written: a row that is short of cells is filled up to the header's
    number of them, so that a comment of 5,000 characters could make 60,000 cells and take seconds."""
    if not table(state, start, end, True):
        return False
    rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start])
    if columns * rows > state.eMarks[start + rows - 1] - state.bMarks[start]:
        return False
    return silent or table(state, start, end, silent)


def _markdown() -> MarkdownIt:
    # maxNesting bounds what "> > > > …" and "[[[[…" can cost; tables and strike-through are what people expect.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", _table_as_written, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("link_addresses", _link_addresses)
    parser.add_render_rule("image", _image_as_link)
    parser.add_render_rule("table_open", _table_that_scrolls)
    return parser


_PARSER = _markdown()
_CLEANER_OPTIONS = {
    "tags": ALLOWED_TAGS,
    "attributes": ALLOWED_ATTRIBUTES,
    "protocols": ALLOWED_PROTOCOLS,
    "strip": True,
}


@lru_cache(maxsize=4096)
def render(text: str) -> SafeString:
    """Markdown as HTML that is safe to show, with headings from h3 down. Remembered, so that a thread re-opens fast."""
    # A Cleaner keeps state while it works and requests run in threads: one for each call.
    return mark_safe(Cleaner(**_CLEANER_OPTIONS).clean(_PARSER.render(text)))  # noqa: S308


def render_document(text: str) -> SafeString:
    """As ``render``, with headings from h2 down: for our own texts that are a page of their own."""
    return mark_safe(re.sub(r"<(/?)h([3-6])>", lambda tag: f"<{tag[1]}h{int(tag[2]) - 1}>", render(text)))  # noqa: S308


def as_text(words: str) -> str:
    """``words`` in Markdown, with no sign in them that would mean anything."""
    return re.sub(r"([!-/:-@\[-`{|}~])", r"\\\1", words)


def quotation(text: str) -> str:
    """``text`` as a Markdown quotation, with an empty line after it."""
    lines = text.strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n" if lines else ""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The words alone, on one line, for excerpts and descriptions. Not escaped: the template does that."""
    words: list[str] = []
    for token in _PARSER.parse(text):
        if token.type == "inline":
            words.extend(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            words.append(token.content)
        words.append(" ")
    return " ".join("".join(words).split())


def _words(tokens: Sequence[Token]) -> list[str]:
    return [" " if token.type in {"softbreak", "hardbreak"} else token.content for token in tokens]
