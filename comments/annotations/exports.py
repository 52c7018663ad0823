"""What this room exports of annotations: the words that each is about, and where they stand in each version."""

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.models import Comment, Placement
from consultations.models import Consultation
from consultations.open_data.exports import WHOEVER_SEES_IT, unless_hidden
from consultations.open_data.tables import Column, Extract, Table, Type


def _annotations(consultation: Consultation, user: Person) -> Extract:
    found = Comment.objects.filter(consultation=consultation, annotation__isnull=False).released()
    return Extract(found.order_by("pk"))


def _placements(consultation: Consultation, user: Person) -> Extract:
    found = Placement.objects.filter(
        annotation__comment__consultation=consultation,
        annotation__comment__held_at__isnull=True,
        version__published_at__isnull=False,
    )
    return Extract(found.order_by("annotation", "version__number"))


def _uuid(name: str) -> Cast:
    return Cast(F(name), TextField())


ANNOTATIONS = Table(
    name="annotations",
    title=_("Annotations"),
    description=_(
        "Which words of a draft text each annotation is about. What it says stands in the table of comments."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_annotations,
    columns=[
        Column("comment", Type.INTEGER, _("Number of the comment that it is."), "pk"),
        Column("document", Type.INTEGER, _("Number of the draft text."), "document_id"),
        Column("version", Type.INTEGER, _("Version on which it was made."), "annotation__article__version__number"),
        Column(
            "article",
            Type.TEXT,
            _("Identity of the article, the same from version to version."),
            _uuid("annotation__article__identity"),
        ),
        Column("article_label", Type.TEXT, _("How the article is called there."), "annotation__article__label"),
        Column(
            "start",
            Type.INTEGER,
            _("Where the words begin in the article's canonical text, in Unicode code points."),
            "annotation__start",
        ),
        Column("end", Type.INTEGER, _("Where they end; the position behind the last one."), "annotation__end"),
        Column("exact", Type.TEXT, _("The words."), "annotation__exact"),
        Column("purpose", Type.TEXT, _("What for: comment, suggest or ask."), "annotation__purpose"),
        Column(
            "suggestion",
            Type.TEXT,
            _("The wording that it puts in their place; empty if it suggests none, or that they go."),
            unless_hidden("annotation__suggestion"),
        ),
        Column("source", Type.TEXT, _("Its address elsewhere, if it was made there."), "annotation__source"),
    ],
)

PLACEMENTS = Table(
    name="placements",
    title=_("Where annotations stand"),
    description=_("Where the words of each annotation stand in each version of the text, and how certain that is."),
    audience=WHOEVER_SEES_IT,
    extract=_placements,
    columns=[
        Column("comment", Type.INTEGER, _("Number of the comment that it is."), "annotation_id"),
        Column("document", Type.INTEGER, _("Number of the draft text."), "version__document_id"),
        Column("version", Type.INTEGER, _("Version of the text."), "version__number"),
        Column("state", Type.TEXT, _("kept, shifted, text_changed, ambiguous or orphaned, as it was found.")),
        Column(
            "article",
            Type.TEXT,
            _("Identity of the article in which the words stand; empty if they have no place."),
            _uuid("article__identity"),
        ),
        Column("start", Type.INTEGER, _("Where they begin there; empty if they have no place.")),
        Column("end", Type.INTEGER, _("Where they end there; empty if they have no place.")),
        Column("settled_at", Type.DATETIME, _("When an editor settled it by hand; empty if nobody did.")),
    ],
)

TABLES = [ANNOTATIONS, PLACEMENTS]
