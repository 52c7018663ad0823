"""Flags, and what moderators decide: hide with a public reason, restore, keep. Every decision is in the open book."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.models import Comment, Flag, ModerationDecision
from comments.moderation.reasons import checked_reason
from consultations.clock import database_now
from consultations.models import Proposal

Contribution = Comment | Proposal

HIDDEN_ALREADY = Reason("hidden_already", _("A moderator has hidden this already."))
NOT_HIDDEN = Reason("not_hidden", _("This is not hidden."))
NOTHING_TO_ANSWER = Reason("nothing_to_answer", _("Another moderator has answered these reports already."))
FLAGGED_ALREADY = Reason("flagged_already", _("You have reported this already. The moderators will look at it."))


def flag(*, target: Contribution, actor: Person, ground: str, explanation: str = "") -> Flag:
    """Ask the moderators for a look. Raises NotPermitted, InvalidInput, or Conflict the second time or when hidden."""
    require(actor, "consultations.comment_consultation", target.consultation)
    assert isinstance(actor, User)
    if target.is_hidden:
        raise Conflict(HIDDEN_ALREADY)
    if ground not in Flag.Ground.values:
        raise InvalidInput("no_ground", _("Choose a reason."), field="ground")
    explanation = explanation.replace("\x00", "").strip()[:500]
    made, is_new = Flag.objects.get_or_create(
        reporter=actor, **_on(target), defaults={"ground": ground, "explanation": explanation}
    )
    if not is_new:
        raise Conflict(FLAGGED_ALREADY)
    return made


def hide(*, target: Contribution, actor: Person, reason: str) -> ModerationDecision:
    """Take a contribution's text out of sight; its place and the reason stay public. Answers its flags.

    Raises NotPermitted, InvalidInput without a reason, Conflict if it is hidden.
    """
    return _decide(target, actor, reason, ModerationDecision.Act.HIDDEN)


def restore(*, target: Contribution, actor: Person, reason: str) -> ModerationDecision:
    """Show a hidden contribution again. Raises NotPermitted, InvalidInput, or Conflict if it is not hidden."""
    return _decide(target, actor, reason, ModerationDecision.Act.RESTORED)


def keep(*, target: Contribution, actor: Person, reason: str) -> ModerationDecision:
    """Answer the flags of a contribution that stays as it is.

    Raises NotPermitted, InvalidInput, or Conflict if there is none to answer.
    """
    return _decide(target, actor, reason, ModerationDecision.Act.KEPT)


def _decide(target: Contribution, actor: Person, reason: str, act: ModerationDecision.Act) -> ModerationDecision:
    """The one place where what people see of a contribution changes. Locks its row; logs old, new and who."""
    require(actor, "consultations.moderate_consultation", target.consultation)
    assert isinstance(actor, User)
    reason = checked_reason(reason)
    with transaction.atomic():
        locked = type(target).objects.select_for_update(of=("self",)).get(pk=target.pk)
        if act == ModerationDecision.Act.HIDDEN and locked.is_hidden:
            raise Conflict(HIDDEN_ALREADY)
        if act == ModerationDecision.Act.RESTORED and not locked.is_hidden:
            raise Conflict(NOT_HIDDEN)
        unanswered = Flag.objects.filter(**_on(target), answered_at__isnull=True)
        if act == ModerationDecision.Act.KEPT and not unanswered.exists():
            raise Conflict(NOTHING_TO_ANSWER)
        now = database_now()
        if act == ModerationDecision.Act.HIDDEN:
            target.hidden_at, target.hidden_by, target.hidden_reason = now, actor, reason
        elif act == ModerationDecision.Act.RESTORED:
            target.hidden_at, target.hidden_by, target.hidden_reason = None, None, ""
        if act != ModerationDecision.Act.KEPT:  # what stays as it is may have changed since it was read
            target.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        unanswered.update(answered_at=now, answered_by=actor)
        noun = target._meta.model_name
        audit.record(
            f"comments.{noun}_{act}",
            actor=actor,
            on=target,
            consultation_id=target.consultation_id,
            old="hidden" if locked.is_hidden else "shown",
            reason=reason,
        )
        return ModerationDecision.objects.create(
            consultation=target.consultation, act=act, reason=reason, moderator=actor, decided_at=now, **_on(target)
        )


def _on(target: Contribution) -> dict[str, Contribution]:
    return {"comment": target} if isinstance(target, Comment) else {"proposal": target}
