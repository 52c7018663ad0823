"""Flags, and what moderators decide about contributions. Every decision is in the open book, and its author is told.

What people see of a contribution changes in one function, ``_decide``, by one table, ``TRANSITIONS``.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.live import announce_soon
from comments.models import Comment, Flag, Ground, ModerationDecision
from comments.moderation.grounds import standard_reason
from comments.moderation.hashing import hash_of, new_salt
from comments.moderation.kinds import Contribution, kind_of, on
from comments.moderation.pace import require_pace_of_flags
from comments.moderation.reasons import checked_reason
from comments.moderation.roles import role_of
from comments.moderation.telling import tell_author
from comments.telling import tell_of
from consultations.clock import database_now
from frontend.typed import tidied

Act = ModerationDecision.Act

GONE = Reason("gone", _("Whoever wrote this has taken it back. There is nothing to report or decide any more."))
HIDDEN_ALREADY = Reason("hidden_already", _("A moderator has hidden this already."))
NOT_HIDDEN = Reason("not_hidden", _("This is not hidden: somebody has shown it again, or it never was."))
STILL_HELD = Reason("still_held", _("This is not published yet. Publish it, or do not."))
NOT_HELD = Reason("not_held", _("It is decided already whether this is published."))
NOTHING_TO_ANSWER = Reason("nothing_to_answer", _("These reports are answered already."))
FLAGGED_ALREADY = Reason("flagged_already", _("You have reported this already. The moderators will look at it."))
NO_THREAD = Reason("no_thread", _("Only a conversation as a whole can be locked: its first comment."))
LOCKED_ALREADY = Reason("locked_already", _("This conversation is locked already."))
NOT_LOCKED = Reason("not_locked", _("This conversation is not locked."))


def state_of(target: Contribution) -> str:
    """gone (taken back by its author), held, hidden, or shown."""
    if getattr(target, kind_of(target).gone):
        return "gone"
    if target.held_at:
        return "held"
    return "hidden" if target.is_hidden else "shown"


@dataclass(frozen=True)
class Transition:
    """From which state an act leads where; in another one it is refused with ``otherwise``."""

    source: str
    target: str
    otherwise: Reason


TRANSITIONS: dict[str, Transition] = {
    Act.HIDDEN: Transition("shown", "hidden", HIDDEN_ALREADY),
    Act.RESTORED: Transition("hidden", "shown", NOT_HIDDEN),
    Act.KEPT: Transition("shown", "shown", NOTHING_TO_ANSWER),
    Act.RELEASED: Transition("held", "shown", NOT_HELD),
    Act.REFUSED: Transition("held", "hidden", NOT_HELD),
}


def check_to_be_seen(target: Contribution) -> None:
    """Raise Conflict where there is nothing that one could report."""
    if target.is_hidden:
        raise Conflict(HIDDEN_ALREADY)
    if state_of(target) == "gone":
        raise Conflict(GONE)


def flag(*, target: Contribution, actor: Person, ground: str, explanation: str = "") -> Flag:
    """Ask the moderators for a look.

    Raises NotPermitted, InvalidInput, Conflict the second time or when there is nothing to see, or TooFast. Locks the
    reporter's row, so that the pace is counted right.
    """
    require(actor, "consultations.comment_consultation", target.consultation)
    assert isinstance(actor, User)
    check_to_be_seen(target)
    if ground not in Ground.values:
        raise InvalidInput("no_ground", _("Choose a reason."), field="ground")
    explanation = tidied(explanation)[:500]
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if Flag.objects.filter(reporter=actor, **on(target)).exists():
            raise Conflict(FLAGGED_ALREADY)
        require_pace_of_flags(actor)
        return Flag.objects.create(
            reporter=actor, ground=ground, explanation=explanation, created_at=database_now(), **on(target)
        )


def hide(*, target: Contribution, actor: Person, reason: str = "", ground: str = Ground.OTHER) -> ModerationDecision:
    """Take a contribution's text out of sight; its place, the ground and the reason stay public. Answers its flags.

    reason: empty for the standard one of the ground. Raises NotPermitted, InvalidInput without a reason, Conflict if it
    is hidden, held or gone.
    """
    return _decide(target, actor, reason, Act.HIDDEN, ground)


def restore(*, target: Contribution, actor: Person, reason: str, tells: bool = True) -> ModerationDecision:
    """Show a hidden contribution again. Raises NotPermitted, InvalidInput, or Conflict if it is not hidden.

    tells: off where the author is told in other words, as of an appeal that was granted.
    """
    return _decide(target, actor, reason, Act.RESTORED, tells=tells)


def keep(*, target: Contribution, actor: Person, reason: str = "") -> ModerationDecision:
    """Answer the flags of a contribution that stays as it is.

    Raises NotPermitted, InvalidInput, or Conflict if there is none to answer.
    """
    return _decide(target, actor, reason, Act.KEPT)


def release(*, target: Contribution, actor: Person, reason: str = "") -> ModerationDecision:
    """Publish what waited for a first look. Raises NotPermitted, or Conflict if it does not wait any more."""
    return _decide(target, actor, reason, Act.RELEASED)


def refuse(*, target: Contribution, actor: Person, reason: str = "", ground: str = Ground.OTHER) -> ModerationDecision:
    """Do not publish what waited for a first look: from now on its place is seen with the reason, as of a hidden one.

    Raises NotPermitted, InvalidInput without a reason, or Conflict if it does not wait any more.
    """
    return _decide(target, actor, reason, Act.REFUSED, ground)


def lock(*, target: Contribution, actor: Person, reason: str = "") -> ModerationDecision:
    """Let nobody answer in a conversation any more. Raises NotPermitted, or Conflict: locked, or no conversation."""
    return _decide(target, actor, reason, Act.LOCKED)


def unlock(*, target: Contribution, actor: Person, reason: str = "") -> ModerationDecision:
    """Let people answer again. Raises NotPermitted, or Conflict if it is not locked."""
    return _decide(target, actor, reason, Act.UNLOCKED)


def _decide(
    target: Contribution, actor: Person, reason: str, act: Act, ground: str = "", *, tells: bool = True
) -> ModerationDecision:
    """The one place where what people see of a contribution changes. Locks its row; logs old, new and who."""
    require(actor, "consultations.moderate_consultation", target.consultation)
    assert isinstance(actor, User)
    if act in ModerationDecision.REMOVING and ground not in Ground.values:
        raise InvalidInput("no_ground", _("Choose a reason."), field="ground")
    reason = checked_reason(reason.strip() or standard_reason(act, ground))
    with transaction.atomic():
        locked = type(target).objects.select_for_update(of=("self",)).get(pk=target.pk)
        state = state_of(locked)
        unanswered = Flag.objects.filter(**on(target), answered_at__isnull=True)
        answered = [] if act in (Act.LOCKED, Act.UNLOCKED) else list(unanswered.values_list("pk", flat=True))
        _check(locked, act, state, has_flags=bool(answered))
        now = database_now()
        before = _change(locked, target, _changes(act, actor, reason, now))
        unanswered.filter(pk__in=answered).update(answered_at=now, answered_by=actor)
        noun = target._meta.model_name
        details = {"old": state, "reason": reason, **({"ground": ground} if ground else {})}
        audit.record(
            f"comments.{noun}_{act}", actor=actor, on=target, consultation_id=target.consultation_id, **details
        )
        decision = record_decision(
            target, actor, act=act, ground=ground, reason=reason, at=now, before={**before, "flags": answered}
        )
        if tells:
            tell_author(decision, target)
        if isinstance(target, Comment):
            if act == Act.RELEASED:
                tell_of(target)  # whom it answers and mentions: nobody could read it before
            transaction.on_commit(partial(announce_soon, target.consultation_id))
    return decision


def _check(locked: Contribution, act: Act, state: str, *, has_flags: bool) -> None:
    if state == "gone":
        raise Conflict(GONE)
    if act in (Act.LOCKED, Act.UNLOCKED):
        if not isinstance(locked, Comment) or locked.root_id is not None:
            raise Conflict(NO_THREAD)
        if bool(locked.locked_at) == (act == Act.LOCKED):
            raise Conflict(LOCKED_ALREADY if act == Act.LOCKED else NOT_LOCKED)
        return
    transition = TRANSITIONS[act]
    if state != transition.source:
        raise Conflict(STILL_HELD if state == "held" else transition.otherwise)
    if act == Act.KEPT and not has_flags:
        raise Conflict(NOTHING_TO_ANSWER)


def _changes(act: Act, actor: User, reason: str, now: datetime) -> dict[str, Any]:
    """The fields that an act sets."""
    hidden: dict[str, Any] = {"hidden_at": now, "hidden_by_id": actor.pk, "hidden_reason": reason}
    shown: dict[str, Any] = {"hidden_at": None, "hidden_by_id": None, "hidden_reason": ""}
    return {
        Act.HIDDEN: hidden,
        Act.RESTORED: shown,
        Act.KEPT: {},
        Act.RELEASED: {"held_at": None},
        Act.REFUSED: {"held_at": None, **hidden},
        Act.LOCKED: {"locked_at": now},
        Act.UNLOCKED: {"locked_at": None},
    }[act]


def _change(locked: Contribution, target: Contribution, changes: dict[str, Any]) -> dict[str, Any]:
    """Write what changes, to the row and to what the caller holds of it. Returns what stood there before, as JSON."""
    before = {}
    for name, value in changes.items():
        old = getattr(locked, name)
        before[name] = old.isoformat() if isinstance(old, datetime) else old
        setattr(target, name, value)
    if changes:  # what stays as it is may have changed since it was read
        type(target).objects.filter(pk=target.pk).update(**changes)
    return before


def record_decision(target: Contribution, actor: User, *, act: Act, at: datetime, **fields: Any) -> ModerationDecision:
    """Write a decision about a contribution into the open book; one that removes a text, with its hash."""
    kind = kind_of(target)
    if act in ModerationDecision.REMOVING:
        salt = new_salt()
        fields |= {"text_salt": salt, "text_hash": hash_of(kind.text(target), salt)}
    return ModerationDecision.objects.create(
        consultation=target.consultation,
        subject=kind.subject(target),
        subject_number=target.pk,
        act=act,
        moderator=actor,
        role=role_of(actor, target.consultation),
        decided_at=at,
        **on(target),
        **fields,
    )
