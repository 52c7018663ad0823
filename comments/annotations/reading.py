"""What pages read of annotations: how many stand on each sentence of a version, and those of one place of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.access import Person
from comments import queries
from comments.annotations.models import Annotation, Placement
from comments.models import Comment
from consultations.models import Article, Consultation, Version

ON_A_PAGE = 20
NOT_TEXT = ("article__body", "article__html", "article__text")


@dataclass(frozen=True)
class Filter:
    """Which annotations of a version are asked for. ``show``: all, best, unanswered, mine or lost (without a place)."""

    article: int | None = None
    start: int | None = None
    end: int | None = None
    show: str = "all"
    purpose: str = ""

    @property
    def has_words(self) -> bool:
        """Whether it names a range of words."""
        return self.article is not None and self.start is not None and self.end is not None


def article_to_annotate(user: Person, article_id: int | None) -> QuerySet[Article]:
    """An article of a published version that the person may see, with what annotating it needs."""
    seen = Consultation.objects.visible_to(user)
    found = Article.objects.filter(version__document__consultation__in=seen.values("pk"), pk=article_id)
    found = found.filter(
        version__published_at__isnull=False, version__document__consultation__published_at__isnull=False
    )
    return found.select_related("version__document__consultation__agency").prefetch_related(
        "version__document__consultation__phases"
    )


def version_to_read(user: Person, version_id: int | None) -> QuerySet[Version]:
    """A published version that the person may see."""
    seen = Consultation.objects.visible_to(user)
    found = Version.objects.filter(document__consultation__in=seen.values("pk"), pk=version_id)
    found = found.filter(published_at__isnull=False, document__consultation__published_at__isnull=False)
    return found.select_related("document__consultation__agency").prefetch_related("document__consultation__phases")


def in_sight(version: Version) -> QuerySet[Placement]:
    """The placements in a version of annotations that everybody sees."""
    return Placement.objects.filter(
        version=version,
        annotation__comment__held_at__isnull=True,
        annotation__comment__hidden_at__isnull=True,
        annotation__comment__deleted_at__isnull=True,
    )


def ranges_in(version: Version, article: Article | None = None) -> tuple[dict[int, list[tuple[int, int, int]]], int]:
    """For each article (by id), or for one, the ranges that are annotated, and how often: (start, end, count).

    Besides, how many annotations have no place in the version. One query.
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    lost = 0
    rows = in_sight(version)
    if article is not None:
        rows = rows.filter(article=article)
    rows = rows.order_by("article", "start", "end")
    for key, start, end, count in rows.values_list("article_id", "start", "end").annotate(count=Count("pk")):
        if key is None:
            lost += count
        else:
            found.setdefault(key, []).append((start, end, count))
    return found, lost


def placements(version: Version, wanted: Filter, reader: queries.Reader) -> QuerySet[Placement]:
    """Those that ``wanted`` asks for, as far as the reader sees them, in their order."""
    seen = reader.sees(Comment.objects.filter(pk=OuterRef("annotation"), hidden_at=None, deleted_at=None))
    found = Placement.objects.filter(Exists(seen), version=version)
    if wanted.article is not None:
        found = found.filter(article=wanted.article)
    if wanted.start is not None and wanted.end is not None:
        found = found.filter(start__lt=wanted.end, end__gt=wanted.start)
    if wanted.purpose in Annotation.Purpose.values:
        found = found.filter(annotation__purpose=wanted.purpose)
    if wanted.show == "lost":
        found = found.filter(article__isnull=True)
    elif wanted.show == "mine":
        own = reader.user.is_authenticated
        found = found.filter(annotation__comment__author=reader.user.pk) if own else found.none()
    elif wanted.show == "unanswered":
        replies = Comment.objects.released().filter(root=OuterRef("annotation"), deleted_at=None, hidden_at=None)
        found = found.filter(~Exists(replies))
    if wanted.show == "best":
        return found.order_by(F("annotation__comment__agree_floor").desc(), "-annotation")
    return found.order_by(F("article__position").asc(nulls_last=True), F("start").asc(nulls_last=True), "annotation")


def page_of(rows: QuerySet[Placement], after: int | None, show: str) -> tuple[list[Placement], int | None]:
    """The rows that follow placement ``after``, by keyset; and the last of them where more follow."""
    if after is not None:
        last = rows.model._default_manager.select_related("article", "annotation__comment").filter(pk=after).first()
        rows = rows.filter(_behind(last, show)) if last else rows.none()
    found = list(
        rows.select_related("article", "annotation__article__version", "settled_by").defer(
            "article__body", "article__html", "annotation__article__body", "annotation__article__html"
        )[: ON_A_PAGE + 1]
    )
    shown = found[:ON_A_PAGE]
    return shown, shown[-1].pk if len(found) > len(shown) else None


def _behind(last: Placement, show: str) -> Q:
    """What comes after ``last`` in the order of ``placements``."""
    pk = last.annotation_id
    if show == "best":
        floor = last.annotation.comment.agree_floor
        worse = Q(annotation__comment__agree_floor__lt=floor)
        return worse | Q(annotation__comment__agree_floor=floor, annotation__lt=pk)
    if last.article is None:
        return Q(article__isnull=True, annotation__gt=pk)
    at = last.article.position
    later = Q(article__isnull=True) | Q(article__position__gt=at)
    return later | Q(article__position=at) & (Q(start__gt=last.start) | Q(start=last.start, annotation__gt=pk))


def comments_of(rows: Iterable[Placement], reader: queries.Reader) -> dict[int, Any]:
    """The comments of these annotations by id, ready for cards, each with ``reply_count``. One query."""
    replies = reader.sees(Comment.objects.filter(root=OuterRef("pk"))).order_by().values("root")
    count = Subquery(replies.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    wanted = Comment.objects.filter(pk__in=[row.annotation_id for row in rows])
    return queries.with_quotes(queries.to_show(wanted, reader)).annotate(reply_count=Coalesce(count, 0)).in_bulk()


def standings(annotation: Annotation) -> list[Placement]:
    """Where an annotation stands in each version that is out, the newest first. One query."""
    found = annotation.placements.filter(version__published_at__isnull=False).order_by("-version__number")
    return list(found.select_related("version__document", "article").defer("article__body", "article__html"))
