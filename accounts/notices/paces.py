"""When the time of a digest ends: each morning, each Monday morning, by the site's clock."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Pace

MORNING = time(8)  # in the site's time zone
MONDAY = 0


def period_ends(now: datetime) -> dict[str, datetime]:
    """For each pace with digests, the last moment up to ``now`` at which a period ended."""
    return {pace.value: end for pace in Pace if (end := period_end(pace, now)) is not None}


def period_end(pace: str, now: datetime) -> datetime | None:
    """The last moment up to ``now`` at which a period of this pace ended; None where there are no digests."""
    if pace not in (Pace.DAILY, Pace.WEEKLY):
        return None
    day = timezone.localtime(now, timezone.get_default_timezone()).date()
    if pace == Pace.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    end = datetime.combine(day, MORNING, tzinfo=timezone.get_default_timezone())
    if end <= now:
        return end
    day -= timedelta(days=7 if pace == Pace.WEEKLY else 1)
    return datetime.combine(day, MORNING, tzinfo=timezone.get_default_timezone())
