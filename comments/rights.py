"""What one reader may do with the comments of one consultation now: asked once for a page, not for each comment."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from accounts.access import Person, why_not
from accounts.refusals import NotPermitted, PhaseClosed, Refusal
from consultations.clock import NOT_NOW, Act, is_allowed
from consultations.models import Consultation
from frontend.formats import when


@dataclass(frozen=True)
class Rights:
    """``refusal``: why the reader may not comment as a citizen; None where they may."""

    refusal: Refusal | None
    is_participant: bool
    may_reply_officially: bool
    may_moderate: bool

    @property
    def may_write(self) -> bool:
        return self.refusal is None or self.may_reply_officially

    @property
    def is_official(self) -> bool:
        """Whether they put marks on contributions, and see those that only officials see."""
        return self.may_moderate or self.may_reply_officially

    @property
    def is_official_only(self) -> bool:
        """Whether the agency may speak here now, and citizens not."""
        return self.refusal is not None and self.may_reply_officially


def rights_of(user: Person, consultation: Consultation, now: datetime | None = None) -> Rights:
    """Costs one query for somebody who is logged in (what was granted), and reads the phases and the clock."""
    reason = why_not(user, "consultations.comment_consultation", consultation)
    refusal: Refusal | None = None
    if not is_allowed(consultation, Act.COMMENT, now):  # first: to log in would not help when it is too late
        refusal = PhaseClosed(NOT_NOW[Act.COMMENT])
    elif reason:
        refusal = NotPermitted(reason)
    return Rights(
        refusal=refusal,
        is_participant=reason is None,
        may_reply_officially=user.has_perm("consultations.reply_consultation", consultation),
        may_moderate=user.has_perm("consultations.moderate_consultation", consultation),
    )


def when_comments_are_received(consultation: Consultation, now: datetime) -> str:
    """When the next phase with comments begins, or when the last one ended: a sentence, empty if there is none."""
    with_comments = [phase for phase in consultation.phases.all() if Act.COMMENT in phase.allows]
    coming = [phase for phase in with_comments if phase.starts_at > now]
    if coming:
        return gettext("Comments open %(when)s.") % {"when": when(coming[0].starts_at)}
    ends = [phase.ends_at for phase in with_comments if phase.ends_at and phase.ends_at <= now]
    return gettext("Comments closed %(when)s.") % {"when": when(max(ends))} if ends else ""
