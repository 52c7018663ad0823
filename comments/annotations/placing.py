"""Placing annotations again when a version is published: bulk, in the publisher's transaction.

Each step goes from one version to the next by ``comments/anchoring``. The state that is written compares with the words
of the annotation itself, not with those of the version before: what changed in version 2 is still "text changed" in
version 3, and what came back is itself again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from comments import anchoring
from comments.anchoring import Alignment, Certainty, Range
from comments.annotations.models import Annotation, Placement
from comments.annotations.telling import tell_of_states
from consultations.models import Article, Version

State = Placement.State
Counts = dict[str, int]
BATCH = 2_000
NOWHERE = (State.AMBIGUOUS, State.ORPHANED)


@dataclass(frozen=True)
class Text:
    """A version as ``anchoring`` reads it, with the rows behind its indexes."""

    version: Version
    articles: list[Article]
    index: dict[int, int]  # pk of an article -> where it stands
    read: anchoring.Version

    @classmethod
    def of(cls, version: Version) -> Self:
        articles = list(version.articles.order_by("position").defer("body", "html"))
        read = anchoring.Version([anchoring.Article(str(article.identity), article.text) for article in articles])
        return cls(version, articles, {article.pk: n for n, article in enumerate(articles)}, read)


class Step:
    """From one version to another: which range became which. Worked out once for each range that is asked for."""

    def __init__(self, old: Text, new: Text):
        self.old, self.new = old, new
        place_of = {article.identity: n for n, article in enumerate(new.articles)}
        same = {n: place_of[a.identity] for n, a in enumerate(old.articles) if a.identity in place_of}
        self._alignment = Alignment(old.read, new.read, same)
        self._certainty = Certainty(self._alignment)
        self._known: dict[Range, anchoring.Placement] = {}

    def place(self, article_id: int, start: int, end: int) -> anchoring.Placement:
        quoted = Range(self.old.index[article_id], start, end)
        if quoted not in self._known:
            self._known[quoted] = anchoring.place(self._alignment, self._certainty, quoted)
        return self._known[quoted]


class Steps:
    """All that is needed to place annotations in ``new``, each old version aligned when it is first asked for."""

    def __init__(self, old: Version, new: Version):
        self.new = Text.of(new)
        self._steps = {old.pk: Step(Text.of(old), self.new)}
        self._old = old

    def placed(self, before: Placement) -> Placement:
        """Where the annotation of ``before`` (its place in the old version) stands in the new one. Not saved."""
        annotation = before.annotation
        if before.article_id is None:
            return self._found_again(before) or self._not_found(before)
        assert before.start is not None and before.end is not None
        found = self._steps[self._old.pk].place(before.article_id, before.start, before.end)
        if found.range is None:
            return self._row(annotation, found.state.value)
        return self._at(annotation, found.range)

    def _found_again(self, before: Placement) -> Placement | None:
        """What was lost may be back: where the version on which it was made leaves no doubt, with the same words."""
        annotation = before.annotation
        origin = annotation.article.version
        if origin.pk not in self._steps:
            self._steps[origin.pk] = Step(Text.of(origin), self.new)
        found = self._steps[origin.pk].place(annotation.article_id, annotation.start, annotation.end)
        same_words = found.state in (anchoring.State.KEPT, anchoring.State.SHIFTED)
        return self._at(annotation, found.range) if same_words and found.range is not None else None

    def _not_found(self, before: Placement) -> Placement:
        """As lost as it was. What an editor left without a place is not asked again."""
        row = self._row(before.annotation, before.state)
        row.settled_at, row.settled_by_id = before.settled_at, before.settled_by_id
        return row

    def _at(self, annotation: Annotation, found: Range) -> Placement:
        article = self.new.articles[found.article]
        state = State.TEXT_CHANGED
        if article.text[found.start : found.end] == annotation.exact:
            origin = annotation.article.identity, annotation.start
            state = State.KEPT if origin == (article.identity, found.start) else State.SHIFTED
        row = self._row(annotation, state)
        row.article, row.start, row.end = article, found.start, found.end
        return row

    def _row(self, annotation: Annotation, state: str) -> Placement:
        return Placement(annotation=annotation, version=self.new.version, state=state)


def place_again(old: Version, new: Version) -> Counts:
    """Place all annotations of ``old`` in ``new``, the version that follows it; tell the authors whose words changed.

    To be called in the transaction that publishes. Two versions are aligned once, whatever the number of annotations.
    Returns how many came into each state.
    """
    placed = list(_placed(old, new))
    for at in range(0, len(placed), BATCH):
        Placement.objects.bulk_create(placed[at : at + BATCH])
    tell_of_states(new, placed)
    return _counted(placed)


def preview_counts(old: Version, new: Version) -> Counts:
    """How many annotations of ``old`` would come into each state if ``new``, a draft, were published as it is."""
    return _counted(_placed(old, new))


def place_one(annotation: Annotation) -> None:
    """Place an annotation made on an older version in each one that is out since. One query where it is the latest."""
    version = annotation.article.version
    later = version.document.versions.filter(number__gt=version.number, published_at__isnull=False)
    before = Placement(annotation=annotation, version=version, state=State.KEPT)
    before.article, before.start, before.end = annotation.article, annotation.start, annotation.end
    for new in later.order_by("number"):
        before = Steps(before.version, new).placed(before)
        before.save()


def _placed(old: Version, new: Version) -> Iterator[Placement]:
    found = Placement.objects.filter(version=old).order_by("pk")
    rows = list(
        found.select_related("annotation__comment", "annotation__article__version").defer(
            "annotation__article__body", "annotation__article__html", "annotation__article__text"
        )
    )
    if not rows:
        return
    steps = Steps(old, new)
    for row in rows:
        yield steps.placed(row)


def _counted(placed: Iterable[Placement]) -> Counts:
    """By state; what its author deleted is placed like the rest, and not counted."""
    counts = Counter(row.state for row in placed if row.annotation.comment.deleted_at is None)
    return {state: counts[state] for state in State.values}
