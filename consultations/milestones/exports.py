"""The tables of the follow-up that anybody can take away."""

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Consultation, Milestone, Pledge, Report
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.tables import Column, Extract, Table, Type


def _day(name: str) -> Cast:
    """ISO 8601; empty where there is none."""
    return Cast(F(name), TextField())


_TITLE = Case(When(proposal__hidden_at__isnull=False, then=Value("")), default=F("title"), output_field=TextField())


def _pledges(consultation: Consultation, user: Person) -> Extract:
    return Extract(Pledge.objects.filter(consultation=consultation).order_by("pk"))


def _milestones(consultation: Consultation, user: Person) -> Extract:
    return Extract(Milestone.objects.filter(pledge__consultation=consultation).order_by("pk"))


def _reports(consultation: Consultation, user: Person) -> Extract:
    return Extract(Report.objects.filter(milestone__pledge__consultation=consultation).order_by("pk"))


COMMITMENTS = Table(
    name="pledges",
    title=_("Pledges"),
    description=_("What was decided and is to be carried out: proposals that won, and goals that stand by themselves."),
    audience=WHOEVER_SEES_IT,
    extract=_pledges,
    columns=[
        Column("id", Type.INTEGER, _("Number of the pledge, as in its address.")),
        Column("proposal", Type.INTEGER, _("Number of the proposal that won; empty if it is none."), "proposal_id"),
        Column("district", Type.TEXT, _("Name of the district; empty if there is none."), "district__name"),
        Column("title", Type.TEXT, _("What is promised; empty while its proposal is hidden."), _TITLE),
        Column("promised_cents", Type.INTEGER, _("Money for it, in cents; empty if none was named.")),
        Column("created_at", Type.DATETIME, _("Since when it is followed up, in UTC.")),
    ],
)
MILESTONES = Table(
    name="milestones",
    title=_("Milestones"),
    description=_(
        "The steps of each pledge, with the day that each is planned for now. Where each stands is what its newest "
        "report says; it is overdue from the day after, unless it is done or cancelled."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_milestones,
    columns=[
        Column("id", Type.INTEGER, _("Number of the milestone.")),
        Column("pledge", Type.INTEGER, _("Number of the pledge."), "pledge_id"),
        Column("title", Type.TEXT, _("What is to be done.")),
        Column("planned_for", Type.TEXT, _("The last day on which it is in time; empty: none."), _day("planned_for")),
        Column("created_at", Type.DATETIME, _("When it was added, in UTC.")),
    ],
)
REPORTS = Table(
    name="milestone_reports",
    title=_("Reports on the milestones"),
    description=_("What the agency said of each milestone, and when. Rows are only added."),
    audience=WHOEVER_SEES_IT,
    extract=_reports,
    columns=[
        Column("id", Type.INTEGER, _("Number of the report, in the order in which they were given.")),
        Column("milestone", Type.INTEGER, _("Number of the milestone."), "milestone_id"),
        Column("status", Type.TEXT, _("planned, in_progress, done, delayed or cancelled.")),
        Column("body", Type.TEXT, _("What happened.")),
        Column("spent_cents", Type.INTEGER, _("Spent on the milestone so far, in cents; empty: not said.")),
        Column("old_planned_for", Type.TEXT, _("Where it moves the day: the old one."), _day("old_planned_for")),
        Column("new_planned_for", Type.TEXT, _("And the new one."), _day("new_planned_for")),
        Column("reported_at", Type.DATETIME, _("When it was reported, in UTC.")),
    ],
)
TABLES = (COMMITMENTS, MILESTONES, REPORTS)
