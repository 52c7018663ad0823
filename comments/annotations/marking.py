"""Marks on the text of a version: on each sentence how many annotations touch it, and the way to them.

The counts are in the page; the annotations themselves come by article or sentence when asked for, so that a text of 200
articles with 20,000 annotations stays small.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from comments.annotations import reading
from consultations.models import Article, Version
from frontend.formats import number

# A piece of a sentence as ``consultations/documents/texts.py`` writes it: nothing but text inside.
_PIECE = re.compile(r'<span class="sentence" data-start="(\d+)" data-end="(\d+)"(?: data-from="\d+")?>[^<]*</span>')
_TAG = re.compile(r"<(/?)a\b[^>]*>")
# From how many annotations on a sentence its margin is a shade deeper.
SHADES = (1, 3, 8, 20)

Range = tuple[int, int, int]


@dataclass(frozen=True)
class Marks:
    """What was annotated in one version: for each article (by id) its ranges; how many have no place."""

    version: Version
    ranges: dict[int, list[Range]]
    lost: int
    list_url: str

    @property
    def placed(self) -> int:
        return sum(count for ranges in self.ranges.values() for _start, _end, count in ranges)

    def count_in(self, article: Article) -> int:
        return sum(count for _start, _end, count in self.ranges.get(article.pk, ()))


def marks_of(version: Version) -> Marks:
    """One query, however much was annotated."""
    url = f"{reverse('comments:annotations')}?version={version.pk}"
    ranges, lost = reading.ranges_in(version)
    return Marks(version, ranges, lost, url)


def marked(article: Article, marks: Marks) -> SafeString:
    """The article's HTML with a control behind each sentence, which says how many annotations touch it."""
    pieces = list(_PIECE.finditer(article.html))
    spans = sorted({(int(piece[1]), int(piece[2])) for piece in pieces})
    counts = _counts(spans, marks.ranges.get(article.pk, []))
    last = {(int(piece[1]), int(piece[2])): piece for piece in pieces}
    words = _Words.now()
    out: list[str] = []
    at = 0
    for piece in pieces:
        span = (int(piece[1]), int(piece[2]))
        count = counts[span]
        out.append(article.html[at : piece.start()])
        out.append(_shaded(piece[0], count))
        at = piece.end()
        if last[span] is piece:
            at = _behind_link(article.html, at, out)
            out.append(_control(article, span, count, words))
    out.append(article.html[at:])
    return mark_safe("".join(out))  # noqa: S308 (sanitized by render_marked; what is added is numbers and escaped words)


def notes_link(article: Article, marks: Marks) -> SafeString:
    """Below an article: how much was said of any of its words, and the way there and to annotate all of it."""
    count = marks.count_in(article)
    facts = {"number": number(count), "article": article.name}
    said = ngettext("%(number)s annotation", "%(number)s annotations", count) % facts
    return format_html(
        '<p class="article-foot no-print"><a class="article-notes" href="{}?article={}">{}'
        '<span class="visually-hidden"> · {}</span></a></p>',
        reverse("comments:annotations"),
        article.pk,
        said if count else gettext("Annotate"),
        facts["article"],
    )


def sentence_label(count: int) -> str:
    """What the control of a sentence says to those who do not see it."""
    if not count:
        return gettext("Annotate this sentence")
    return ngettext("%(number)s annotation on this sentence", "%(number)s annotations on this sentence", count) % {
        "number": number(count)
    }


def shade(count: int) -> int:
    """0 for none, up to 4."""
    return bisect_right(SHADES, count)


@dataclass
class _Words:
    """Labels by count, made once for a page: a thousand sentences say the same."""

    base: str
    labels: dict[int, str]

    @classmethod
    def now(cls) -> "_Words":
        return cls(reverse("comments:annotations"), {})

    def label(self, count: int) -> str:
        if count not in self.labels:
            self.labels[count] = escape(sentence_label(count))
        return self.labels[count]


def _counts(spans: list[tuple[int, int]], ranges: list[Range]) -> dict[tuple[int, int], int]:
    """How many annotations touch each sentence. Spans are in order and do not overlap."""
    starts = [start for start, _end in spans]
    ends = [end for _start, end in spans]
    counts = dict.fromkeys(spans, 0)
    for start, end, count in ranges:
        for n in range(bisect_right(ends, start), bisect_left(starts, end)):
            counts[spans[n]] += count
    return counts


def _shaded(piece: str, count: int) -> str:
    return piece.replace('class="sentence"', f'class="sentence s{shade(count)}"', 1) if count else piece


def _control(article: Article, span: tuple[int, int], count: int, words: _Words) -> str:
    href = f"{words.base}?article={article.pk}&amp;start={span[0]}&amp;end={span[1]}"
    some, shown = (" some", number(count)) if count else ("", "")
    return f'<a class="note{some}" href="{href}" aria-label="{words.label(count)}">{shown}</a>'


def _behind_link(html: str, at: int, out: list[str]) -> int:
    """No link stands in a link: where a sentence ends in one, its control comes behind."""
    following = _TAG.search(html, at)
    if following is None or not following[1]:
        return at
    out.append(html[at : following.end()])
    return following.end()
