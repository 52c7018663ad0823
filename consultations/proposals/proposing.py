"""Putting a proposal forward, and changing it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, Reason
from consultations.clock import Act, database_now, require_phase
from consultations.models import Consultation, Proposal
from consultations.permissions import is_held_at_first

IN_A_VOTE = Reason("in_a_vote", _("This proposal is being voted on, so it cannot change any more."))
HIDDEN = Reason("hidden", _("A moderator has hidden this proposal, so it cannot change."))

# What a proposal's author gives.
FIELDS = ("title", "body", "category", "cost_cents", "place")


def require_proposing(consultation: Consultation, actor: Person, *, is_official: bool = False) -> None:
    """Raise NotPermitted, or PhaseClosed, unless ``actor`` may put a proposal forward now."""
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.propose_consultation", consultation)
        require_phase(consultation, Act.PROPOSE)


def make_proposal(*, consultation: Consultation, actor: Person, is_official: bool = False, **fields: Any) -> Proposal:
    """Put a proposal forward. ``fields``: those in FIELDS. ``is_official``: in the agency's name, at any time.

    Raises NotPermitted, or PhaseClosed for a citizen outside the proposals phase.
    """
    require_proposing(consultation, actor, is_official=is_official)
    assert isinstance(actor, User)
    with transaction.atomic():
        proposal = Proposal.objects.create(
            consultation=consultation,
            author=actor,
            is_official=is_official,
            held_at=database_now() if not is_official and is_held_at_first(consultation, actor) else None,
            **{k: fields[k] for k in FIELDS if k in fields},
        )
        audit.record(
            "consultations.proposal_made",
            actor=actor,
            on=proposal,
            consultation_id=consultation.pk,
            title=proposal.title,
        )
    return proposal


def require_changing(proposal: Proposal, actor: Person) -> None:
    """Raise NotPermitted, PhaseClosed, or Conflict unless ``actor`` may change the proposal now."""
    require(actor, "consultations.change_proposal", proposal)
    if not proposal.is_official:
        require_phase(proposal.consultation, Act.PROPOSE)
    _check_changeable(proposal)


def _check_changeable(proposal: Proposal) -> None:
    if proposal.is_hidden:
        raise Conflict(HIDDEN)
    if proposal.options.exists():
        raise Conflict(IN_A_VOTE)


def change_proposal(*, proposal: Proposal, actor: Person, **fields: Any) -> Proposal:
    """Change a proposal while proposals are received; the agency's own ones at any time.

    Raises NotPermitted, PhaseClosed, or Conflict once it is voted on or hidden.
    """
    require_changing(proposal, actor)
    with transaction.atomic():
        locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        _check_changeable(locked)
        old = {
            name: getattr(proposal, name)
            for name in FIELDS
            if name in fields and getattr(proposal, name) != fields[name]
        }
        for name in old:
            setattr(proposal, name, fields[name])
        proposal.save(update_fields=list(old))
        audit.record(
            "consultations.proposal_changed",
            actor=actor,
            on=proposal,
            consultation_id=proposal.consultation_id,
            old=old,
        )
    return proposal
