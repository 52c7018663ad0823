"""Who may do what with consultations and proposals. The whole policy of this room.

What a role of the agency is granted on each of its consultations stands in ``CONSULTATION_GRANTS``; what follows from
facts (public, participant, author) in ``RULES``. When something is allowed is the clock's matter (``clock.py``).
"""

from django.utils.translation import gettext_lazy as _

from accounts.access import Person, Rule, granted_on, why_not
from accounts.consent import NEEDS_CONSENT, needs_consent
from accounts.models import Membership, Role, User
from accounts.refusals import NEEDS_ACCOUNT, Reason, Remedy
from accounts.roles import grant, role_groups
from accounts.verifying import is_resident
from consultations.blocking import standing_block
from consultations.models import Consultation, DistrictReviewer, Proposal, ProposalReviewer

_MEMBER = {"view_consultation", "take_part_consultation"}
_EDITOR = _MEMBER | {"change_consultation", "publish_consultation", "reply_consultation", "measure_consultation"}

# Codenames on a published consultation that each role of its agency is granted.
CONSULTATION_GRANTS: dict[Role, set[str]] = {
    Role.OWNER: _EDITOR | {"moderate_consultation", "export_personal_consultation", "audit_consultation"},
    Role.EDITOR: _EDITOR,
    Role.MODERATOR: _MEMBER | {"moderate_consultation", "measure_consultation"},
    Role.ANALYST: _MEMBER | {"export_personal_consultation", "measure_consultation"},
    Role.MEMBER: _MEMBER,
}
# Who works on a draft. The others see it once it is published.
DRAFT_ROLES = {Role.OWNER, Role.EDITOR}

NOT_VERIFIED = Reason(
    "not_verified",
    _("Only people whose identity is verified take part here. Yours is not yet."),
    Remedy(_("How to be verified"), "accounts:verification"),
)
NOT_RESIDENT = Reason(
    "not_resident",
    _("Only people who live here take part: the agency verifies it, and has not verified it for you yet."),
    Remedy(_("How to be verified"), "accounts:verification"),
)
NOT_INVITED = Reason(
    "not_invited",
    _("Only the members of the agencies that run it take part here. If you work for one, ask its owner to add you."),
)
NOT_VISIBLE = Reason("not_visible", _("This consultation is not public."))
NOT_AUTHOR = Reason("not_author", _("Only its author may change this proposal."))
NO_SUPPORTS = Reason("no_supports", _("Supports are not received here."))
OWN_PROPOSAL = Reason("own_proposal", _("This proposal is yours. Supports come from others."))
NOT_ASSIGNED = Reason(
    "not_assigned", _("You are not assigned to review this. An editor of the agency assigns its reviewers.")
)
OWN_REVIEW = Reason("own_review", _("You signed this proposal, so others review it."))


def grant_consultation(consultation: Consultation) -> None:
    """Grant the groups of its agency, and of those it is shared with, exactly what they may do with it now."""
    grants = {}
    for role, group in role_groups(consultation.agency).items():
        if consultation.is_published or role in DRAFT_ROLES:
            grants[group] = CONSULTATION_GRANTS[role]
    if consultation.is_published:
        for agency in consultation.shared_with.all():
            grants |= {group: _MEMBER for group in role_groups(agency).values() if group not in grants}
    grant(consultation, grants)


def public(user: Person, consultation: Consultation) -> Reason | None:
    """Anyone sees a published public consultation."""
    if consultation.is_published and not consultation.is_private:
        return None
    return NOT_VISIBLE


def participant(user: Person, consultation: Consultation) -> Reason | None:
    """Somebody who is logged in, has agreed to the terms, sees the consultation, and meets its eligibility."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    assert isinstance(user, User)
    if needs_consent(user):
        return NEEDS_CONSENT
    unseen = why_not(user, "consultations.view_consultation", consultation)
    if unseen:
        return unseen
    if consultation.eligibility == Consultation.Eligibility.INVITED:
        invited = user.has_perm("consultations.take_part_consultation", consultation)
        return None if invited else NOT_INVITED
    if consultation.eligibility == Consultation.Eligibility.VERIFIED:
        return None if user.verification_level >= User.Verification.IDENTITY else NOT_VERIFIED
    if consultation.eligibility == Consultation.Eligibility.RESIDENT:
        return None if is_resident(user, consultation.agency_id) else NOT_RESIDENT
    return None


def writer(user: Person, consultation: Consultation) -> Reason | None:
    """A participant whom no moderator has blocked here. Voting asks ``participant``: nobody is kept from it."""
    reason = participant(user, consultation)
    if reason:
        return reason
    assert isinstance(user, User)
    block = standing_block(user, consultation)
    return block.as_reason() if block else None


def is_held_at_first(consultation: Consultation, user: User) -> bool:
    """Whether what this person writes as a citizen waits for a moderator before others see it."""
    return consultation.pre_moderates and not user.has_perm("consultations.moderate_consultation", consultation)


def signer(user: Person, proposal: Proposal) -> Reason | None:
    """The citizens who made a proposal, author and co-authors; an editor for the agency's own ones."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    if proposal.is_official:
        return why_not(user, "consultations.reply_consultation", proposal.consultation)
    if not proposal.is_signed_by(user.pk):
        return NOT_AUTHOR
    return writer(user, proposal.consultation)


def author(user: Person, proposal: Proposal) -> Reason | None:
    """The citizen who made a proposal, blocked or not, without the co-authors; an editor for the agency's own ones."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    if proposal.is_official:
        return why_not(user, "consultations.reply_consultation", proposal.consultation)
    return None if proposal.author_id == user.pk else NOT_AUTHOR


def supporter(user: Person, proposal: Proposal) -> Reason | None:
    """Who may write in the consultation, where supports are received; but not for one's own proposal."""
    if not proposal.consultation.receives_supports:
        return NO_SUPPORTS
    reason = writer(user, proposal.consultation)
    if reason is None and proposal.is_signed_by(user.pk):
        return OWN_PROPOSAL
    return reason


def cause_supporter(user: Person, consultation: Consultation) -> Reason | None:
    """Who may write in the consultation, where it is a cause."""
    return writer(user, consultation) if consultation.is_cause else NO_SUPPORTS


def reviewer(user: Person, proposal: Proposal) -> Reason | None:
    """Whom an editor assigned to the proposal or to its district, while they work for the agency; not its signers."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    assert isinstance(user, User)
    own = ProposalReviewer.objects.filter(user=user, content_object=proposal.pk)
    of_district = DistrictReviewer.objects.filter(user=user, content_object=proposal.district_id)
    works_there = Membership.objects.filter(user=user, agency=proposal.consultation.agency_id)
    if not (own.exists() or of_district.exists()) or not works_there.exists():
        return NOT_ASSIGNED
    return OWN_REVIEW if proposal.is_signed_by(user.pk) else None


def review_watcher(user: Person, consultation: Consultation) -> Reason | None:
    """Who helps to run the consultation, and whoever is assigned to something in it."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    assert isinstance(user, User)
    if why_not(user, "consultations.measure_consultation", consultation) is None:
        return None
    own = ProposalReviewer.objects.filter(user=user, content_object__consultation=consultation)
    of_district = DistrictReviewer.objects.filter(user=user, content_object__consultation=consultation)
    works_there = Membership.objects.filter(user=user, agency=consultation.agency_id)
    return None if works_there.exists() and (own.exists() or of_district.exists()) else NOT_ASSIGNED


def merger(user: Person, consultation: Consultation) -> Reason | None:
    """Who merges and splits proposals: the owners and editors who change the consultation, no moderator."""
    return why_not(user, "consultations.change_consultation", consultation)


RULES: dict[str, Rule] = {
    "consultations.view_consultation": public,
    "consultations.propose_consultation": writer,
    "consultations.comment_consultation": writer,
    "consultations.vote_consultation": participant,
    "consultations.merge_consultation": merger,
    "consultations.view_proposal": granted_on("consultations.view_consultation", "consultation"),
    "consultations.change_proposal": signer,
    "consultations.withdraw_proposal": author,
    "consultations.invite_proposal": author,
    "consultations.support_proposal": supporter,
    "consultations.support_consultation": cause_supporter,
    "consultations.review_proposal": reviewer,
    "consultations.watch_reviews_consultation": review_watcher,
    "consultations.hide_proposal": granted_on("consultations.moderate_consultation", "consultation"),
}
