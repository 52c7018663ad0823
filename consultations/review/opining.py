"""Giving an opinion on a proposal, and settling its review: by agreement, or by an editor where readers differ."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.models import Feasibility, Proposal, ProposalReviewer, Review
from consultations.models.review import DistrictReviewer
from consultations.review.standing import agree, newest, what_holds
from consultations.review.thresholds import progress_of

NOT_GONE_ON = Reason(
    "not_gone_on",
    _("It has not gone on to review: it needs more supports, or an editor who brings it in with a public reason."),
)
NOT_IN_SIGHT = Reason("not_in_sight", _("This proposal is not in sight now, so it is not reviewed."))
ENOUGH_OPINIONS = Reason(
    "enough_opinions", _("Its readers have given their opinions. An editor may ask for a second reader.")
)
VOTED_ON = Reason(
    "voted_on", _("People have voted on this proposal at the cost that was published. Its review stays as it was.")
)
NOTHING_TO_DECIDE = Reason("nothing_to_decide", _("There is nothing to decide: its readers do not differ."))
NO_REASON = _("Say why. Everybody reads it beside the proposal.")
NO_COST = _("Say what it would cost.")
FOUND = {
    Feasibility.FEASIBLE: "found_feasible",
    Feasibility.WITH_CHANGES: "found_with_changes",
    Feasibility.NOT_FEASIBLE: "found_not_feasible",
}


def give_opinion(
    *,
    proposal: Proposal,
    actor: Person,
    feasibility: str,
    reason: str,
    cost_cents: int | None = None,
    office: str = "",
) -> Review:
    """Add what ``actor`` found of a proposal. Again is a correction: a new row, in place of their last one.

    Once the required opinions are in and agree, the proposal takes feasibility and cost from them, and its authors
    are told. Raises NotPermitted for who is not assigned; InvalidInput without a reason, or without a cost where
    there is a budget; Conflict for one out of sight, below its threshold, voted on, or read already.
    Locks the proposal.
    """
    require(actor, "consultations.review_proposal", proposal)
    assert isinstance(actor, User)
    found = _checked(proposal, feasibility, reason, cost_cents)
    with transaction.atomic():
        locked = _locked(proposal)
        if not progress_of(proposal).goes_on:
            raise Conflict(NOT_GONE_ON, page=proposal.get_absolute_url())
        kind = _kind_for(locked, actor)
        review = _add(locked, kind, actor, found, reason, cost_cents, office)
        settle(locked)
    return review


def decide(
    *,
    proposal: Proposal,
    actor: Person,
    feasibility: str,
    reason: str,
    cost_cents: int | None = None,
    office: str = "",
) -> Review:
    """Settle a review whose two readers differ, with a public reason.

    Raises NotPermitted; InvalidInput as ``give_opinion``; Conflict where they do not differ. Locks the proposal.
    """
    require(actor, "consultations.change_consultation", proposal.consultation)
    assert isinstance(actor, User)
    found = _checked(proposal, feasibility, reason, cost_cents)
    with transaction.atomic():
        locked = _locked(proposal)
        standing = newest(locked.reviews.all())
        first, second = standing.get(Review.Kind.FIRST), standing.get(Review.Kind.SECOND)
        if first is None or second is None or agree(first, second):
            raise Conflict(NOTHING_TO_DECIDE, page=proposal.get_absolute_url())
        review = _add(locked, Review.Kind.DECISION, actor, found, reason, cost_cents, office)
        settle(locked)
    return review


def needs_second(proposal: Proposal) -> bool:
    """Where the consultation asks for it later, what is settled stays settled."""
    return proposal.needs_second_reader or (proposal.consultation.needs_second_reader and not proposal.feasibility)


def settle(proposal: Proposal) -> None:
    """Give the proposal what its review comes to now. In the caller's transaction, the proposal locked.

    While an opinion is missing it has no finding; while readers differ over a correction, the last one stands.
    """
    reviews = list(proposal.reviews.all())
    holds = what_holds(reviews, needs_second=needs_second(proposal))
    if holds is None:
        return
    old = {"feasibility": proposal.feasibility, "cost_cents": proposal.cost_cents}
    new = {"feasibility": holds.feasibility, "cost_cents": holds.cost_cents}
    Proposal.objects.filter(pk=proposal.pk).update(**new)
    proposal.feasibility, proposal.cost_cents = holds.feasibility, holds.cost_cents
    audit.record(
        "consultations.review_settled",
        actor=None,
        on=proposal,
        consultation_id=proposal.consultation_id,
        proposal_id=proposal.pk,
        old=old,
        new=new,
    )
    _tell(proposal, holds)


def _checked(proposal: Proposal, feasibility: str, reason: str, cost_cents: int | None) -> Feasibility:
    if feasibility not in Feasibility.values:
        raise InvalidInput("no_feasibility", _("Choose what you found."), field="feasibility")
    if not reason.strip():
        raise InvalidInput("no_reason", NO_REASON, field="reason")
    is_costed = cost_cents is not None or feasibility == Feasibility.NOT_FEASIBLE
    if not is_costed and hasattr(proposal.consultation, "budget"):
        raise InvalidInput("no_cost", NO_COST, field="cost_cents")
    return Feasibility(feasibility)


def _locked(proposal: Proposal) -> Proposal:
    """As it stands now, so that of two opinions at once the later one sees the earlier."""
    locked = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    locked.consultation = proposal.consultation
    if not locked.is_shown:
        raise Conflict(NOT_IN_SIGHT, page=proposal.get_absolute_url())
    if locked.options.filter(poll__ballots__isnull=False).exists():
        raise Conflict(VOTED_ON, page=proposal.get_absolute_url())
    return locked


def _kind_for(proposal: Proposal, reviewer: User) -> Review.Kind:
    """First or second reader: as before, else where one is missing, else in place of one who is no longer assigned."""
    standing = newest(proposal.reviews.all())
    seats = [Review.Kind.FIRST, Review.Kind.SECOND] if needs_second(proposal) else [Review.Kind.FIRST]
    for kind, review in standing.items():
        if review.reviewer_id == reviewer.pk and kind != Review.Kind.DECISION:
            return Review.Kind(kind)
    for kind in seats:
        if kind not in standing:
            return kind
    assigned = assigned_to(proposal)
    for kind in seats:
        if standing[kind].reviewer_id not in assigned:
            return kind
    raise Conflict(ENOUGH_OPINIONS, page=proposal.get_absolute_url())


def assigned_to(proposal: Proposal) -> set[int]:
    """Ids of those who review it, by itself or with its district."""
    own = ProposalReviewer.objects.filter(content_object=proposal).values_list("user_id", flat=True)
    district = DistrictReviewer.objects.filter(content_object=proposal.district_id).values_list("user_id", flat=True)
    return {*own, *district}


def _add(
    proposal: Proposal,
    kind: Review.Kind,
    actor: User,
    feasibility: Feasibility,
    reason: str,
    cost_cents: int | None,
    office: str,
) -> Review:
    review = Review.objects.create(
        consultation_id=proposal.consultation_id,
        proposal=proposal,
        kind=kind,
        reviewer=actor,
        feasibility=feasibility,
        reason=reason.strip(),
        cost_cents=cost_cents,
        office=office.strip(),
    )
    audit.record(
        "consultations.review_decided" if kind == Review.Kind.DECISION else "consultations.review_given",
        actor=actor,
        on=review,
        consultation_id=proposal.consultation_id,
        proposal_id=proposal.pk,
        kind=kind,
        feasibility=feasibility,
        cost_cents=cost_cents,
    )
    return review


def _tell(proposal: Proposal, holds: Review) -> None:
    signers = [proposal.author_id, *(signer["id"] for signer in proposal.co_signers)]
    tell(
        FOUND[Feasibility(holds.feasibility)],
        to=signers,
        key=f"review {holds.pk} of proposal {proposal.pk}",
        url=proposal.get_absolute_url(),
        consultation_id=proposal.consultation_id,
        proposal=proposal.title,
        title=proposal.consultation.title,
        reason=holds.reason[:300],
    )
