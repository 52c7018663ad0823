"""Those who follow are told once that dates changed, that it was closed early, and what came of it.

What earlier notices said of the old dates goes stale, so that no e-mail names two ends of one phase.
"""

from collections.abc import Sequence
from typing import Any

from accounts.access import Person
from accounts.notices.telling import is_first_to_announce, make_stale, tell
from consultations.announcing import CLOSES_SOON, closed_key
from consultations.following import followers
from consultations.models import Consultation, DateChange, Phase

EXTENDED = {
    Phase.Kind.PROPOSALS: "proposals_extended",
    Phase.Kind.SUPPORT: "support_extended",
    Phase.Kind.DISCUSSION: "discussion_extended",
    Phase.Kind.REVIEW: "review_extended",
    Phase.Kind.COSTING: "costing_extended",
    Phase.Kind.VOTING: "voting_extended",
}
TOLD_OF_TAKING_PART = [*CLOSES_SOON.values(), *EXTENDED.values(), *(f"{kind}_began" for kind in EXTENDED)]


def tell_new_dates(consultation: Consultation, changes: Sequence[DateChange], actor: Person) -> None:
    """In the transaction that records the changes. An extension is told with its new end, anything else without."""
    stale = [kinds[Phase.Kind(change.phase_kind)] for change in changes for kinds in (CLOSES_SOON, EXTENDED)
             if change.phase_kind in kinds]  # fmt: skip
    make_stale([*stale, "consultation_closed"], consultation_id=consultation.pk)
    first, *others = changes
    key = f"consultation {consultation.pk} dates {first.pk}"
    if first.is_extension and first.phase_kind in EXTENDED and all(change.is_move for change in others):
        assert first.new_ends_at is not None
        kind, ends_at = EXTENDED[Phase.Kind(first.phase_kind)], {"ends_at": first.new_ends_at.isoformat()}
        _tell(kind, consultation, actor, key, reason=first.reason, **ends_at)
    else:
        _tell("dates_changed", consultation, actor, key, reason=first.reason)


def tell_early_close(
    consultation: Consultation, ended: Sequence[DateChange], actor: Person, *, has_words: bool
) -> None:
    """In the transaction of the close. The clock's own "it is closed", and words said with the close, are told so."""
    make_stale(TOLD_OF_TAKING_PART, consultation_id=consultation.pk)
    key = f"consultation {consultation.pk} closed early {ended[0].pk}"
    for change in ended:
        if change.new_ends_at is not None:
            is_first_to_announce(closed_key(consultation.pk, change.new_ends_at))
    if has_words:
        is_first_to_announce(_words_key(consultation))
    _tell("closed_early", consultation, actor, key, reason=ended[0].reason)


def tell_closing_words(consultation: Consultation, actor: Person) -> None:
    """In the transaction that writes them; told the first time, not when they are mended."""
    key = _words_key(consultation)
    if is_first_to_announce(key):
        _tell("closing_words", consultation, actor, key)


def tell_answered(consultation: Consultation, actor: Person) -> None:
    """In the transaction that calls it answered; told once for each close."""
    ends = [phase.ends_at.isoformat() for phase in consultation.phases.all() if phase.takes_part and phase.ends_at]
    key = f"consultation {consultation.pk} answered after {max(ends, default='')}"
    if is_first_to_announce(key):
        _tell("answered", consultation, actor, key)


def _words_key(consultation: Consultation) -> str:
    return f"consultation {consultation.pk} closing words"


def _tell(kind: str, consultation: Consultation, actor: Person, key: str, **facts: Any) -> None:
    tell(
        kind,
        to=[user_id for user_id in followers(consultation) if user_id != actor.pk],
        key=key,
        url=consultation.get_absolute_url(),
        consultation_id=consultation.pk,
        title=consultation.title,
        **facts,
    )
