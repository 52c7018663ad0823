"""Putting an official's mark on a contribution, or taking it off. What the marks mean: ``marks.py``."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.models import Mark, ModerationDecision
from comments.moderation.kinds import Contribution
from comments.moderation.marks import is_public
from comments.moderation.moderating import GONE, HIDDEN_ALREADY, record_decision, state_of
from consultations.clock import database_now

MARKED_ALREADY = Reason("marked_already", _("It has this mark already."))


def mark(*, target: Contribution, actor: Person, mark: str) -> ModerationDecision | None:
    """Set the mark of a contribution; "" takes it off. In the open book where a public mark comes or goes.

    Raises NotPermitted, InvalidInput for a mark that does not exist, or Conflict. Locks its row.
    """
    require(actor, f"comments.mark_{target._meta.model_name}", target)
    assert isinstance(actor, User)
    if mark and mark not in Mark.values:
        raise InvalidInput("no_mark", _("Choose a mark."), field="mark")
    with transaction.atomic():
        locked = type(target).objects.select_for_update(of=("self",)).get(pk=target.pk)
        state = state_of(locked)
        if state in ("gone", "hidden"):
            raise Conflict(GONE if state == "gone" else HIDDEN_ALREADY)
        old = locked.mark
        if old == mark:
            raise Conflict(MARKED_ALREADY)
        type(target).objects.filter(pk=target.pk).update(mark=mark)
        target.mark = mark
        noun = target._meta.model_name
        audit.record(
            f"comments.{noun}_marked",
            actor=actor,
            on=target,
            consultation_id=target.consultation_id,
            old=old,
            new=mark,
        )
        if not (is_public(old) or is_public(mark)):
            return None
        return record_decision(
            target,
            actor,
            act=ModerationDecision.Act.MARKED,
            at=database_now(),
            mark=mark if is_public(mark) else "",
            before={"mark": old},
        )
