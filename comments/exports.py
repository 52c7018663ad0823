"""What this room exports: the comments of a consultation."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.models import Comment
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
from consultations.open_data.tables import Column, Extract, Table, Type


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
            "root", Type.INTEGER, _("Number of the comment that began the thread; empty if this one did."), "root_id"
        ),
        Column(
            "answers", Type.INTEGER, _("Number of the comment that it answers; empty if it answers none."), "answers_id"
        ),
        AUTHOR,
        AUTHOR_NAME,
        Column("is_official", Type.BOOLEAN, _("Whether it is an official reply: the agency speaks.")),
        Column("body", Type.TEXT, _("The comment, in Markdown."), unless_hidden("body")),
        CREATED_AT,
        HIDDEN_AT,
        HIDDEN_REASON,
    ],
)

TABLES = [COMMENTS]
