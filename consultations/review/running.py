"""What an editor settles about the review itself: bringing a proposal in, second readers, the supports it takes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.models import BroughtIn, Consultation, Proposal, Review
from consultations.review.opining import NO_REASON, needs_second
from consultations.review.thresholds import progress_of

GOES_ON_ALREADY = Reason("goes_on_already", _("It goes on to review already."))
ASKED_ALREADY = Reason("asked_already", _("A second reader reads it already."))


def bring_in(*, proposal: Proposal, actor: Person, reason: str) -> BroughtIn:
    """Let a proposal go on to review without the supports that others needed. Its authors are told.

    Raises NotPermitted; InvalidInput without a reason; Conflict where it goes on already.
    """
    require(actor, "consultations.change_consultation", proposal.consultation)
    if not reason.strip():
        raise InvalidInput("no_reason", NO_REASON, field="reason")
    with transaction.atomic():
        locked = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
        if progress_of(locked).goes_on:
            raise Conflict(GOES_ON_ALREADY, page=proposal.get_absolute_url())
        brought = BroughtIn.objects.create(
            proposal=locked, reason=reason.strip()[:300], brought_by=actor if isinstance(actor, User) else None
        )
        _record("consultations.proposal_brought_in", proposal, actor, reason=brought.reason)
        tell(
            "brought_in",
            to=[proposal.author_id, *(signer["id"] for signer in proposal.co_signers)],
            key=f"brought in {proposal.pk}",
            url=proposal.get_absolute_url(),
            consultation_id=proposal.consultation_id,
            proposal=proposal.title,
            title=proposal.consultation.title,
            reason=brought.reason,
        )
    return brought


def ask_second_reader(*, proposal: Proposal, actor: Person) -> None:
    """Let a second person read it too. What was found so far waits for them: it is no longer the review's finding.

    Raises NotPermitted; Conflict where one is asked for already.
    """
    require(actor, "consultations.change_consultation", proposal.consultation)
    with transaction.atomic():
        locked = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
        locked.consultation = proposal.consultation
        if needs_second(locked) or locked.reviews.filter(kind=Review.Kind.SECOND).exists():
            raise Conflict(ASKED_ALREADY, page=proposal.get_absolute_url())
        Proposal.objects.filter(pk=proposal.pk).update(needs_second_reader=True, feasibility="")
        _record("consultations.second_reader_asked", proposal, actor)


def set_rules(
    *, consultation: Consultation, actor: Person, needs_second_reader: bool, support_threshold: int | None = None
) -> None:
    """Whether every proposal is read twice, and the supports that it takes where its district does not say.

    What is settled stays so. Raises NotPermitted.
    """
    require(actor, "consultations.change_consultation", consultation)
    with transaction.atomic():
        old = {"needs_second_reader": consultation.needs_second_reader}
        new: dict[str, bool | int | None] = {"needs_second_reader": needs_second_reader}
        Consultation.objects.filter(pk=consultation.pk).update(needs_second_reader=needs_second_reader)
        budget = getattr(consultation, "budget", None)
        if budget is not None:
            old["support_threshold"], new["support_threshold"] = budget.support_threshold, support_threshold
            budget.support_threshold = support_threshold
            budget.save(update_fields=["support_threshold"])
        consultation.needs_second_reader = needs_second_reader
        audit.record(
            "consultations.review_rules_changed",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            old=old,
            new=new,
        )


def _record(event: str, proposal: Proposal, actor: Person, **details: str) -> None:
    audit.record(
        event,
        actor=actor,
        on=proposal,
        consultation_id=proposal.consultation_id,
        proposal_id=proposal.pk,
        **details,
    )
