"""What this room exports: the proposals of a consultation."""

from django.db.models import Case, F, FloatField, TextField, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Consultation
from consultations.open_data.pseudonyms import AuthorNumber
from consultations.open_data.tables import Column, Extract, Table, Type


def unless_hidden(name: str) -> Combinable:
    """A text of a contribution; empty where a moderator has hidden it."""
    return Case(When(hidden_at__isnull=True, then=F(name)), default=Value(""), output_field=TextField())


def _place_unless_hidden(name: str) -> Combinable:
    return Case(When(hidden_at__isnull=True, then=F(name)), output_field=FloatField())


# What proposals and comments share: who wrote them, when, and whether a moderator took them out of sight.
AUTHOR = Column(
    "author",
    Type.TEXT,
    _(
        "Number of the person who wrote it: the same in all the files of this consultation, another one in other "
        "consultations. Empty if the person has erased the account."
    ),
    AuthorNumber("consultation_id", "author_id"),
)
AUTHOR_NAME = Column(
    "author_name",
    Type.TEXT,
    _("Name of the person who wrote it."),
    "author__name",
    is_personal=True,
)
HIDDEN_AT = Column("hidden_at", Type.DATETIME, _("When a moderator hid it; empty if it is in sight."))
HIDDEN_REASON = Column("hidden_reason", Type.TEXT, _("The moderator's public reason; empty if it is in sight."))
CREATED_AT = Column("created_at", Type.DATETIME, _("When it was written, in UTC."))

WHOEVER_SEES_IT = _("Everybody who may see the consultation.")


def _proposals(consultation: Consultation, user: Person) -> Extract:
    return Extract(consultation.proposals.released().order_by("pk"))


PROPOSALS = Table(
    name="proposals",
    title=_("Proposals"),
    description=_("What citizens and the agency put forward. Of a hidden proposal the row stays, without its text."),
    audience=WHOEVER_SEES_IT,
    extract=_proposals,
    columns=[
        Column("id", Type.INTEGER, _("Number of the proposal, as in its address.")),
        AUTHOR,
        AUTHOR_NAME,
        Column("is_official", Type.BOOLEAN, _("Whether the agency put it forward.")),
        Column("title", Type.TEXT, _("Title."), unless_hidden("title")),
        Column("body", Type.TEXT, _("What and why, in Markdown."), unless_hidden("body")),
        Column("category", Type.TEXT, _("Category; empty if there is none."), unless_hidden("category")),
        Column("cost_cents", Type.INTEGER, _("Cost in cents of the budget's currency; empty if there is none.")),
        Column("place", Type.TEXT, _("Place, in words; empty if there is none."), unless_hidden("place")),
        Column("latitude", Type.NUMBER, _("Latitude in degrees, WGS 84."), _place_unless_hidden("latitude")),
        Column("longitude", Type.NUMBER, _("Longitude in degrees, WGS 84."), _place_unless_hidden("longitude")),
        Column("external_id", Type.TEXT, _("Its number in the file that it was imported from; otherwise empty.")),
        CREATED_AT,
        HIDDEN_AT,
        HIDDEN_REASON,
    ],
)

TABLES = [PROPOSALS]
