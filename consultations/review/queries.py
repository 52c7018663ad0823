"""What the pages of the review read, each in a constant number of queries however many proposals there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from accounts.access import Person
from accounts.models import User
from consultations.models import (
    BroughtIn,
    Consultation,
    DistrictReviewer,
    Feasibility,
    Phase,
    Proposal,
    ProposalReviewer,
    Review,
)
from consultations.review.opining import needs_second
from consultations.review.standing import WORDS, Standing, standing_of, what_holds
from consultations.review.thresholds import Progress, going_on, progress_of, with_threshold

REVIEW_PHASE = "review"
ON_A_PAGE = 100
_OF_A_REVIEW = ("pk", "kind", "reviewer_id", "feasibility", "reason", "cost_cents", "office", "given_at")


def review_phase(consultation: Consultation) -> Phase | None:
    return next((phase for phase in consultation.phases.all() if phase.kind == REVIEW_PHASE), None)


# --- One proposal


def with_review(proposals: Any) -> Any:
    """With what ``review_of`` needs, in the query that fetches the proposals."""
    given = Review.objects.filter(proposal=OuterRef("pk")).order_by("pk")
    brought = BroughtIn.objects.filter(proposal=OuterRef("pk")).values("reason")[:1]
    rows = JSONObject(**{name: name for name in _OF_A_REVIEW})
    return with_threshold(proposals).annotate(
        review_rows=ArraySubquery(given.values(row=rows)), brought_in_reason=Subquery(brought)
    )


@dataclass(frozen=True)
class Reviewed:
    """What everybody reads of a proposal's review. opinions: those that stand, once it is settled; none before."""

    standing: Standing
    progress: Progress
    brought_in_reason: str
    holds: Review | None
    opinions: Sequence[Review]
    earlier: Sequence[Review]  # corrected since; newest first

    @property
    def words(self) -> str:
        return str(WORDS[self.standing])


def review_of(proposal: Any) -> Reviewed | None:
    """Takes what ``with_review`` found. None where the consultation has no review and nobody gave an opinion."""
    reviews = [Review(**{**row, "given_at": parse_datetime(row["given_at"])}) for row in proposal.review_rows]
    progress = progress_of(proposal)
    if not reviews and progress.threshold is None and review_phase(proposal.consultation) is None:
        return None
    second = needs_second(proposal)
    standing = standing_of(reviews, progress=progress, needs_second=second, is_assigned=True)
    standing_rows = {review.kind: review for review in reviews}
    is_public = bool(proposal.feasibility)
    opinions = list(standing_rows.values()) if is_public else []
    earlier = [review for review in reversed(reviews) if review not in opinions] if is_public else []
    holds = what_holds(reviews, needs_second=second) if is_public else None
    return Reviewed(standing, progress, proposal.brought_in_reason or "", holds, opinions, earlier)


# --- The board


@dataclass(frozen=True)
class Row:
    """One proposal on the board. reviewers: names of those assigned, by itself or with its district."""

    proposal: Any
    progress: Progress
    standing: Standing
    reviews: Sequence[Review]
    reviewers: Sequence[str]

    @property
    def words(self) -> str:
        return str(WORDS[self.standing])

    @property
    def opinions(self) -> Sequence[Review]:
        """The newest of each kind."""
        return list({review.kind: review for review in self.reviews}.values())


@dataclass(frozen=True)
class Filter:
    """The board's address, made sense of: what is not understood is left out."""

    q: str = ""
    district: str = ""
    standing: str = ""
    reviewer: str = ""
    feasibility: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filter":
        standing, feasibility = query.get("standing", ""), query.get("feasibility", "")
        return cls(
            q=" ".join(query.get("q", "").split())[:200],
            district=query.get("district", ""),
            standing=standing if standing in [*Standing, "open"] else "",
            reviewer=query.get("reviewer", ""),
            feasibility=feasibility if feasibility in Feasibility.values else "",
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.district or self.standing or self.reviewer or self.feasibility)

    def lets(self, row: Row, reviewer_ids: Iterable[int]) -> bool:
        if self.standing == "open" and row.standing in (Standing.SETTLED, Standing.BELOW):
            return False
        if self.standing not in ("", "open", row.standing):
            return False
        if self.reviewer and self.reviewer not in {str(pk) for pk in reviewer_ids}:
            return False
        return not self.feasibility or row.proposal.feasibility == self.feasibility


@dataclass(frozen=True)
class Board:
    """page: of rows, in the order of districts. counts: standing -> how many proposals of the consultation.

    districts: each with the names of those who review all of it.
    """

    page: Page[Row]
    counts: dict[Standing, int]
    ends_at: datetime | None
    districts: Sequence[tuple[Any, Sequence[str]]]

    @property
    def tables(self) -> list[tuple[Any, list[Row]]]:
        """District (None: of none) -> its rows on this page."""
        tables: dict[Any, list[Row]] = {}
        for row in self.page.object_list:
            tables.setdefault(row.proposal.district, []).append(row)
        return list(tables.items())

    @property
    def open_count(self) -> int:
        return sum(n for standing, n in self.counts.items() if standing not in (Standing.SETTLED, Standing.BELOW))

    @property
    def steps(self) -> list[tuple[str, str, int]]:
        return [(standing.value, str(WORDS[standing]), self.counts.get(standing, 0)) for standing in Standing]


def board_of(consultation: Consultation, asked: Filter, number: str | None) -> Board:
    """Five queries. Standing is reckoned here and not in SQL: a thousand rows of a few fields each."""
    found = with_threshold(consultation.proposals.shown()).select_related("district").prefetch_related("reviews")
    if asked.q:
        found = found.filter(Q(title__icontains=asked.q) | Q(place__icontains=asked.q))
    if asked.district:
        found = found.filter(district=asked.district if asked.district.isdecimal() else None)
    assigned = _assignments(consultation)
    rows, counts = [], defaultdict[Standing, int](int)
    for proposal in found.order_by("district__position", "-support_count", "pk").defer("body", "answers", "search"):
        proposal.consultation = consultation
        people = {**assigned[0].get(proposal.pk, {}), **assigned[1].get(proposal.district_id, {})}
        row = _row(proposal, people)
        counts[row.standing] += 1
        if asked.lets(row, people):
            rows.append(row)
    phase = review_phase(consultation)
    districts = [(each, list(assigned[1].get(each.pk, {}).values())) for each in consultation.districts.all()]
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    return Board(page, dict(counts), phase.ends_at if phase else None, districts)


def _row(proposal: Any, people: dict[int, str]) -> Row:
    reviews = list(proposal.reviews.all())
    progress = progress_of(proposal)
    standing = standing_of(reviews, progress=progress, needs_second=needs_second(proposal), is_assigned=bool(people))
    return Row(proposal, progress, standing, reviews, list(people.values()))


def _assignments(consultation: Consultation) -> tuple[dict[int, dict[int, str]], dict[int, dict[int, str]]]:
    """Of proposals, and of districts: id -> id of the person -> name."""
    both: tuple[dict[int, dict[int, str]], dict[int, dict[int, str]]] = ({}, {})
    tables: tuple[Any, Any] = (ProposalReviewer, DistrictReviewer)
    for found, table in zip(both, tables, strict=True):
        rows = table.objects.filter(content_object__consultation=consultation).order_by("pk")
        for object_id, user_id, name in rows.values_list("content_object_id", "user_id", "user__name"):
            found.setdefault(object_id, {})[user_id] = name
    return both


# --- What I have to review


@dataclass(frozen=True)
class Mine:
    """One proposal that a person reviews. is_done: their opinion is in, or nobody waits for it any more."""

    proposal: Any
    standing: Standing
    own: Review | None

    @property
    def is_done(self) -> bool:
        return self.own is not None or self.standing in (Standing.SETTLED, Standing.DIFFER)

    @property
    def words(self) -> str:
        return gettext("Your opinion is in") if self.own else str(WORDS[self.standing])


def assigned_proposals(user: Person) -> Any:
    """Those that the person reviews, of consultations that they may see, and that go on to review."""
    one_by_one = Q(reviewers__user=user.pk) | Q(district__reviewers__user=user.pk)
    works = Q(consultation__agency__memberships__user=user.pk)
    seen = Consultation.objects.visible_to(user)
    ids = Proposal.objects.filter(one_by_one, works, consultation__in=seen.values("pk")).values("pk")
    found = going_on(Proposal.objects.filter(pk__in=ids)).with_signers()
    return found.select_related("author", "consultation__agency", "consultation__budget", "district")


def has_reviews(consultation: Consultation, user: Person, now: datetime) -> bool:
    """Whether the person has something to review in it now. One query while its review goes on, none otherwise."""
    phase = review_phase(consultation)
    if not user.is_authenticated or phase is None or not phase.is_active_at(now):
        return False
    return bool(assigned_proposals(user).filter(consultation=consultation).exists())


def mine(user: User) -> list[Mine]:
    """What waits first; of that, what ends first."""
    found = assigned_proposals(user).prefetch_related("reviews", "consultation__phases")
    rows = [_mine(proposal, user) for proposal in found if not proposal.is_signed_by(user.pk)]
    return sorted(rows, key=lambda row: (row.is_done, row.proposal.consultation_id, row.proposal.pk))


def _mine(proposal: Any, user: User) -> Mine:
    reviews = list(proposal.reviews.all())
    standing = standing_of(
        reviews, progress=progress_of(proposal), needs_second=needs_second(proposal), is_assigned=True
    )
    given = [review for review in reviews if review.reviewer_id == user.pk and review.kind != Review.Kind.DECISION]
    return Mine(proposal, standing, given[-1] if given else None)
