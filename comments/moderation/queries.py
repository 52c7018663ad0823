"""What moderators read: reports that wait for an answer, and decisions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Min, Q

from accounts.access import Person
from accounts.models import User
from comments.models import Comment, Flag, ModerationDecision
from consultations.models import Consultation, ConsultationGroupObjectPermission, Proposal

ON_A_PAGE = 20


@dataclass(frozen=True)
class Reported:
    """A contribution with the reports that nobody has answered, the first one first."""

    target: Comment | Proposal
    flags: list[Flag]

    @property
    def is_comment(self) -> bool:
        return isinstance(self.target, Comment)


@dataclass(frozen=True)
class ReportedPage:
    """What was reported first comes first. ``after``: where the next page begins, None on the last one."""

    reported: list[Reported]
    after: int | None


@dataclass(frozen=True)
class DecisionPage:
    """Newest first. ``older_than``: where the next page begins, None on the last one."""

    decisions: list[ModerationDecision]
    older_than: int | None


def moderated_by(user: Person) -> list[Consultation]:
    """The consultations in which the person may hide things. One query."""
    if not isinstance(user, User) or not user.is_active:
        return []
    grants = ConsultationGroupObjectPermission.objects.filter(
        group__user=user, permission__codename="moderate_consultation"
    )
    found = Consultation.objects.filter(pk__in=grants.values("content_object"))
    return list(found.select_related("agency").order_by("title", "pk"))


def reported_in(consultations: Sequence[Consultation], after: int | None = None) -> ReportedPage:
    """The contributions with unanswered reports, by their first one. Four queries."""
    ids = [consultation.pk for consultation in consultations]
    waiting = Flag.objects.filter(
        Q(comment__consultation__in=ids) | Q(proposal__consultation__in=ids), answered_at__isnull=True
    )
    groups = waiting.order_by().values("comment", "proposal").annotate(first=Min("pk")).order_by("first")
    if after is not None:
        groups = groups.filter(first__gt=after)
    rows = list(groups[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    comments = (
        Comment.objects.select_related("author", "consultation__agency", "proposal")
        .filter(pk__in=[row["comment"] for row in shown if row["comment"]])
        .in_bulk()
    )
    proposals = (
        Proposal.objects.select_related("author", "consultation__agency")
        .filter(pk__in=[row["proposal"] for row in shown if row["proposal"]])
        .in_bulk()
    )
    flags = defaultdict(list)
    for flag in waiting.filter(Q(comment__in=comments) | Q(proposal__in=proposals)).order_by("pk"):
        flags[flag.comment_id, flag.proposal_id].append(flag)
    reported = []
    for row in shown:
        target = comments[row["comment"]] if row["comment"] else proposals[row["proposal"]]
        reported.append(Reported(target, flags[row["comment"], row["proposal"]]))
    return ReportedPage(reported, after=shown[-1]["first"] if len(rows) > len(shown) else None)


def decisions_of(consultation: Consultation, older_than: int | None = None) -> DecisionPage:
    """What was decided in a consultation. One query."""
    found = ModerationDecision.objects.filter(consultation=consultation).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    return DecisionPage(shown, older_than=shown[-1].pk if len(rows) > len(shown) else None)
