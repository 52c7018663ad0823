"""What the clock brings, told once to those who follow: a phase begins, is about to end, was the last.

Done by every worker every minute, and idempotent: a fact is announced by whoever comes first, within a day after it
happened, or never: nobody wants to hear on Friday that voting began on Monday.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts.notices.telling import is_first_to_announce, tell
from consultations.following import followers
from consultations.models import Consultation, Phase

NEWS_FOR = timedelta(days=1)  # after that it is no news any more
SHORT = timedelta(days=6)  # a phase up to this long says a day before its end that it ends, a longer one three days
SHORTEST = timedelta(days=2)  # one up to this long does not: its beginning was said a moment ago
# Not the end of a review or of looking at costs: those are not a last chance of anybody's.
CLOSES_SOON = {
    Phase.Kind.PROPOSALS: "proposals_close_soon",
    Phase.Kind.SUPPORT: "support_closes_soon",
    Phase.Kind.DISCUSSION: "discussion_closes_soon",
    Phase.Kind.VOTING: "voting_closes_soon",
}


def announce_phases(now: datetime) -> None:
    """Tell what has happened by ``now`` and was not told yet."""
    published = Phase.objects.filter(consultation__published_at__isnull=False).select_related("consultation")
    # What had begun when the consultation was published was there to be seen: it is no news to anybody.
    for phase in published.filter(
        starts_at__lte=now, starts_at__gt=now - NEWS_FOR, consultation__published_at__lte=F("starts_at")
    ):
        _announce_once(f"phase {phase.pk} began {phase.starts_at:%Y-%m-%dT%H:%MZ}", f"{phase.kind}_began", phase)
    for phase in published.filter(ends_at__gt=now, ends_at__lte=now + timedelta(days=3), kind__in=CLOSES_SOON):
        if closes_soon(phase, now):
            key = f"phase {phase.pk} closes {phase.ends_at:%Y-%m-%dT%H:%MZ}"
            _announce_once(key, CLOSES_SOON[Phase.Kind(phase.kind)], phase)
    for phase in published.filter(ends_at__lte=now, ends_at__gt=now - NEWS_FOR):
        if phase.ends_at is not None and _was_the_last(phase):
            _announce_once(
                closed_key(phase.consultation_id, phase.ends_at),
                "consultation_closed",
                phase,
            )


def closed_key(consultation_id: int, ends_at: datetime) -> str:
    """Names the fact that a consultation's time ended then: said by the clock, or by who closed it early."""
    return f"consultation {consultation_id} closed {ends_at:%Y-%m-%dT%H:%MZ}"


def closes_soon(phase: Phase, now: datetime) -> bool:
    """Whether it is time to say that the phase ends: once, three days before its end, or one."""
    if phase.ends_at is None:
        return False
    length = phase.ends_at - phase.starts_at
    notice = timedelta(days=1) if length <= SHORT else timedelta(days=3)
    return length > SHORTEST and phase.ends_at - notice <= now < phase.ends_at


def _was_the_last(phase: Phase) -> bool:
    """Whether nobody can take part any more after it. What begins at the same moment is told as a beginning."""
    others = Phase.objects.filter(consultation=phase.consultation_id, starts_at__gte=phase.ends_at)
    goes_on = others.filter(~Q(kind__in=[Phase.Kind.RESULTS, Phase.Kind.FOLLOW_UP]) | Q(starts_at=phase.ends_at))
    return phase.takes_part and not goes_on.exists()


def _announce_once(key: str, kind: str, phase: Phase) -> None:
    consultation: Consultation = phase.consultation
    with transaction.atomic():
        if is_first_to_announce(key):
            closes_at = {"closes_at": phase.ends_at.isoformat()} if kind in CLOSES_SOON.values() else {}  # type: ignore[union-attr]
            tell(
                kind,
                to=followers(consultation),
                key=key,
                url=consultation.get_absolute_url(),
                consultation_id=consultation.pk,
                stale_at=phase.ends_at if not kind.endswith("closed") else None,
                title=consultation.title,
                **closes_at,
            )
