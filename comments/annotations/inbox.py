"""What waits for an editor after publishing: annotations whose words have several places, or none, or were changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from rapidfuzz import fuzz

from comments.annotations.cards import Standing, standing_of
from comments.annotations.models import Placement
from comments.annotations.passages import beside
from comments.annotations.reading import in_sight
from comments.annotations.settling import OPEN, State
from consultations.documents.texts import sentences
from consultations.models import Article, Version

ON_A_PAGE = 20
MOST_CANDIDATES = 5
BESIDE = 70  # characters of the text to each side of a candidate
LIKE_ENOUGH = 55.0  # of 100 (rapidfuzz): below, a sentence is no help in finding the place


@dataclass(frozen=True)
class Candidate:
    """A place that an editor may choose. is_alike: other words, only like the quoted ones."""

    article: Article
    start: int
    end: int
    is_alike: bool = False

    @property
    def value(self) -> str:
        return f"{self.article.pk}:{self.start}:{self.end}"

    @property
    def name(self) -> str:
        return self.article.name

    @property
    def before(self) -> str:
        return beside(self.article.text, self.start, self.end, BESIDE)[0]

    @property
    def words(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def after(self) -> str:
        return beside(self.article.text, self.start, self.end, BESIDE)[1]


@dataclass(frozen=True)
class Item:
    placement: Placement
    standing: Standing
    candidates: list[Candidate]


def waiting(version: Version) -> QuerySet[Placement]:
    """The annotations without a place in a version that no editor has looked at, as far as everybody sees them: what
    waits for a moderator, who need not be the editor, waits for a place once it is released."""
    return _unsettled(version).filter(state__in=OPEN)


def changed(version: Version) -> QuerySet[Placement]:
    """Those whose words were changed, which an editor may want to look at."""
    return _unsettled(version).filter(state=State.TEXT_CHANGED)


def _unsettled(version: Version) -> QuerySet[Placement]:
    return in_sight(version).filter(settled_at__isnull=True)


def items(rows: Sequence[Placement], version: Version, articles: Sequence[Article]) -> list[Item]:
    """With where each might belong. No query."""
    spans = [(article, span.start, span.end) for article in articles for span in sentences(article.text)]
    return [Item(row, standing_of(row, row.annotation, version), _candidates(row, articles, spans)) for row in rows]


def _candidates(
    row: Placement, articles: Sequence[Article], spans: Sequence[tuple[Article, int, int]]
) -> list[Candidate]:
    """The places of the same words; where there is none, the sentences that are most like them."""
    exact = row.annotation.exact
    same = [Candidate(article, at, at + len(exact)) for article in articles for at in _places(article.text, exact)]
    if same:
        return same[:MOST_CANDIDATES]
    ranked = sorted(
        ((fuzz.partial_ratio(exact, article.text[start:end]), n) for n, (article, start, end) in enumerate(spans)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return [Candidate(*spans[n], is_alike=True) for ratio, n in ranked[:3] if ratio >= LIKE_ENOUGH]


def _places(text: str, words: str) -> list[int]:
    found: list[int] = []
    at = text.find(words)
    while at != -1 and len(found) < MOST_CANDIDATES:
        found.append(at)
        at = text.find(words, at + 1)
    return found
