"""Keeping an account from writing in one consultation, for a time or for good. Never from reading or voting."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.moderation.reasons import checked_reason
from consultations.clock import database_now
from consultations.models import Block, Consultation

BLOCKED_ALREADY = Reason("blocked_already", _("This account is blocked here already."))
NOT_BLOCKED = Reason("not_blocked", _("This account is not blocked here."))
IS_A_MODERATOR = Reason("is_a_moderator", _("Who moderates this consultation cannot be blocked in it."))


def block(
    *, consultation: Consultation, user: User, actor: Person, reason: str, until: datetime | None = None
) -> Block:
    """Keep ``user`` from proposing, commenting, reacting, reporting and supporting here, and tell them why.

    until: None is as long as the consultation lasts.
    Raises NotPermitted, InvalidInput (no reason, a time that is past), or Conflict where they are blocked already or
    moderate here themselves. Locks the person's row.
    """
    require(actor, "consultations.moderate_consultation", consultation)
    assert isinstance(actor, User)
    reason = checked_reason(reason)
    if user.has_perm("consultations.moderate_consultation", consultation):
        raise Conflict(IS_A_MODERATOR)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        now = database_now()
        if until is not None and until <= now:
            raise InvalidInput("past", _("Choose a time that lies ahead."), field="until")
        former = Block.objects.filter(consultation=consultation, user=user, lifted_at__isnull=True).first()
        if former is not None:
            if former.until is None or former.until > now:
                raise Conflict(BLOCKED_ALREADY)
            former.lifted_at, former.lifted_by = now, actor  # it was over; only one may stand
            former.save(update_fields=["lifted_at", "lifted_by"])
        made = Block.objects.create(
            consultation=consultation, user=user, reason=reason, blocked_by=actor, blocked_at=now, until=until
        )
        audit.record(
            "comments.account_blocked",
            actor=actor,
            on=user,
            consultation_id=consultation.pk,
            reason=reason,
            until=until.isoformat() if until else None,
        )
        _tell("blocked", made)
    return made


def unblock(*, consultation: Consultation, user: User, actor: Person) -> Block:
    """Let ``user`` write here again. Raises NotPermitted, or Conflict where no block stands."""
    require(actor, "consultations.moderate_consultation", consultation)
    assert isinstance(actor, User)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        found = Block.objects.standing().filter(consultation=consultation, user=user).first()
        if found is None:
            raise Conflict(NOT_BLOCKED)
        found.lifted_at, found.lifted_by = database_now(), actor
        found.save(update_fields=["lifted_at", "lifted_by"])
        audit.record("comments.account_unblocked", actor=actor, on=user, consultation_id=consultation.pk)
        _tell("unblocked", found)
    return found


def _tell(kind: str, made: Block) -> None:
    tell(
        kind,
        to=[made.user_id],
        key=f"{kind} {made.pk}",
        url=made.consultation.get_absolute_url(),
        consultation_id=made.consultation_id,
        title=made.consultation.title,
        reason=made.reason,
    )
