"""Signing a proposal together: the author asks by e-mail, the other accepts or declines.

Whether an address has an account is told to nobody: the letter and the answer are the same.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import NEEDS_ACCOUNT, Conflict, InvalidInput, NotPermitted, Reason
from consultations.clock import database_now
from consultations.models import CoAuthor, Proposal, Support
from consultations.proposals.letters import invite_after_commit

MOST_INVITATIONS = 10  # of one proposal, answered or not: an invitation is a letter to somebody who did not ask for it
NOT_INVITED = Reason("not_invited_here", _("Nobody has asked you to sign this proposal."))
OFFICIAL = Reason("official_proposal", _("The agency signs this proposal alone."))
OUT_OF_SIGHT = Reason("out_of_sight", _("This proposal is not in sight now."))


def require_inviting(proposal: Proposal, actor: Person) -> None:
    """Raise NotPermitted or Conflict unless ``actor`` may choose who signs too."""
    require(actor, "consultations.invite_proposal", proposal)
    if proposal.is_official:
        raise Conflict(OFFICIAL)
    if proposal.is_hidden or proposal.is_withdrawn:
        raise Conflict(OUT_OF_SIGHT)


def invite_co_author(*, proposal: Proposal, actor: Person, email: str) -> CoAuthor:
    """Ask somebody to sign the proposal too. An address that was asked already is not written to again.

    Raises NotPermitted; Conflict; InvalidInput for one's own address, no address, or one invitation too many.
    Locks the proposal.
    """
    require_inviting(proposal, actor)
    assert isinstance(actor, User)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("invalid_email", error.messages[0], field="email") from error
    if email == actor.email:
        raise InvalidInput("own_email", _("You sign it already. Write somebody else's address."), field="email")
    with transaction.atomic():
        Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        invitations = CoAuthor.objects.filter(proposal=proposal)
        if invitations.count() >= MOST_INVITATIONS and not invitations.filter(email=email).exists():
            raise InvalidInput("too_many_invitations", _("You can invite ten people at most."), field="email")
        invitation, is_new = CoAuthor.objects.get_or_create(
            proposal=proposal, email=email, defaults={"invited_by": actor, "invited_at": database_now()}
        )
        if is_new:
            _record("co_author_invited", invitation, actor)
            _tell_invited(invitation, actor)
            invite_after_commit(invitation, actor)
    return invitation


def _tell_invited(invitation: CoAuthor, actor: User) -> None:
    """Whose account it is finds it among their notices too. Stale at once: the letter is the e-mail of this fact."""
    proposal = invitation.proposal
    tell(
        "co_author_invited",
        to=User.objects.filter(email=invitation.email, is_active=True).values_list("pk", flat=True),
        key=f"co-author {invitation.pk} invited",
        url=reverse("consultations:answer-invitation", args=[proposal.pk]),
        consultation_id=proposal.consultation_id,
        stale_at=invitation.invited_at,
        name=actor.name,
        title=proposal.title,
    )


def invitation_for(proposal: Proposal, actor: Person) -> CoAuthor:
    """The open invitation to this person. Raises NotPermitted without one, Conflict for what is out of sight."""
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    if proposal.is_hidden or proposal.is_withdrawn:
        raise Conflict(OUT_OF_SIGHT)
    found = CoAuthor.objects.filter(
        proposal=proposal, email=actor.email, accepted_at__isnull=True, declined_at__isnull=True
    ).first()
    if found is None:
        raise NotPermitted(NOT_INVITED)
    return found


def accept_invitation(*, proposal: Proposal, actor: Person) -> CoAuthor:
    """Sign it too. A support of one's own goes, for nobody supports what they sign.

    Raises NotPermitted without an open invitation, or for who may not propose here; Conflict for what is out of sight.
    """
    invitation = invitation_for(proposal, actor)
    require(actor, "consultations.propose_consultation", proposal.consultation)
    assert isinstance(actor, User)
    with transaction.atomic():
        locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if locked.is_hidden or locked.is_withdrawn:
            raise Conflict(OUT_OF_SIGHT)
        invitation.user, invitation.accepted_at = actor, database_now()
        invitation.save(update_fields=["user", "accepted_at"])
        Support.objects.filter(proposal=proposal, user=actor).delete()
        _record("co_author_accepted", invitation, actor)
        tell(
            "co_author_accepted",
            to=[proposal.author_id],
            key=f"co-author {invitation.pk} accepted",
            url=proposal.get_absolute_url(),
            consultation_id=proposal.consultation_id,
            name=actor.name,
            title=proposal.title,
        )
    return invitation


def decline_invitation(*, proposal: Proposal, actor: Person) -> CoAuthor:
    """Say no. The address is not asked again. Raises NotPermitted without an open invitation."""
    invitation = invitation_for(proposal, actor)
    with transaction.atomic():
        invitation.declined_at = database_now()
        invitation.save(update_fields=["declined_at"])
        _record("co_author_declined", invitation, actor)
    return invitation


def remove_co_author(*, invitation: CoAuthor, actor: Person) -> None:
    """Take somebody's name off, or take an invitation back: for the author, and for whose name it is.

    Raises NotPermitted.
    """
    proposal = invitation.proposal
    is_own = actor.is_authenticated and invitation.user_id == actor.pk
    if not is_own:
        require_inviting(proposal, actor)
    with transaction.atomic():
        rows = CoAuthor.objects.filter(pk=invitation.pk)
        if invitation.accepted_at and not is_own:
            rows.delete()  # the author may change their mind
        else:  # who left, said no, or was spared the answer is not written to again
            rows.update(user=None, accepted_at=None, declined_at=invitation.declined_at or database_now())
        _record("co_author_removed", invitation, actor)


def _record(deed: str, invitation: CoAuthor, actor: Person) -> None:
    """Without the address: whoever reads the audit trail need not know it."""
    audit.record(
        f"consultations.{deed}",
        actor=actor if isinstance(actor, User) else None,
        on=invitation.proposal,
        consultation_id=invitation.proposal.consultation_id,
        invitation=invitation.pk,
    )
