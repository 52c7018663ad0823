"""The canonical text, its sentences, and the HTML that knows where each word of it stands."""

import unicodedata
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultations.documents.texts import canonical, render_marked, sentences
from frontend.markup import render

VOID = {"br", "hr"}
WORDS = st.text(alphabet="aéÑ .;?!¿«»(1I\u0301\u00a0<&|_*`~[]#>-\u3000😀\n", max_size=30)
MARKS = st.sampled_from(
    [
        *["**", "_", "`", "~~", "\n\n", "\n- ", "\n1. ", "\n> ", "\n## ", "|a|b|\n|-|-|\n|c. D||\n", "\n    ", "  \n"],
        *[
            "[x. Y](http://a.ar)",
            "&#x301;",
            "&nbsp;",
            "&amp;",
            "<b>",
            "![](http://a.ar/p.png)",
            "\n***\n",
            "http://a.ar.",
        ],
        "Art. 5. ",
    ]
)
BODIES = st.lists(st.one_of(WORDS, MARKS), max_size=25).map("".join)


class Walker(HTMLParser):
    """Walks the text nodes as a browser does, and remembers what each marked element holds."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.blocks, self.pieces, self.outside, self.tags = [], [], [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append((tag, dict(attrs), []))

    def handle_endtag(self, tag):
        name, attrs, words = self.open.pop()
        assert name == tag
        if "data-start" in attrs:
            start, end = int(attrs["data-start"]), int(attrs["data-end"])
            if attrs.get("class") == "sentence":
                self.pieces.append((start, end, int(attrs.get("data-from", start)), "".join(words)))
            else:
                self.blocks.append((start, end, "".join(words)))

    def handle_data(self, data):
        for _tag, _attrs, words in self.open:
            words.append(data)
        if not any("data-start" in attrs for _tag, attrs, _words in self.open):
            self.outside += data
        assert not data.strip() or self.open[-1][1].get("class") == "sentence", "a word that no piece holds"


def walk(html):
    walker = Walker()
    walker.feed(html)
    walker.close()
    assert not walker.open
    return walker


@given(BODIES)
@example("e<b>**&#x301;**")
@example("|a|\n|-|\n||")
@settings(max_examples=150, deadline=None)
def test_walking_the_page_gives_each_word_at_its_place_in_the_canonical_text(body):
    text, walker = canonical(body), walk(render_marked(body))

    assert "\n\n".join(words for _start, _end, words in walker.blocks) == text
    for start, end, words in walker.blocks:
        assert text[start:end] == words
    for start, end, begin, words in walker.pieces:
        assert text[begin : begin + len(words)] == words
        assert start <= begin
        assert begin + len(words) <= end
    assert not walker.outside.strip()


@given(BODIES)
@settings(max_examples=120, deadline=None)
def test_the_canonical_text_is_normal_and_has_no_white_space_but_single_spaces_and_blank_lines(body):
    text = canonical(body)

    assert unicodedata.is_normalized("NFC", text)
    for block in text.split("\n\n"):
        assert block == " ".join(block.split())
    assert "\n\n\n" not in text


@given(BODIES)
@settings(max_examples=120, deadline=None)
def test_sentences_cover_the_text_in_order_and_never_leave_their_block(body):
    text = canonical(body)
    found = sentences(text)

    blocks = text.split("\n\n") if text else []
    assert [" ".join(text[s.start : s.end] for s in found if s.paragraph == n) for n in range(len(blocks))] == blocks
    assert all(one.end < two.start for one, two in pairwise(found))


@given(BODIES)
@settings(max_examples=120, deadline=None)
def test_marks_add_no_element_but_spans_and_lose_only_the_insides_of_preformatted_text(body):
    plain, marked = walk_tags(render(body)), [tag for tag in walk(render_marked(body)).tags if tag != "span"]

    if "pre" in plain:
        plain, marked = ([tag for tag in tags if tag != "code"] for tags in (plain, marked))
    if "\u0301" not in body and "&#x301;" not in body:
        assert marked == plain


def walk_tags(html):
    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append(tag)

    found = []
    Tags().feed(html)
    return found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Según el art. 14 bis se hará. Luego no.", "Según el art. 14 bis se hará."),
        ("El inc. a) del Art. 3. Dice poco. Y ya.", "El inc. a) del Art. 3."),
        ("La Dra. J. B. Pérez firmó. Nadie más.", "La Dra. J. B. Pérez firmó."),
        ("II. Los vecinos podrán opinar. Siempre.", "II. Los vecinos podrán opinar."),
        ("3 bis. Las obras siguen. Siempre.", "3 bis. Las obras siguen."),
        ("La ley Nº 26.842, art. 5º y ss. de la misma. Otra.", "La ley Nº 26.842, art. 5º y ss. de la misma."),
        ("¿Quién paga? ¡Nadie! Fin.", "¿Quién paga?"),
        ("Dijo «basta.» Después calló.", "Dijo «basta.»"),
        ("Se hará… y luego no. Fin.", "Se hará… y luego no."),
        ("Ver cap. II del anexo. Y más.", "Ver cap. II del anexo."),
        ("Rige desde 2026. 5 años después caduca.", "Rige desde 2026."),
        ("Sin punto final", "Sin punto final"),
        ("EE. UU. firmó. Otros no.", "EE. UU. firmó."),
    ],
)
def test_a_sentence_ends_where_a_reader_of_spanish_law_ends_it(text, first):
    span = sentences(text)[0]
    assert text[span.start : span.end] == first


def test_hostile_markdown_stays_harmless_in_the_marked_html():
    html = render_marked('<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y> "&quot;')

    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


def test_a_row_of_a_table_is_one_block_and_no_element_stands_between_its_cells():
    html = render_marked("|Obra|Plazo|\n|-|-|\n|Vereda nueva|dos meses|")

    assert canonical("|Obra|Plazo|\n|-|-|\n|Vereda nueva|dos meses|") == "Obra Plazo\n\nVereda nueva dos meses"
    assert "</td> <td>" in html


def test_fifty_thousand_hostile_characters_are_marked_and_cut_into_sentences():
    for body in ("a. B" * 12_500, "*a" * 25_000, "[" * 50_000, "1. " * 16_000, "é&#x301;" * 6_000, "a.» " * 12_000,
                 "." * 49_999 + "x"):  # fmt: skip
        text = canonical(body)
        assert "\n\n".join(words for _start, _end, words in walk(render_marked(body)).blocks) == text
        assert " ".join(text[s.start : s.end] for s in sentences(text)).split() == text.split()
