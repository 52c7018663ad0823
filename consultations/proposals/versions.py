"""What a proposal said before: a row for each text, from the first edit on."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.models import User
from consultations.models import Proposal, ProposalVersion

VERSIONED = (
    "title", "body", "category", "district", "rough_cost_cents", "cost_cents", "place", "latitude", "longitude",
    "answers",
)  # fmt: skip


def number_of(proposal: Proposal) -> int:
    """The number of the text that stands now: 1 where it was never changed."""
    return proposal.versions.aggregate(last=Max("number"))["last"] or 1


def write_version(*, old: Proposal, new: Proposal, actor: User, at: datetime) -> ProposalVersion:
    """Keep what ``new`` says, and at the first edit what ``old`` said too. The caller holds the proposal's lock."""
    last = number_of(old)
    if last == 1:
        ProposalVersion.objects.get_or_create(
            proposal=old,
            number=1,
            defaults={"author": old.author, "created_at": old.created_at, **_said(old)},
        )
    return ProposalVersion.objects.create(proposal=new, number=last + 1, author=actor, created_at=at, **_said(new))


def _said(proposal: Proposal) -> dict[str, Any]:
    return {name: getattr(proposal, name) for name in VERSIONED}
