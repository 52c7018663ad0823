"""Supporting a proposal, or a consultation that is a cause, and taking the support back. Interest, not a vote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require, why_not
from accounts.models import User
from accounts.refusals import Conflict, Reason
from consultations.clock import NOT_NOW, Act, is_allowed, require_phase
from consultations.following import follow_by_taking_part
from consultations.models import Consultation, Proposal, Support

NOT_SHOWN = Reason("not_shown", _("This proposal is not in sight now, so it cannot be supported."))

Place = Consultation | Proposal


def require_supporting(place: Place, actor: Person) -> None:
    """Raise PhaseClosed, NotPermitted or Conflict unless ``actor`` may support it, or take a support back, now.

    The clock comes first: who comes at the wrong time need not log in to learn it.
    """
    consultation = place.consultation if isinstance(place, Proposal) else place
    require_phase(consultation, Act.SUPPORT)
    require(actor, f"consultations.support_{place._meta.model_name}", place)
    if isinstance(place, Proposal) and not place.is_shown:
        raise Conflict(NOT_SHOWN)


def support(*, place: Place, actor: Person) -> bool:
    """Count ``actor`` among the supporters. Again changes nothing. Returns whether it was new.

    Raises NotPermitted (one's own, blocked, no account), PhaseClosed, or Conflict for what is not in sight.
    """
    require_supporting(place, actor)
    with transaction.atomic():
        _given, is_new = Support.objects.get_or_create(user_id=actor.pk or 0, **_about(place))
        if is_new:
            _require_standing(place)
            _record("supported", place, actor)
            assert isinstance(actor, User)
            consultation = place.consultation if isinstance(place, Proposal) else place
            follow_by_taking_part(consultation=consultation, person=actor)
    return is_new


def take_back_support(*, place: Place, actor: Person) -> bool:
    """Count ``actor`` no more. Returns whether there was a support. Refuses as ``support`` does."""
    require_supporting(place, actor)
    with transaction.atomic():
        gone, _by_model = Support.objects.filter(user=actor.pk, **_about(place)).delete()
        if gone:
            _record("support_taken_back", place, actor)
    return bool(gone)


def _require_standing(place: Place) -> None:
    """Refuse what was merged while we waited for its row: the support would count for nothing."""
    if isinstance(place, Proposal) and Proposal.objects.filter(pk=place.pk, merged_into__isnull=False).exists():
        raise Conflict(NOT_SHOWN)


@dataclass(frozen=True)
class SupportRights:
    """What a reader may do about the supports of a consultation's proposals now: asked once, not for each of them.

    is_open: the clock allows it. reason: why this person may not, None where they may.
    """

    is_shown: bool
    is_open: bool
    reason: Reason | None


def support_rights(user: Person, consultation: Consultation, now: datetime) -> SupportRights:
    if not consultation.receives_supports:
        return SupportRights(is_shown=False, is_open=False, reason=None)
    if not is_allowed(consultation, Act.SUPPORT, now):
        return SupportRights(is_shown=True, is_open=False, reason=NOT_NOW[Act.SUPPORT])
    # Who may put a proposal forward may support one: only whose it is, is asked of each.
    return SupportRights(
        is_shown=True, is_open=True, reason=why_not(user, "consultations.propose_consultation", consultation)
    )


def cause_rights(user: Person, consultation: Consultation, now: datetime) -> SupportRights:
    """The same about the consultation itself, where it is a cause."""
    if not consultation.is_cause:
        return SupportRights(is_shown=False, is_open=False, reason=None)
    if not is_allowed(consultation, Act.SUPPORT, now):
        return SupportRights(is_shown=True, is_open=False, reason=NOT_NOW[Act.SUPPORT])
    return SupportRights(
        is_shown=True, is_open=True, reason=why_not(user, "consultations.support_consultation", consultation)
    )


def _about(place: Place) -> dict[str, Any]:
    if isinstance(place, Proposal):
        return {"consultation": place.consultation, "proposal": place}
    return {"consultation": place, "proposal": None}


def _record(deed: str, place: Place, actor: Person) -> None:
    assert isinstance(actor, User)
    consultation_id = place.consultation_id if isinstance(place, Proposal) else place.pk
    audit.record(
        f"consultations.{place._meta.model_name}_{deed}", actor=actor, on=place, consultation_id=consultation_id
    )
