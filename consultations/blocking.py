"""Whether a person is blocked in a consultation, and how they are told. It is done in ``comments/moderation/``."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Reason
from consultations.models import Block, Consultation
from frontend.formats import when

BLOCKED_UNTIL = _(
    "The moderators of this consultation have blocked your account from writing here. The block ends {until}. Their "
    "reason: {reason} You can still read everything and vote, and appeal from your notices."
)
BLOCKED = _(
    "The moderators of this consultation have blocked your account from writing here. Their reason: {reason} You can "
    "still read everything and vote, and appeal from your notices."
)


@dataclass(frozen=True)
class Standing:
    """What a blocked person is told. ``until`` None: as long as the consultation lasts."""

    reason: str
    until: datetime | None

    def as_reason(self) -> Reason:
        """Why they may not write, for ``why_not``."""
        reason = self.reason if self.reason.endswith((".", "!", "?", "…")) else f"{self.reason}."
        if self.until is None:
            return Reason("blocked", format_lazy(BLOCKED, reason=reason))
        return Reason("blocked", format_lazy(BLOCKED_UNTIL, reason=reason, until=when(self.until)))


def standing_block(user: User, consultation: Consultation) -> Standing | None:
    """The block that keeps this person from writing here now.

    Takes what ``with_block_of`` found. Otherwise one query for all consultations, kept for the life of the user
    instance as grants are.
    """
    if getattr(consultation, "block_asked_for", None) == user.pk:
        found = consultation.block_found  # type: ignore[attr-defined]
        if found is None:
            return None
        return Standing(found["reason"], parse_datetime(found["until"]) if found["until"] else None)
    if not hasattr(user, "_blocks"):
        rows = Block.objects.standing().filter(user=user)
        user._blocks = {row.consultation_id: Standing(row.reason, row.until) for row in rows}  # type: ignore[attr-defined]
    return user._blocks.get(consultation.pk)  # type: ignore[attr-defined]
