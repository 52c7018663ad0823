"""What this room exports of dispositions: every contribution that is owed an answer, with the answer."""

from typing import Any

from django.db.models import F, IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.dispositions.contributions import KINDS, Kind, needing
from comments.models import Comment
from consultations.models import Consultation
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.pseudonyms import AuthorNumber
from consultations.open_data.tables import Column, Extract, Table, Type

_NO_NUMBER = Value(None, output_field=IntegerField())
_NO_TEXT = Value(None, output_field=TextField())


def _text(name: str) -> Any:
    return Cast(F(name), TextField())


def _cells(kind: Kind) -> dict[str, Any]:
    """The cells of a kind, the same names in the same order for each, so that they make one table."""
    is_said = kind.model is Comment
    is_annotation = kind.name == "annotation"
    return {
        "cell_kind": Value(kind.name, output_field=TextField()),
        "cell_number": F("pk"),
        "cell_created_at": F("created_at"),
        "cell_author": AuthorNumber("consultation_id", "author_id"),
        "cell_author_name": _text("author__name"),
        "cell_question": F("question_id") if is_said else _NO_NUMBER,
        "cell_document": F("document_id") if is_said else _NO_NUMBER,
        "cell_version": F("annotation__article__version__number") if is_annotation else _NO_NUMBER,
        "cell_article": _text("annotation__article__label") if is_annotation else _NO_TEXT,
        "cell_quote": F("annotation__exact") if is_annotation else _NO_TEXT,
        "cell_title": _NO_TEXT if is_said else _text("title"),
        "cell_text": F("body"),
        "cell_agree_count": F("agree_count" if is_said else "support_count"),
        "cell_disposition": _text("disposition__kind"),
        "cell_reason": F("disposition__reason"),
        "cell_change_document": F("disposition__article__version__document"),
        "cell_change_version": F("disposition__article__version__number"),
        "cell_change_article": _text("disposition__article__label"),
        "cell_given_at": F("disposition__given_at"),
    }


def _dispositions(consultation: Consultation, user: Person) -> Extract:
    parts = [needing(kind, consultation).annotate(**_cells(kind)) for kind in KINDS.values()]
    rows = parts[0].union(*parts[1:], all=True)
    return Extract(rows.order_by("cell_created_at", "cell_kind", "cell_number"))


DISPOSITIONS = Table(
    name="dispositions",
    title=_("What became of each contribution"),
    description=_(
        "Every contribution of a citizen that is owed an answer, in order of time, with what the agency did with it "
        "and why. What was hidden, deleted or withdrawn, or waits for a moderator, is left out."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_dispositions,
    columns=[
        Column("kind", Type.TEXT, _("comment, annotation or proposal."), "cell_kind"),
        Column(
            "number",
            Type.INTEGER,
            _("Its number, as in its address and in the table of comments or proposals."),
            "cell_number",
        ),
        Column("created_at", Type.DATETIME, _("When it was written, in UTC."), "cell_created_at"),
        Column(
            "author",
            Type.TEXT,
            _("Number of the person who wrote it, as in the other tables; empty if the account was erased."),
            "cell_author",
        ),
        Column("author_name", Type.TEXT, _("Name of the person who wrote it."), "cell_author_name", is_personal=True),
        Column("question", Type.INTEGER, _("Number of the question that it answers, if any."), "cell_question"),
        Column("document", Type.INTEGER, _("Number of the draft text that it is about, if any."), "cell_document"),
        Column("version", Type.INTEGER, _("Of an annotation: the version that it was made on."), "cell_version"),
        Column("article", Type.TEXT, _("Of an annotation: the article that it was made on."), "cell_article"),
        Column("quote", Type.TEXT, _("Of an annotation: the words that it is about."), "cell_quote"),
        Column("title", Type.TEXT, _("Of a proposal: its title."), "cell_title"),
        Column("text", Type.TEXT, _("What it says, in Markdown; @[1] is a person that it mentions."), "cell_text"),
        Column(
            "agree_count",
            Type.INTEGER,
            _("How many people agree with it; of a proposal, how many support it."),
            "cell_agree_count",
        ),
        Column(
            "disposition",
            Type.TEXT,
            _("taken, taken_in_part, not_taken, out_of_scope or already_covered; empty: no answer yet."),
            "cell_disposition",
        ),
        Column("reason", Type.TEXT, _("The agency's public reason."), "cell_reason"),
        Column(
            "change_document",
            Type.INTEGER,
            _("Number of the text that changed for it, if any."),
            "cell_change_document",
        ),
        Column("change_version", Type.INTEGER, _("The version in which it changed."), "cell_change_version"),
        Column("change_article", Type.TEXT, _("The article that changed."), "cell_change_article"),
        Column("given_at", Type.DATETIME, _("When the answer was given, in UTC."), "cell_given_at"),
    ],
)
