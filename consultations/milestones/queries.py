"""What the pages of the follow-up read, each in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date, parse_datetime

from accounts.access import Person
from consultations.milestones.standing import Step, Whole, step_of, today, whole_of, with_standing
from consultations.models import Consultation, Milestone, Pledge, PledgeFollow, Report, Status

ON_A_PAGE = 50
LATE = "late"


def spent_percent(spent_cents: int, promised_cents: int | None) -> int:
    """Of the bar: full where as much was spent as was promised, or more."""
    return min(spent_cents * 100 // promised_cents, 100) if promised_cents else 0


@dataclass(frozen=True)
class Row:
    """A pledge on the board."""

    pledge: Any
    steps: Sequence[Step]
    whole: Whole


@dataclass(frozen=True)
class Sums:
    """Of a district, or of everything. spent_percent: of what was promised."""

    name: str
    count: int
    promised_cents: int
    spent_cents: int
    done_count: int
    late_count: int

    @property
    def spent_percent(self) -> int:
        return spent_percent(self.spent_cents, self.promised_cents)


@dataclass(frozen=True)
class Filter:
    """The board's address, made sense of."""

    q: str = ""
    district: str = ""
    status: str = ""  # a Status, or LATE

    @classmethod
    def of(cls, query: QueryDict) -> "Filter":
        status = query.get("status", "")
        return cls(
            q=" ".join(query.get("q", "").split())[:200],
            district=query.get("district", ""),
            status=status if status in [*Status.values, LATE] else "",
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.district or self.status)

    def lets(self, row: Row) -> bool:
        if self.district and self.district != str(row.pledge.district_id):
            return False
        if self.q and self.q.casefold() not in row.pledge.shown_title.casefold():
            return False
        return self.status in ("", row.whole.status) or (self.status == LATE and row.whole.is_late)


@dataclass(frozen=True)
class Board:
    """sums: of everything, whatever is filtered. districts: the same of each, where there are several."""

    page: Page[Row]
    sums: Sums
    districts: Sequence[Sums]


def board_of(consultation: Consultation, asked: Filter, now: datetime, number: str | None) -> Board:
    """Two queries: pledges with their districts, and their milestones as the newest reports say."""
    steps = Prefetch("milestones", with_standing(Milestone.objects.all()))
    found = consultation.pledges.select_related("district", "proposal").prefetch_related(steps)
    on = today(now)
    rows = [_row(pledge, on) for pledge in found.order_by("district__position", "pk")]
    by_district: dict[Any, list[Row]] = {}
    for row in rows:
        by_district.setdefault(row.pledge.district, []).append(row)
    sums = [_sums(str(district or ""), these) for district, these in by_district.items()]
    page = Paginator([row for row in rows if asked.lets(row)], ON_A_PAGE).get_page(number)
    return Board(page, _sums("", rows), sums if len(sums) > 1 else [])


def _row(pledge: Any, on: date) -> Row:
    steps = [step_of(milestone, on) for milestone in pledge.milestones.all()]
    return Row(pledge, steps, whole_of(steps))


def _sums(name: str, rows: Sequence[Row]) -> Sums:
    return Sums(
        name=name,
        count=len(rows),
        promised_cents=sum(row.pledge.promised_cents or 0 for row in rows),
        spent_cents=sum(row.whole.spent_cents for row in rows),
        done_count=sum(row.whole.status == Status.DONE for row in rows),
        late_count=sum(row.whole.is_late for row in rows),
    )


# --- One pledge


def visible_pledges(user: Person) -> "QuerySet[Pledge]":
    """Those of consultations that the person may see."""
    seen = Consultation.objects.visible_to(user)
    return Pledge.objects.filter(consultation__in=seen.values("pk"))


def pledge_or_404(user: Person, pk: int) -> Any:
    """With all that its page shows but the reports; what a person may not see is not found."""
    follows = PledgeFollow.objects.filter(pledge=OuterRef("pk"))
    own = follows.filter(user=user.pk) if user.is_authenticated else follows.none()
    count = follows.order_by().values("pledge").annotate(number=Count("pk")).values("number")
    found = visible_pledges(user).annotate(is_followed=Exists(own), follow_count=Subquery(count))
    found = found.select_related("consultation__agency", "consultation__budget", "proposal__author", "district")
    return get_object_or_404(found.prefetch_related("consultation__phases"), pk=pk)


def milestone_or_404(user: Person, pk: int) -> Milestone:
    found = Milestone.objects.filter(pledge__in=visible_pledges(user).values("pk"))
    return get_object_or_404(
        found.select_related("pledge__consultation__agency", "pledge__proposal", "pledge__district"), pk=pk
    )


def reported_steps(pledge: Pledge, now: datetime) -> list[tuple[Step, list[Report]]]:
    """Each milestone with its reports, the newest first. Two queries."""
    reports = Prefetch("reports", Report.objects.order_by("-pk"))
    found = with_standing(pledge.milestones.all()).prefetch_related(reports)
    on = today(now)
    return [(step_of(milestone, on), list(milestone.reports.all())) for milestone in found]


# --- On the page of its proposal


def with_pledge(proposals: Any) -> Any:
    """With what ``followed_up`` needs, in the query that fetches the proposals."""
    steps = with_standing(Milestone.objects.filter(pledge__proposal=OuterRef("pk"))).order_by("planned_for", "pk")
    names = ("pk", "title", "planned_for", "said_status", "reported_at", "spent_cents")
    row = JSONObject(**{name: name for name in names})
    made = Pledge.objects.filter(proposal=OuterRef("pk"))
    fields = JSONObject(pk="pk", promised_cents="promised_cents", created_at="created_at")
    return proposals.annotate(
        pledge_row=Subquery(made.values(row=fields)[:1]), milestone_rows=ArraySubquery(steps.values(row=row))
    )


@dataclass(frozen=True)
class FollowedUp:
    """What a proposal's page says of its being carried out."""

    pledge: Pledge
    steps: Sequence[Step]
    whole: Whole


def followed_up(proposal: Any, now: datetime) -> FollowedUp | None:
    """Takes what ``with_pledge`` found. None where the proposal is not being carried out."""
    if proposal.pledge_row is None:
        return None
    row = dict(proposal.pledge_row)
    pledge = Pledge(**{**row, "created_at": parse_datetime(row["created_at"])}, proposal=proposal)
    on, steps = today(now), []
    for each in proposal.milestone_rows:
        milestone: Any = Milestone(pk=each["pk"], title=each["title"])
        milestone.planned_for = parse_date(each["planned_for"]) if each["planned_for"] else None
        milestone.said_status, milestone.spent_cents = each["said_status"], each["spent_cents"]
        milestone.reported_at = parse_datetime(each["reported_at"]) if each["reported_at"] else None
        steps.append(step_of(milestone, on))
    return FollowedUp(pledge, steps, whole_of(steps))
