"""Which contributions an agency owes a disposition: what citizens wrote to it, and everybody may read.

Comments that begin a thread (on the consultation, a question or a draft text), annotations and proposals. What is said
about a proposal is said to its author, and needs none; nor does what is held, hidden, deleted or withdrawn, and what
the agency itself said. A new kind is one line in ``KINDS``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.refusals import Text
from comments.models import Comment, Disposition
from comments.moderation.kinds import Contribution
from consultations.models import Consultation, Proposal
from consultations.running.answered import Answers, Source

CITIZENS_ROOTS = Q(root__isnull=True, proposal__isnull=True, is_official=False)
COMMENTS_IN_SIGHT = Q(held_at__isnull=True, hidden_at__isnull=True, deleted_at__isnull=True)
# What was merged is answered where it went on.
PROPOSALS_IN_SIGHT = Q(
    held_at__isnull=True, hidden_at__isnull=True, withdrawn_at__isnull=True, merged_into__isnull=True
)


@dataclass(frozen=True)
class Kind:
    """``column``: of ``Disposition``, which names it. ``needing``: those that need a disposition."""

    name: str
    column: str
    model: type[Any]
    title: Text
    one: Text
    icon: str
    needing: Q


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "comment", "comment", Comment, _("Comments"), pgettext_lazy("noun", "Comment"), "speech",
            CITIZENS_ROOTS & COMMENTS_IN_SIGHT & Q(annotation__isnull=True),
        ),
        Kind(
            "annotation", "comment", Comment, _("Annotations"), _("Annotation"), "quote",
            CITIZENS_ROOTS & COMMENTS_IN_SIGHT & Q(annotation__isnull=False),
        ),
        Kind(
            "proposal", "proposal", Proposal, _("Proposals"), _("Proposal"), "hand",
            Q(is_official=False) & PROPOSALS_IN_SIGHT,
        ),
    )
}  # fmt: skip


def needing(kind: Kind, consultation: Consultation | None = None) -> QuerySet[Any]:
    """The contributions of a kind that need a disposition, whether they have one or not; in no order."""
    found = kind.model.objects.filter(kind.needing).order_by()
    return found if consultation is None else found.filter(consultation=consultation)


def kind_of(contribution: Contribution) -> Kind:
    """Of a comment: whether it is an annotation costs a query, unless ``annotation`` was fetched with it."""
    if isinstance(contribution, Proposal):
        return KINDS["proposal"]
    return KINDS["annotation" if hasattr(contribution, "annotation") else "comment"]


def column_of(contribution: Contribution) -> str:
    """The column of ``Disposition`` that names a contribution."""
    return "proposal" if isinstance(contribution, Proposal) else "comment"


def needs_disposition(contribution: Contribution) -> bool:
    """The same as ``needing``, of one that was fetched."""
    if contribution.is_official or contribution.held_at or contribution.hidden_at:
        return False
    if isinstance(contribution, Proposal):
        return not (contribution.is_withdrawn or contribution.is_merged)
    return contribution.root_id is None and contribution.proposal_id is None and not contribution.is_deleted


def with_counts(consultations: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Annotates ``contribution_count`` and ``disposition_count``, for pages without a query left for ``counts_of``."""
    return consultations.annotate(contribution_count=_all(), disposition_count=_decided())


def counts_of(consultation: Any) -> Answers:
    """One query; none for a consultation that ``with_counts`` fetched."""
    if not hasattr(consultation, "contribution_count"):
        consultation = with_counts(Consultation.objects.filter(pk=consultation.pk)).get()
    total = consultation.contribution_count
    return Answers(total, total - consultation.disposition_count)


def undecided_count(consultation: Consultation) -> int:
    """How many contributions lack a disposition. One query."""
    return counts_of(consultation).lacking


def dispositions_of(consultation: Consultation) -> QuerySet[Disposition]:
    """Those of contributions that need one: not of what is out of sight by now. In no order."""
    comments = Comment.objects.filter(CITIZENS_ROOTS & COMMENTS_IN_SIGHT, consultation=consultation)
    proposals = needing(KINDS["proposal"], consultation)
    return Disposition.objects.filter(
        Q(comment__in=comments.order_by().values("pk")) | Q(proposal__in=proposals.values("pk"))
    ).order_by()


def by_column(contributions: Iterable[Contribution]) -> dict[str, list[int]]:
    """Their ids by the column of ``Disposition``, each once, in order."""
    found: dict[str, set[int]] = {"comment": set(), "proposal": set()}
    for contribution in contributions:
        found[column_of(contribution)].add(contribution.pk)
    return {column: sorted(ids) for column, ids in found.items()}


def _all() -> Any:
    return _count()


def _decided() -> Any:
    return _count(disposition__isnull=False)


def _count(**conditions: Any) -> Any:
    """How many a consultation has, in SQL."""
    said = Comment.objects.filter(CITIZENS_ROOTS & COMMENTS_IN_SIGHT, consultation=OuterRef("pk"), **conditions)
    made = Proposal.objects.filter(KINDS["proposal"].needing, consultation=OuterRef("pk"), **conditions)
    return _number_of(said) + _number_of(made)


class _Number(Subquery):
    """How many rows a query finds."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _number_of(rows: QuerySet[Any]) -> Any:
    # Of a draft nothing is counted: it has none.
    return Case(
        When(published_at__isnull=False, then=Coalesce(_Number(rows.order_by().values("pk")), 0)), default=Value(0)
    )


CONTRIBUTIONS = Source(
    annotate=with_counts,
    count=counts_of,
    desk=lambda consultation: reverse("comments:contributions", args=[consultation.slug]),
)
