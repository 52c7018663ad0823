"""What this room exports: the comments of a consultation."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.annotations.exports import TABLES as ANNOTATION_TABLES
from comments.dispositions.exports import DISPOSITIONS
from comments.models import Comment, Mention
from comments.moderation.exports import MODERATION
from consultations.models import Consultation
from consultations.open_data.exports import (
    AUTHOR,
    AUTHOR_NAME,
    CREATED_AT,
    HIDDEN_AT,
    HIDDEN_REASON,
    WHOEVER_SEES_IT,
    unless_hidden,
)
from consultations.open_data.pseudonyms import AuthorNumber
from consultations.open_data.tables import Column, Extract, Table, Type


def _mentions() -> Combinable:
    """The numbers of those whom a comment mentions, as one text; none where a moderator has hidden it."""
    number = Coalesce(AuthorNumber("comment__consultation_id", "user_id"), Value("-"), output_field=TextField())
    found = Mention.objects.filter(comment=OuterRef("pk"), comment__hidden_at=None).order_by().values("comment")
    numbers = found.annotate(all=StringAgg(number, " ", order_by="position")).values("all")
    return Coalesce(Subquery(numbers), Value(""), output_field=TextField())


def _comments(consultation: Consultation, user: Person) -> Extract:
    return Extract(Comment.objects.filter(consultation=consultation).released().order_by("pk"))


COMMENTS = Table(
    name="comments",
    title=_("Comments"),
    description=_("What people said, in order. Of a hidden comment the row stays, without its text."),
    audience=WHOEVER_SEES_IT,
    extract=_comments,
    columns=[
        Column("id", Type.INTEGER, _("Number of the comment, as in its address.")),
        Column(
            "proposal",
            Type.INTEGER,
            _("Number of the proposal that it is about; empty if it is about the consultation as a whole."),
            "proposal_id",
        ),
        Column(
            "question",
            Type.INTEGER,
            _("Number of the agency's question that it answers; empty if it answers none."),
            "question_id",
        ),
        Column(
            "document",
            Type.INTEGER,
            _("Number of the draft text that it is about; empty if it is about none."),
            "document_id",
        ),
        Column(
            "root", Type.INTEGER, _("Number of the comment that began the thread; empty if this one did."), "root_id"
        ),
        Column(
            "answers", Type.INTEGER, _("Number of the comment that it answers; empty if it answers none."), "answers_id"
        ),
        AUTHOR,
        AUTHOR_NAME,
        Column("is_official", Type.BOOLEAN, _("Whether it is an official reply: the agency speaks.")),
        Column(
            "body",
            Type.TEXT,
            _("The comment, in Markdown; @[1] is the first person in the column mentions."),
            unless_hidden("body"),
        ),
        Column(
            "mentions",
            Type.TEXT,
            _("Numbers of the persons whom it mentions, in order, with spaces between; - for an erased account."),
            _mentions(),
        ),
        Column("agree_count", Type.INTEGER, _("How many people agree with it.")),
        Column("disagree_count", Type.INTEGER, _("How many people disagree with it.")),
        CREATED_AT,
        Column("edited_at", Type.DATETIME, _("When its author last corrected it; empty if never.")),
        Column("deleted_at", Type.DATETIME, _("When its author deleted it, with its text; empty if it stands.")),
        HIDDEN_AT,
        HIDDEN_REASON,
    ],
)

TABLES = [COMMENTS, MODERATION, DISPOSITIONS, *ANNOTATION_TABLES]
