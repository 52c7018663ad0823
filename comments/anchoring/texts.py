"""A version of a text as tokens: words and signs, each knowing where it stands."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from unicodedata import normalize

# White space is no token: it is compared where it matters, in the text itself. An accent that is written apart (form D)
# belongs to its word.
TOKEN = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
SAME_SIGNS = str.maketrans(
    {sign: plain for signs, plain in (("“”„«»", '"'), ("‘’‚", "'"), ("–—", "-")) for sign in signs}
)


@dataclass(frozen=True)
class Article:
    """One part of a version. ``key``: how it is called there; ``text``: its canonical plain text."""

    key: str
    text: str


@dataclass(frozen=True)
class Range:
    """``start`` and ``end`` (excluded) in code points of the text of the article with this index."""

    article: int
    start: int
    end: int


def as_compared(word: str) -> str:
    return word.lower() if word.isascii() else normalize("NFC", word).casefold().translate(SAME_SIGNS)


class Version:
    """The articles of one version in order, and their tokens numbered through.

    words: each token as it is compared, for all articles one after the other: capitals, kinds of quotation marks and
    of accents are no difference by which to tell two passages apart, though they are one to the quote. first: the
    number of each article's first token, and behind the last article how many there are.
    """

    def __init__(self, articles: Sequence[Article]):
        self.articles = list(articles)
        found = [[match.span() for match in TOKEN.finditer(article.text)] for article in self.articles]
        self.spans: list[tuple[int, int]] = [span for spans in found for span in spans]
        self.first: list[int] = [0, *accumulate(len(spans) for spans in found)]
        self.words: list[str] = [
            as_compared(article.text[start:end])
            for article, spans in zip(self.articles, found, strict=True)
            for start, end in spans
        ]

    def __len__(self) -> int:
        return len(self.articles)

    def article_of(self, token: int) -> int:
        """The index of the article in which a token stands."""
        return bisect_right(self.first, token) - 1

    def tokens_of(self, article: int) -> range:
        return range(self.first[article], self.first[article + 1])

    def between(self, first: int, last: int) -> str:
        """The text from the first token to the last, both included, of one article."""
        text = self.articles[self.article_of(first)].text
        return text[self.spans[first][0] : self.spans[last][1]]

    def covering(self, article: int, start: int, end: int) -> range:
        """The tokens that a range of an article touches."""
        tokens = self.tokens_of(article)
        low = bisect_right(self.spans, start, tokens.start, tokens.stop, key=lambda span: span[1])
        high = bisect_right(self.spans, end - 1, tokens.start, tokens.stop, key=lambda span: span[0])
        return range(low, max(low, high))

    @cached_property
    def whole(self) -> str:
        """All of it, with between two articles what occurs in none."""
        return "\0".join(article.text for article in self.articles)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each article begins in ``whole``."""
        return [0, *accumulate(len(article.text) + 1 for article in self.articles)]

    def places_of(self, text: str) -> Iterator[tuple[int, int]]:
        """(article, start) of each place where ``text`` occurs, overlapping ones included."""
        at = self.whole.find(text)
        while at != -1:
            article = bisect_right(self._starts, at) - 1
            yield article, at - self._starts[article]
            at = self.whole.find(text, at + 1)
