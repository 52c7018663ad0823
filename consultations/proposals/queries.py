"""What the pages of proposals read, each in a constant number of queries. The list has a file of its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import Person
from accounts.models import User
from accounts.prepared import prepared
from consultations.custom_fields import answers_shown
from consultations.differences import Piece, differences
from consultations.milestones.queries import with_pledge
from consultations.models import CoAuthor, Consultation, Proposal, ProposalDraft, ProposalVersion
from consultations.page_facts import with_photos
from consultations.proposals.trail import with_trail
from consultations.review.queries import with_review
from frontend.formats import money

VERSIONS_SHOWN = 100


def proposal_or_404(user: Person, pk: int) -> Proposal:
    """One proposal with all that its page shows; what a person may not see is not found."""
    found = _with_its_page(user, pk=pk, email=user.email if user.is_authenticated else "")
    if not found:
        raise Http404
    return found[0]


@prepared
def _with_its_page(user: Person, *, pk: int, email: str) -> QuerySet[Proposal]:
    found = Proposal.objects.visible_to(user).filter(pk=pk).with_signers().with_support_of(user)
    found = found.select_related("author", "district", "consultation__agency", "consultation__budget")
    found = found.prefetch_related("consultation__phases")
    changed = ProposalVersion.objects.filter(proposal=OuterRef("pk"))
    invited = CoAuthor.objects.filter(
        proposal=OuterRef("pk"), email=email, accepted_at__isnull=True, declined_at__isnull=True
    )
    found = found.annotate(has_history=Exists(changed), is_invited=Exists(invited))
    return with_pledge(with_review(with_trail(with_photos(found))))


def proposal_figures(consultation: Consultation) -> dict[str, int | None]:
    """How many proposals there are that everybody may read, and what they cost together."""
    return next(iter(_figures(consultation=consultation.pk)), {"count": 0, "cost_cents": None})


@prepared
def _figures(*, consultation: int) -> Any:
    shown = Proposal.objects.filter(consultation=consultation).shown().order_by().values("consultation")
    return shown.annotate(count=Count("pk"), cost_cents=Sum("cost_cents")).values("count", "cost_cents")


# --- Drafts


def drafts_of(user: Person) -> QuerySet[ProposalDraft]:
    """What the person has not sent, in consultations that they may see."""
    visible = Consultation.objects.visible_to(user)
    found = ProposalDraft.objects.filter(author=user.pk, sent_as__isnull=True, consultation__in=visible.values("pk"))
    return found.select_related("consultation__agency")


def draft_or_404(user: Person, key: UUID) -> ProposalDraft:
    """One's own draft, sent or not."""
    if not user.is_authenticated:
        raise Http404
    return get_object_or_404(ProposalDraft.objects.select_related("consultation", "sent_as"), author=user, key=key)


def invitations_for(user: User) -> QuerySet[CoAuthor]:
    """Open invitations to sign a proposal that the person may see."""
    found = CoAuthor.objects.filter(email=user.email, accepted_at__isnull=True, declined_at__isnull=True)
    shown = Proposal.objects.visible_to(user).filter(hidden_at__isnull=True, withdrawn_at__isnull=True)
    return found.filter(proposal__in=shown.values("pk")).select_related("proposal__consultation", "invited_by")


# --- History


@dataclass(frozen=True)
class Change:
    """One field that differs between two versions."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class History:
    """versions: newest first. shown: the one that is compared with the one before, ``changes`` being how."""

    versions: list[ProposalVersion]
    shown: ProposalVersion
    changes: list[Change]


def history_or_404(proposal: Proposal, asked: str | None) -> History:
    """Versions of a proposal in sight, one of them compared: number ``asked``, or the newest. Two queries."""
    if proposal.is_hidden or proposal.is_withdrawn:
        raise Http404
    versions = list(proposal.versions.select_related("author", "district")[:VERSIONS_SHOWN])
    if not versions:
        raise Http404
    shown = next((version for version in versions if str(version.number) == asked), versions[0])
    before = next((version for version in versions if version.number == shown.number - 1), None)
    return History(versions, shown, changes(proposal.consultation, before, shown) if before else [])


def changes(consultation: Consultation, before: ProposalVersion, after: ProposalVersion) -> list[Change]:
    """What one version says otherwise than another, field by field."""
    old, new = _said(consultation, before), _said(consultation, after)
    labels = list(dict.fromkeys([*new, *old]))
    return [
        Change(label, differences(old.get(label, ""), new.get(label, "")))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def _said(consultation: Consultation, version: ProposalVersion) -> dict[str, str]:
    """Label -> text, as the page of a proposal has it."""
    budget = getattr(consultation, "budget", None)
    currency = budget.currency if budget else "ARS"
    cost = "" if version.cost_cents is None else money(version.cost_cents, currency)
    rough = "" if version.rough_cost_cents is None else money(version.rough_cost_cents, currency)
    point = "" if version.latitude is None else f"{version.latitude}, {version.longitude}"
    said = {
        _("Title"): version.title,
        _("What and why"): version.body,
        _("Category"): version.category,
        _("District"): version.district.name if version.district else "",
        _("Place"): version.place,
        _("Place on the map"): point,
        _("Rough cost"): rough,
        _("Cost"): cost,
    }
    for answer in answers_shown(consultation, version.answers):
        said[answer.label] = answer.words
    return said
