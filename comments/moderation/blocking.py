"""Keeping an account from writing in one consultation, for a time or for good. Never from reading or voting."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.models import Ground, ModerationDecision
from comments.moderation.grounds import standard_reason
from comments.moderation.reasons import checked_reason
from comments.moderation.roles import role_of
from consultations.clock import database_now
from consultations.models import Block, Consultation

Act = ModerationDecision.Act

BLOCKED_ALREADY = Reason("blocked_already", _("This account is blocked here already."))
NOT_BLOCKED = Reason("not_blocked", _("This account is not blocked here."))
NO_ACCOUNT = Reason("no_account", _("Whoever wrote this has no account any more."))
IS_A_MODERATOR = Reason("is_a_moderator", _("Who moderates this consultation cannot be blocked in it."))


def block(
    *,
    consultation: Consultation,
    user: User,
    actor: Person,
    reason: str = "",
    ground: str = Ground.OTHER,
    until: datetime | None = None,
) -> ModerationDecision:
    """Keep ``user`` from proposing, commenting, reacting, reporting and supporting here, and tell them why.

    reason: public, as the ground is; empty for the ground's standard one. until: None is as long as the consultation
        lasts.
    Raises NotPermitted, InvalidInput (no reason, a time that is past), or Conflict where they are blocked already or
    moderate here themselves. Locks the person's row.
    """
    require(actor, "consultations.moderate_consultation", consultation)
    assert isinstance(actor, User)
    if ground not in Ground.values:
        raise InvalidInput("no_ground", _("Choose a reason."), field="ground")
    reason = checked_reason(reason.strip() or standard_reason(Act.HIDDEN, ground))
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
        Block.objects.create(
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
        decision = _record(consultation, user, actor, act=Act.BLOCKED, ground=ground, reason=reason, decided_at=now)
        if until is None:
            _tell("blocked", decision)
        else:
            _tell("blocked_for_a_time", decision, until_at=until.isoformat())
    return decision


def unblock(
    *, consultation: Consultation, user: User, actor: Person, reason: str = "", tells: bool = True
) -> ModerationDecision:
    """Let ``user`` write here again. Raises NotPermitted, or Conflict where no block stands.

    tells: off where the person is told in other words, as of an appeal that was granted.
    """
    require(actor, "consultations.moderate_consultation", consultation)
    assert isinstance(actor, User)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        found = Block.objects.standing().filter(consultation=consultation, user=user).first()
        if found is None:
            raise Conflict(NOT_BLOCKED)
        found.lifted_at, found.lifted_by = database_now(), actor
        found.save(update_fields=["lifted_at", "lifted_by"])
        reason = checked_reason(reason.strip() or standard_reason(Act.UNBLOCKED, ""))
        audit.record("comments.account_unblocked", actor=actor, on=user, consultation_id=consultation.pk, reason=reason)
        decision = _record(consultation, user, actor, act=Act.UNBLOCKED, reason=reason, decided_at=found.lifted_at)
        if tells:
            _tell("unblocked", decision)
    return decision


def _record(consultation: Consultation, user: User, actor: User, **fields: Any) -> ModerationDecision:
    """Into the open book: that an account was blocked, and not whose."""
    return ModerationDecision.objects.create(
        consultation=consultation,
        account=user,
        subject=ModerationDecision.Subject.ACCOUNT,
        moderator=actor,
        role=role_of(actor, consultation),
        **fields,
    )


def block_of(decision: ModerationDecision) -> Block | None:
    """The block that this decision made. None for any other decision, or where its person erased the account."""
    if decision.act != Act.BLOCKED or decision.account_id is None:
        return None
    made = Block.objects.filter(consultation=decision.consultation_id, user=decision.account_id)
    return made.filter(blocked_at=decision.decided_at).first()


def _tell(kind: str, decision: ModerationDecision, **facts: Any) -> None:
    tell(
        kind,
        to=[decision.account_id],
        key=f"{kind} {decision.pk}",
        url=decision.get_absolute_url(),
        consultation_id=decision.consultation_id,
        title=decision.consultation.title,
        reason=decision.reason,
        **facts,
    )
