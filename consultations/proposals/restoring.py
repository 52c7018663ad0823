"""Taking back that a proposal was merged or split, where that was a mistake. Done by officials, with a reason.

It stands by itself again, and its supports are its own again. What it was merged into stays, with what it had of its
own and of others; the parts that it was split into are merged into it. The trail keeps both.
"""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, Reason
from consultations.clock import database_now
from consultations.models import CarriedSupport, CoAuthor, Proposal, Succession, Support
from consultations.proposals.merging import (
    NOT_IN_SIGHT,
    add_supports,
    carry_on,
    check_reason,
    signers_of,
    tell_signers,
)
from consultations.proposals.proposing import IN_A_VOTE

NOT_MERGED = Reason("not_merged", _("This proposal stands by itself: there is nothing to take back."))


def restore_proposal(*, proposal: Proposal, reason: str, actor: Person) -> Proposal:
    """Let a proposal that was merged or split stand by itself again. Returns it; its signers are told.

    Raises NotPermitted; InvalidInput without a reason; Conflict where it was neither, where what came of it is in a
    vote, or was itself merged, split, hidden or withdrawn since. Locks all of them, by their numbers.
    """
    consultation = proposal.consultation
    require(actor, "consultations.merge_consultation", consultation)
    check_reason(reason)
    with transaction.atomic():
        standing = Succession.objects.filter(source=proposal, undone_at__isnull=True)
        kinds = dict(standing.values_list("result_id", "kind"))
        locked = Proposal.objects.filter(pk__in=[proposal.pk, *kinds]).order_by("pk").select_for_update(of=("self",))
        found = {one.pk: one for one in locked}
        source = found.pop(proposal.pk)
        if not kinds or source.merged_into_id is None:
            raise Conflict(NOT_MERGED, page=proposal.get_absolute_url())
        results = list(found.values())
        for result in results:
            if not result.is_shown:
                raise Conflict(NOT_IN_SIGHT, page=proposal.get_absolute_url())
            if result.options.exists():
                raise Conflict(IN_A_VOTE, page=proposal.get_absolute_url())
        standing.update(undone_at=database_now(), undone_reason=reason.strip())
        Proposal.objects.filter(pk=source.pk).update(merged_into=None)
        source.merged_into = None
        for result in results:
            _leave(source, result)
        _take_supports_back(source)
        if Succession.Kind.SPLIT in kinds.values():
            carry_on(results, [source], Succession.Kind.MERGED, reason, actor)
        audit.record(
            "consultations.proposal_restored",
            actor=actor,
            on=source,
            consultation_id=consultation.pk,
            proposals=sorted(kinds),
            reason=reason.strip(),
        )
        tell_signers("proposal_restored", source, source, reason, actor)
    return source


def _leave(source: Proposal, result: Proposal) -> None:
    """Take out of the result what it has of the source alone: supports, and those who signed it by the merge."""
    # By the time when it was given, which it kept: who had supported both stays with the one of the result itself.
    given = CarriedSupport.objects.filter(proposal=source, user=OuterRef("user"), created_at=OuterRef("created_at"))
    Support.objects.filter(Exists(given), proposal=result).delete()
    others = Proposal.objects.filter(successions__result=result, successions__undone_at__isnull=True)
    signed_by_merging = CoAuthor.objects.filter(proposal=result, invited_at=F("accepted_at"))
    leaving = signers_of([source]) - signers_of(list(others))
    signed_by_merging.filter(user__in=leaving).delete()
    # Who no longer signs it supports it again; and who supports another one that it still stands for does so too.
    _support_again(result, CarriedSupport.objects.filter(proposal=result))
    _support_again(result, CarriedSupport.objects.filter(proposal__in=others))
    CarriedSupport.objects.filter(proposal=result).exclude(user__in=signers_of([result])).delete()


def _take_supports_back(source: Proposal) -> None:
    carried = CarriedSupport.objects.filter(proposal=source)
    _support_again(source, carried)
    carried.delete()


def _support_again(proposal: Proposal, carried: "QuerySet[CarriedSupport]") -> None:
    rows = carried.exclude(user__in=signers_of([proposal])).order_by("created_at", "pk")
    add_supports(proposal, [(row.user_id, row.created_at) for row in rows])
