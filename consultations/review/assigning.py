"""Who reviews which proposals. An assignment is guardian's grant to one person on a proposal or on a district."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import InvalidInput
from consultations.models import Consultation, District, DistrictReviewer, Proposal, ProposalReviewer

NOT_A_MEMBER = _("Choose somebody who works for the agency.")
NOTHING_CHOSEN = _("Choose at least one proposal, or a district.")
SIGNED_BY_THEM = _("Nobody reviews a proposal that they signed: choose somebody else, or leave it out.")


def assign(
    *,
    consultation: Consultation,
    actor: Person,
    reviewer_id: int,
    proposals: Iterable[Proposal] = (),
    districts: Iterable[District] = (),
) -> int:
    """Let a member of the agency review these proposals, and all of these districts, those still to come too.

    They are told once. What they review already stays. Returns how many are new.
    Raises NotPermitted; InvalidInput for who is no member, for nothing chosen, or for a proposal that they signed.
    """
    require(actor, "consultations.change_consultation", consultation)
    proposals, districts = _of(consultation, proposals), _of(consultation, districts)
    if not proposals and not districts:
        raise InvalidInput("nothing_chosen", NOTHING_CHOSEN, field="proposals")
    reviewer = User.objects.filter(pk=reviewer_id, is_active=True, memberships__agency=consultation.agency_id).first()
    if reviewer is None:
        raise InvalidInput("not_a_member", NOT_A_MEMBER, field="reviewer")
    if any(proposal.is_signed_by(reviewer.pk) for proposal in proposals):
        raise InvalidInput("signed_by_them", SIGNED_BY_THEM, field="reviewer")
    with transaction.atomic():
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        count = _grant(ProposalReviewer, "review_proposal", reviewer, proposals, actor)
        count += _grant(DistrictReviewer, "review_district", reviewer, districts, actor)
        if count:
            last = _record("consultations.review_assigned", consultation, actor, reviewer.pk, proposals, districts)
            _tell(consultation, reviewer, last.pk)
    return count


def unassign(
    *,
    consultation: Consultation,
    actor: Person,
    reviewer_id: int,
    proposals: Iterable[Proposal] = (),
    districts: Iterable[District] = (),
) -> int:
    """Take assignments back. Opinions given stay. Returns how many there were. Raises NotPermitted."""
    require(actor, "consultations.change_consultation", consultation)
    proposals, districts = _of(consultation, proposals), _of(consultation, districts)
    with transaction.atomic():
        gone, _a = ProposalReviewer.objects.filter(user=reviewer_id, content_object__in=proposals).delete()
        more, _b = DistrictReviewer.objects.filter(user=reviewer_id, content_object__in=districts).delete()
        if gone + more:
            _record("consultations.review_unassigned", consultation, actor, reviewer_id, proposals, districts)
    return gone + more


def reviewers_to_choose(consultation: Consultation) -> Sequence[User]:
    """Those who work for its agency, by name."""
    members = User.objects.filter(memberships__agency=consultation.agency_id, is_active=True)
    return list(members.order_by("name", "pk"))


def _of(consultation: Consultation, rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.consultation_id == consultation.pk]


def _grant(table: Any, codename: str, reviewer: User, objects: Sequence[Any], actor: Person) -> int:
    if not objects:
        return 0
    content_type = ContentType.objects.get_for_model(objects[0])
    permission = Permission.objects.get(content_type=content_type, codename=codename)
    held = set(table.objects.filter(user=reviewer, permission=permission).values_list("content_object_id", flat=True))
    new = [obj for obj in objects if obj.pk not in held]
    table.objects.bulk_create(
        [table(user=reviewer, permission=permission, content_object=obj, assigned_by_id=actor.pk) for obj in new],
        ignore_conflicts=True,
    )
    return len(new)


def _record(
    event: str,
    consultation: Consultation,
    actor: Person,
    reviewer_id: int,
    proposals: Sequence[Proposal],
    districts: Sequence[District],
) -> Any:
    return audit.record(
        event,
        actor=actor,
        on=consultation,
        consultation_id=consultation.pk,
        user_id=reviewer_id,
        proposals=[proposal.pk for proposal in proposals],
        count=len(proposals),
        districts=[district.name for district in districts],
    )


def _tell(consultation: Consultation, reviewer: User, entry_id: int) -> None:
    tell(
        "review_assigned",
        to=[reviewer.pk],
        key=f"review assigned {entry_id}",
        url="/reviews/",
        consultation_id=consultation.pk,
        title=consultation.title,
    )
