"""Where milestones and pledges stand. Overdue is reckoned by the database's day and never stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from consultations.clock import database_now
from consultations.models import Milestone, Report, Status
from consultations.models.milestone import OVER


def today(now: datetime | None = None) -> date:
    """The day in the site's time zone, by the database's clock."""
    return timezone.localdate(now or database_now())


def with_standing(milestones: Any) -> Any:
    """Annotates what the newest report says, and as ``spent_cents`` the last sum that one named."""
    reports = Report.objects.filter(milestone=OuterRef("pk")).order_by("-pk")
    return milestones.annotate(
        said_status=Subquery(reports.values("status")[:1]),
        reported_at=Subquery(reports.values("reported_at")[:1]),
        spent_cents=Subquery(reports.filter(spent_cents__isnull=False).values("spent_cents")[:1]),
    )


@dataclass(frozen=True)
class Step:
    """A milestone with where it stands."""

    milestone: Milestone
    status: Status
    is_overdue: bool
    spent_cents: int | None
    reported_at: datetime | None


def step_of(milestone: Any, on: date) -> Step:
    """Takes what ``with_standing`` found. In time until the end of the day that it is planned for."""
    status = Status(milestone.said_status or Status.PLANNED)
    is_overdue = milestone.planned_for is not None and milestone.planned_for < on and status not in OVER
    return Step(milestone, status, is_overdue, milestone.spent_cents, milestone.reported_at)


def is_late(step: Step) -> bool:
    return step.is_overdue or step.status == Status.DELAYED


@dataclass(frozen=True)
class Whole:
    """A pledge as its milestones make it."""

    status: Status
    is_late: bool
    overdue_count: int
    spent_cents: int
    done_count: int
    count: int


def whole_of(steps: Sequence[Step]) -> Whole:
    """Done once all is done but what was cancelled; cancelled where all was; late while anything in it is."""
    counted = [step for step in steps if step.status != Status.CANCELLED]
    return Whole(
        status=_status(steps, counted),
        is_late=any(is_late(step) for step in steps),
        overdue_count=sum(step.is_overdue for step in steps),
        spent_cents=sum(step.spent_cents or 0 for step in steps),
        done_count=sum(step.status == Status.DONE for step in counted),
        count=len(counted),
    )


def _status(steps: Sequence[Step], counted: Iterable[Step]) -> Status:
    statuses = {step.status for step in counted}
    if not statuses:
        return Status.CANCELLED if steps else Status.PLANNED
    if statuses == {Status.DONE}:
        return Status.DONE
    if Status.DELAYED in statuses:
        return Status.DELAYED
    return Status.PLANNED if statuses == {Status.PLANNED} else Status.IN_PROGRESS
