"""Taking a decision back as a slip of the hand: within a few minutes, by who made it, while nothing came after it."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, NotPermitted, Reason
from comments.live import announce_soon
from comments.models import Appeal, Flag, ModerationDecision
from comments.moderation.kinds import on
from comments.moderation.telling import tell_of_undoing
from consultations.clock import database_now

A_FEW_MINUTES = timedelta(minutes=10)

TOO_LATE = Reason("too_late", _("More than ten minutes have passed. Decide anew, with a reason."))
NOT_YOURS = Reason("not_yours", _("Only who decided may take it back. You can decide anew, with a reason."))
DECIDED_SINCE = Reason("decided_since", _("Somebody has decided about this again since then."))
UNDONE_ALREADY = Reason("undone_already", _("This has been taken back already."))
NOT_UNDOABLE = Reason("not_undoable", _("This cannot be taken back here."))


def undo(*, decision: ModerationDecision, actor: Person) -> ModerationDecision:
    """Put things back as they were before ``decision``, its flags too. In the open book it stays, marked as undone.

    Raises NotPermitted, or Conflict: too late, undone, decided or appealed since then. Locks the contribution's row.
    """
    require(actor, "consultations.moderate_consultation", decision.consultation)
    assert isinstance(actor, User)
    if decision.moderator_id != actor.pk:
        raise NotPermitted(NOT_YOURS)
    target = decision.target
    if target is None:
        raise Conflict(NOT_UNDOABLE)
    with transaction.atomic():
        type(target).objects.select_for_update(of=("self",)).get(pk=target.pk)
        decision.refresh_from_db()
        if decision.undone_at:
            raise Conflict(UNDONE_ALREADY)
        now = database_now()
        if now >= decision.decided_at + A_FEW_MINUTES:
            raise Conflict(TOO_LATE)
        later = ModerationDecision.objects.filter(**on(target), pk__gt=decision.pk, undone_at__isnull=True)
        if later.exists() or Appeal.objects.filter(decision=decision).exists():
            raise Conflict(DECIDED_SINCE)
        _put_back(decision)
        decision.undone_at = now
        decision.save(update_fields=["undone_at"])
        audit.record(
            "comments.decision_undone",
            actor=actor,
            on=target,
            consultation_id=decision.consultation_id,
            act=decision.act,
            decision=decision.pk,
        )
        tell_of_undoing(decision)
        transaction.on_commit(partial(announce_soon, decision.consultation_id))
    return decision


def _put_back(decision: ModerationDecision) -> None:
    target = decision.target
    assert target is not None
    former: dict[str, Any] = dict(decision.before)
    flags = former.pop("flags", [])
    values = {
        name: parse_datetime(value) if name.endswith("_at") and value else value for name, value in former.items()
    }
    if values:
        type(target).objects.filter(pk=target.pk).update(**values)
    Flag.objects.filter(pk__in=flags).update(answered_at=None, answered_by=None)
