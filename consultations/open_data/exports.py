"""What this room exports: the proposals of a consultation."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, FloatField, JSONField, OuterRef, Q, TextField, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import CoAuthor, Consultation
from consultations.open_data.pseudonyms import AuthorNumber
from consultations.open_data.tables import Column, Extract, Table, Type


def unless_hidden(name: str) -> Combinable:
    """A text of a contribution; empty where a moderator has hidden it."""
    return Case(When(hidden_at__isnull=True, then=F(name)), default=Value(""), output_field=TextField())


IN_SIGHT = Q(hidden_at__isnull=True, withdrawn_at__isnull=True)  # of a proposal


def _while_in_sight(name: str) -> Combinable:
    """A text of a proposal; empty where a moderator has hidden it or its author withdrew it."""
    return Case(When(IN_SIGHT, then=F(name)), default=Value(""), output_field=TextField())


def _place_while_in_sight(name: str) -> Combinable:
    return Case(When(IN_SIGHT, then=F(name)), output_field=FloatField())


# With the agency's questions as they read now, not with their numbers. One that reads like an earlier one, as where an
# agency stopped asking and asks anew, gets a number: both answers stay.
_ANSWERS = RawSQL(
    """
    (SELECT coalesce(jsonb_object_agg(field.name, answers -> field.id::text ORDER BY field.position), '{}')
     FROM (SELECT *, label || coalesce(
               ' (' || nullif(row_number() OVER (PARTITION BY consultation_id, label ORDER BY id), 1) || ')', ''
           ) AS name FROM consultations_customfield) field
     WHERE field.consultation_id = consultations_proposal.consultation_id
       AND consultations_proposal.answers ? field.id::text
       AND consultations_proposal.hidden_at IS NULL AND consultations_proposal.withdrawn_at IS NULL)
    """,
    [],
    output_field=JSONField(),
)
_CO_AUTHORS = ArraySubquery(
    CoAuthor.objects.filter(proposal=OuterRef("pk"), accepted_at__isnull=False)
    .order_by("accepted_at", "pk")
    .values(number=AuthorNumber("proposal__consultation_id", "user_id")),
    output_field=ArrayField(TextField()),
)


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
    description=_(
        "What citizens and the agency put forward. Of a hidden or withdrawn proposal the row stays, without its text. "
        "What waits for a moderator is left out. “answers” holds what the agency asked besides, question by question."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_proposals,
    columns=[
        Column("id", Type.INTEGER, _("Number of the proposal, as in its address.")),
        AUTHOR,
        AUTHOR_NAME,
        Column("is_official", Type.BOOLEAN, _("Whether the agency put it forward.")),
        Column("title", Type.TEXT, _("Title."), _while_in_sight("title")),
        Column("body", Type.TEXT, _("What and why, in Markdown."), _while_in_sight("body")),
        Column("category", Type.TEXT, _("Category; empty if there is none."), _while_in_sight("category")),
        Column(
            "district", Type.TEXT, _("District whose money it would take; empty if there is none."), "district__name"
        ),
        Column(
            "rough_cost_cents", Type.INTEGER, _("What its author thinks that it costs, in cents; empty if nothing.")
        ),
        Column("cost_cents", Type.INTEGER, _("Cost in cents of the budget's currency; empty if there is none.")),
        Column(
            "feasibility",
            Type.TEXT,
            _("What the review found: feasible, with_changes or not_feasible; empty: nothing yet."),
        ),
        Column("place", Type.TEXT, _("Place, in words; empty if there is none."), _while_in_sight("place")),
        Column("latitude", Type.NUMBER, _("Latitude in degrees, WGS 84."), _place_while_in_sight("latitude")),
        Column("longitude", Type.NUMBER, _("Longitude in degrees, WGS 84."), _place_while_in_sight("longitude")),
        Column("answers", Type.JSON, _("What the agency asked besides, and the answers."), _ANSWERS),
        Column("support_count", Type.INTEGER, _("How many people support it. Who they are is in no file.")),
        Column("co_authors", Type.JSON, _("Numbers of those who sign it with the author."), _CO_AUTHORS),
        Column("external_id", Type.TEXT, _("Its number in the file that it was imported from; otherwise empty.")),
        CREATED_AT,
        Column(
            "merged_into",
            Type.INTEGER,
            _("Number of the proposal that took it up, by a merge or a split; empty if it stands by itself."),
            "merged_into_id",
        ),
        Column("edited_at", Type.DATETIME, _("When its text was last changed; empty if it never was.")),
        Column("withdrawn_at", Type.DATETIME, _("When its author withdrew it; empty if it stands.")),
        Column(
            "withdrawn_words",
            Type.TEXT,
            _("What the author said about withdrawing it."),
            unless_hidden("withdrawn_words"),
        ),
        HIDDEN_AT,
        HIDDEN_REASON,
    ],
)


def _date_changes(consultation: Consultation, user: Person) -> Extract:
    return Extract(consultation.date_changes.order_by("pk"))


DATE_CHANGES = Table(
    name="date_changes",
    title=_("Dates that have changed"),
    description=_("Every date that was changed in public after publishing: extended, moved along, or ended early."),
    audience=WHOEVER_SEES_IT,
    extract=_date_changes,
    columns=[
        Column("id", Type.INTEGER, _("Number of the change, in the order in which they were made.")),
        Column("phase", Type.TEXT, _("Kind of the phase."), "phase_kind"),
        Column("old_starts_at", Type.DATETIME, _("When it was to start before, in UTC.")),
        Column("old_ends_at", Type.DATETIME, _("When it was to end before; empty: no end.")),
        Column("new_starts_at", Type.DATETIME, _("When it starts since; empty: it was taken out.")),
        Column("new_ends_at", Type.DATETIME, _("When it ends since; empty: no end, or taken out.")),
        Column("reason", Type.TEXT, _("The agency's public reason.")),
        Column("changed_at", Type.DATETIME, _("When it was changed, in UTC.")),
    ],
)


def _questions(consultation: Consultation, user: Person) -> Extract:
    return Extract(consultation.questions.order_by("position"))


QUESTIONS = Table(
    name="questions",
    title=_("Questions"),
    description=_("What the agency asks. A comment names the question that it answers."),
    audience=WHOEVER_SEES_IT,
    extract=_questions,
    columns=[
        Column("id", Type.INTEGER, _("Number of the question.")),
        Column("position", Type.INTEGER, _("Its place in the consultation, from 0 on.")),
        Column("text", Type.TEXT, _("The question.")),
        Column("details", Type.TEXT, _("What to know before answering, in Markdown; empty if there is nothing.")),
    ],
)


def _districts(consultation: Consultation, user: Person) -> Extract:
    return Extract(consultation.districts.order_by("position"))


DISTRICTS = Table(
    name="districts",
    title=_("Districts"),
    description=_("The parts of a budget with money of their own. Empty where the money is one for all."),
    audience=WHOEVER_SEES_IT,
    extract=_districts,
    columns=[
        Column("id", Type.INTEGER, _("Number of the district.")),
        Column("position", Type.INTEGER, _("Its place in the consultation, from 0 on.")),
        Column("name", Type.TEXT, _("Name.")),
        Column("amount_cents", Type.INTEGER, _("Its money, in cents of the budget's currency.")),
        Column("population", Type.INTEGER, _("Inhabitants, as the agency says; empty if it does not.")),
        Column("is_for_all", Type.BOOLEAN, _("Whether everybody votes in it besides the district that is theirs.")),
        Column(
            "support_threshold", Type.INTEGER, _("Supports that send a proposal on to review; empty: all are sent on.")
        ),
        Column("boundary", Type.JSON, _("GeoJSON Polygon or MultiPolygon, WGS 84; empty if there is none.")),
    ],
)

TABLES = [DATE_CHANGES, QUESTIONS, DISTRICTS, PROPOSALS]
