"""What the pages of this room read: by keyset, in a constant number of queries, however long a thread is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Exists,
    F,
    Manager,
    OuterRef,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from accounts.access import Person
from accounts.database import CountOf
from accounts.models import User
from accounts.prepared import prepared
from comments.dispositions.fates import with_fates
from comments.models import Comment, CommentQuerySet, Mention, Reaction
from comments.sorting import NEWEST, SORTS, Sort
from consultations.models import Consultation, Document, Proposal, Question

Place = Consultation | Proposal | Question | Document

THREADS_ON_A_PAGE = 10
FIRST_REPLIES = 3
OFFICIAL_REPLIES = 5
REPLIES_ON_A_PAGE = 50
REPLIES_BEFORE = 5  # shown before a reply that one came to see
UNREAD = ("annotation__article__body", "annotation__article__html", "annotation__article__text")
NOT_OF_A_NAME = [f"author__{field.name}" for field in User._meta.concrete_fields if field.name not in ("id", "name")]
COUNTED = 10_000  # beyond it we say "more than": counting must cost the same, however much there is


class CountUpTo(CountOf):
    """How many comments a query finds, but no more than ``COUNTED`` + 1."""

    def __init__(self, rows: QuerySet[Comment]):
        super().__init__(rows, COUNTED + 1)


@dataclass(frozen=True)
class Count:
    """A number of comments. ``is_more``: there are more than ``number``, and nobody counted how many."""

    number: int
    is_more: bool = False

    @classmethod
    def of(cls, counted: int) -> Self:
        return cls(min(counted, COUNTED), counted > COUNTED)

    def without(self, some: int) -> "Count":
        return Count(self.number - some, self.is_more)

    def __bool__(self) -> bool:
        return self.number > 0 or self.is_more


@dataclass(frozen=True)
class Thread:
    """The beginning of a conversation: official replies and the first ones, in order, and how many are not shown."""

    root: Comment
    replies: list[Comment]
    other_count: Count


@dataclass(frozen=True)
class ThreadPage:
    """A page of threads, in the order that was asked for. ``after``: where the next page begins, None on the last."""

    threads: list[Thread]
    total: Count | None  # None where the page is empty, so that nobody counted
    after: int | None


@dataclass(frozen=True)
class ReplyPage:
    """A page of the replies of one thread, oldest first, with where the pages before and after it begin."""

    replies: list[Comment]
    total: Count
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Reader:
    """Who reads, which decides what they see of what waits for a moderator."""

    user: Person
    may_moderate: bool = False

    def sees(self, comments: CommentQuerySet) -> CommentQuerySet:
        return comments.seen_by(self.user, may_moderate=self.may_moderate)

    @property
    def sql(self) -> tuple[str, list[Any]]:
        """The same as ``sees``, as a condition on ``comments_comment``."""
        return "(held_at IS NULL OR author_id = %s OR %s)", [self.user.pk, self.may_moderate]


ANYBODY = Reader(AnonymousUser())


def comments_on(place: Place) -> CommentQuerySet:
    """All comments on a consultation as a whole, a proposal, one of the agency's questions, or a draft text."""
    return _comments_on(type(place), place.pk)


def _comments_on(kind: type[Place], place: int) -> CommentQuerySet:
    if kind is Proposal:
        return Comment.objects.filter(proposal=place)
    if kind is Question:
        return Comment.objects.filter(question=place)
    if kind is Document:
        return Comment.objects.filter(document=place)
    return Comment.objects.filter(
        consultation=place, proposal__isnull=True, question__isnull=True, document__isnull=True
    )


def threads_on(place: Place, sort: Sort = NEWEST, after: int | None = None, *, reader: Reader = ANYBODY) -> ThreadPage:
    """A page of threads in one query: its roots, the replies that are shown below them, and all counts.

    after: the root that was the last one on the page before. What waits for a moderator is not counted in the total,
    whoever reads.
    """
    values = {"place": place.pk} if after is None else {"place": place.pk, "after": after}
    rows: list[Any] = _threads(reader.user, reader.may_moderate, type(place), sort.name, **values)

    replies: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        replies[row.root_id].append(row)
    threads = [
        Thread(root, replies[root.pk], _count_of_others(root, replies[root.pk])) for root in replies.pop(None, [])
    ]
    threads.sort(key=lambda thread: sort.rank(thread.root, thread.replies), reverse=True)
    shown = threads[:THREADS_ON_A_PAGE]
    return ThreadPage(
        threads=shown,
        total=Count.of(rows[0].total) if rows else None,
        after=shown[-1].root.pk if len(threads) > len(shown) else None,
    )


@prepared
def _threads(
    user: Person, may_moderate: bool, kind: type[Place], sort: str, *, place: int, after: int | None = None
) -> QuerySet[Comment]:
    reader, said = Reader(user, may_moderate), _comments_on(kind, place)
    roots = SORTS[sort].page(reader.sees(said).roots(), after)
    replies_seen = reader.sees(Comment.objects.filter(root=OuterRef("pk")))
    count = Case(When(root__isnull=True, then=CountUpTo(replies_seen)), default=Value(0))
    found = to_show(Comment.objects.filter(pk__in=_on_a_page(roots, reader)), reader)
    return found.annotate(reply_count=count, total=CountUpTo(said.released())).order_by("pk")


def said_since(place: Place, since: datetime, reader: Reader = ANYBODY) -> list[Comment]:
    """What citizens began to say about a place from then on, the newest first: one page of it, in one query."""
    roots = reader.sees(comments_on(place)).roots().filter(created_at__gte=since, is_official=False)
    return list(to_show(roots, reader).order_by("-pk")[:THREADS_ON_A_PAGE])


def _on_a_page(roots: QuerySet[Comment], reader: Reader) -> RawSQL:
    """The ids of a page: its roots and one more, and of each thread the first official replies and the first of all."""
    sql, parameters = roots.values("pk")[: THREADS_ON_A_PAGE + 1].query.sql_with_params()
    seen, who = reader.sql
    return RawSQL(  # noqa: S611 (the query is the ORM's, the rest is constant)
        f"""
        WITH roots (id) AS ({sql})
        SELECT roots.id FROM roots
        UNION ALL
        SELECT picked.id FROM roots thread CROSS JOIN LATERAL (
            (SELECT id FROM comments_comment WHERE root_id = thread.id AND is_official ORDER BY id LIMIT %s)
            UNION
            (SELECT id FROM comments_comment WHERE root_id = thread.id AND {seen} ORDER BY id LIMIT %s)
        ) picked
        """,  # noqa: S608
        [*parameters, OFFICIAL_REPLIES, *who, FIRST_REPLIES],
    )


def _count_of_others(root: Any, shown: list[Comment]) -> Count:
    return Count.of(root.reply_count).without(len(shown))


def with_mentioned(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Annotates ``mentioned``: whom each names, for ``mentions.in_markdown``."""
    return comments.annotate(mentioned=_mentioned())


def _mentioned() -> ArraySubquery:
    found = Mention.objects.filter(comment=OuterRef("pk")).order_by("position")
    return ArraySubquery(found.values(found=JSONObject(position="position", name="user__name")))


def _was_answered_before_edit() -> Exists:
    # Of a comment that was never edited there are none: nothing is earlier than null.
    return Exists(Comment.objects.filter(answers=OuterRef("pk"), created_at__lt=OuterRef("edited_at")))


def to_show(comments: QuerySet[Comment] | Manager[Comment], reader: Reader) -> QuerySet[Comment]:
    """With what a card shows: who wrote it, whom it answers, whom it mentions, and what the reader thinks of it.

    Annotates ``mentioned`` (see mentions.py), ``fate`` (see dispositions/fates.py), ``answered_name``,
    ``is_answer_to_agency``, ``was_answered_before_edit`` and ``own_reaction``: 1, -1 or 0.
    """
    own: Any = Value(0)
    if reader.user.is_authenticated:
        reactions = Reaction.objects.filter(comment=OuterRef("pk"), user=reader.user.pk)
        own = Subquery(reactions.values("value"), output_field=SmallIntegerField(null=True))
    return with_fates(with_mentioned(comments.select_related("author").defer(*NOT_OF_A_NAME))).annotate(
        # Two columns of what it answers, not two whole rows: a page shows fifty comments.
        answered_name=F("answers__author__name"),
        is_answer_to_agency=F("answers__is_official"),
        was_answered_before_edit=_was_answered_before_edit(),
        own_reaction=own,
    )


def with_quotes(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """With the annotation that some of them are. For lists in which there may be any: see ``annotation_of``."""
    return comments.select_related("annotation__article__version").defer(*UNREAD)


def comment_to_show(comments: QuerySet[Comment], reader: Reader = ANYBODY) -> QuerySet[Comment]:
    """With all that a page about one comment needs."""
    return (
        with_quotes(to_show(comments, reader))
        .select_related("proposal", "question", "document", "root__author", "consultation__agency")
        .prefetch_related("consultation__phases")
    )


@prepared
def _comments_with_page(user: Person, *, pk: int) -> QuerySet[Comment]:
    return comment_to_show(Comment.objects.visible_to(user).filter(pk=pk), Reader(user))


def comment_with_page(user: Person, pk: int) -> Comment | None:
    """A comment with all that a page about it needs; None where there is none that the person may see."""
    found: list[Comment] = _comments_with_page(user, pk=pk)
    return found[0] if found else None


@prepared
def _comments_to_show(user: Person, *, pk: int) -> QuerySet[Comment]:
    return to_show(Comment.objects.filter(pk=pk), Reader(user))


def root_of(reply: Comment, reader: Reader = ANYBODY) -> Comment:
    """What began the thread of a reply, as its card shows it."""
    assert reply.root_id is not None
    root: Comment = _comments_to_show(reader.user, pk=reply.root_id)[0]
    return root


def replies_around(root: Comment, reply: Comment, reader: Reader = ANYBODY) -> ReplyPage:
    """The page of a thread that shows ``reply``, with a few replies before it."""
    older = _ids_before(root, reply.pk, REPLIES_BEFORE + 1, reader)
    start = older[:REPLIES_BEFORE][-1] if older else reply.pk
    return _reply_page(root, start, reader, has_earlier=len(older) > REPLIES_BEFORE)


def replies_after(root: Comment, after: int | None, reader: Reader = ANYBODY) -> ReplyPage:
    """The replies that follow number ``after``; from the beginning where that is None."""
    return _reply_page(root, root.pk if after is None else after + 1, reader, has_earlier=after is not None)


def replies_before(root: Comment, before: int, reader: Reader = ANYBODY) -> ReplyPage:
    """The page that ends just before number ``before``."""
    last = _ids_before(root, before, REPLIES_ON_A_PAGE + 1, reader)
    if len(last) <= REPLIES_ON_A_PAGE:
        return replies_after(root, None, reader)
    return _reply_page(root, last[REPLIES_ON_A_PAGE - 1], reader, has_earlier=True)


def _replies(root: int, reader: Reader) -> CommentQuerySet:
    return reader.sees(Comment.objects.filter(root=root))


def _ids_before(root: Comment, before: int, count: int, reader: Reader) -> list[int]:
    """The last replies before a number, the newest first."""
    return list(_replies(root.pk, reader).filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True)[:count])


def _reply_page(root: Comment, start: int, reader: Reader, *, has_earlier: bool) -> ReplyPage:
    """The page that begins with reply number ``start``, or with the next one that there is."""
    found: list[Any] = _replies_from(reader.user, reader.may_moderate, root=root.pk, start=start)
    shown = found[:REPLIES_ON_A_PAGE]
    return ReplyPage(
        replies=shown,
        total=Count.of(found[0].total if found else _replies(root.pk, reader)[: COUNTED + 1].count()),
        before=shown[0].pk if shown and has_earlier else None,
        after=shown[-1].pk if len(found) > len(shown) else None,
    )


@prepared
def _replies_from(user: Person, may_moderate: bool, *, root: int, start: int) -> QuerySet[Comment]:
    reader = Reader(user, may_moderate)
    replies = _replies(root, reader)
    found = to_show(replies.filter(pk__gte=start), reader).annotate(total=CountUpTo(replies))
    return found.order_by("pk")[: REPLIES_ON_A_PAGE + 1]


def address_of_place(place: Place) -> str:
    """The page on which the comments of a place stand."""
    if isinstance(place, Question):
        return f"{place.consultation.get_absolute_url()}?question={place.pk}"
    return place.get_absolute_url()


def name_of(place: Place) -> str:
    """A place's name for scripts: "proposal-12", "question-3", "consultation-5"."""
    return f"{place._meta.model_name}-{place.pk}"


def name_of_place(said: Comment) -> str:
    """The same of the place of a comment, without reading it."""
    if said.proposal_id:
        return f"proposal-{said.proposal_id}"
    if said.document_id:
        return f"document-{said.document_id}"
    return f"question-{said.question_id}" if said.question_id else f"consultation-{said.consultation_id}"


def questions_of(consultation: Consultation) -> list[tuple[Question, Count]]:
    """What the agency asks, and how much was said about each. One query."""
    found: QuerySet[Any] = consultation.questions.annotate(
        said_count=CountUpTo(Comment.objects.filter(question=OuterRef("pk")).released())
    )
    return [(question, Count.of(question.said_count)) for question in found]
