"""From notices to letters: what is due goes into exactly one, in one transaction.

A letter holds facts of one person about one consultation: a digest at the end of a period, or what comes as it comes.
Nothing is sent here.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Letter, Notice, Pace
from accounts.notices.kinds import KINDS, urgent_kinds
from accounts.notices.paces import period_end, period_ends

logger = logging.getLogger(__name__)

GROUPS_AT_A_TIME = 500


def compose_letters(now: datetime) -> int:
    """Put what is due at ``now`` into letters. Returns how many groups it looked at: none, there is no more to do."""
    due = Notice.objects.with_pace().due(period_ends(now), urgent_kinds())
    groups = due.order_by().values_list("user_id", "consultation_id").distinct()[:GROUPS_AT_A_TIME]
    return sum(_compose_apart(user_id, consultation_id, now) for user_id, consultation_id in list(groups))


def _compose_apart(user_id: int, consultation_id: int | None, now: datetime) -> bool:
    """What cannot be composed for one person must not keep the others' letters."""
    try:
        return compose_for(user_id, consultation_id, now)
    except Exception:
        logger.exception("No letter to %s about consultation %s", user_id, consultation_id)
        return False


def compose_for(user_id: int, consultation_id: int | None, now: datetime) -> bool:
    """The letters that one person is due about one consultation. False where another worker was faster.

    Locks the notices, skipping those that another worker has.
    """
    with transaction.atomic():
        due = Notice.objects.filter(user_id=user_id, consultation_id=consultation_id)
        due = due.with_pace().due(period_ends(now), urgent_kinds()).order_by("pk")
        notices = list(due.select_for_update(of=("self",), skip_locked=True))
        wanted = [notice for notice in notices if _needs_mail(notice, now)]
        _mark(set(notices) - set(wanted), None, now)
        for notice in wanted:
            if KINDS[notice.kind].is_urgent:
                _mark([notice], _letter(user_id, consultation_id, None, now), now)
        rest = [notice for notice in wanted if not KINDS[notice.kind].is_urgent]
        put_aside = 0
        if rest:
            period = period_end(rest[0].pace, now)  # type: ignore[attr-defined]
            letter = _letter(user_id, consultation_id, period, now)
            if letter is None:  # committed late: told of a period whose digest is written; they go with the next
                put_aside = len(rest)
            else:
                _mark(rest, letter, now)
        return len(notices) > put_aside


def _needs_mail(notice: Notice, now: datetime) -> bool:
    if notice.read_at is not None or notice.kind not in KINDS:
        return False
    is_stale = notice.stale_at is not None and notice.stale_at <= now
    return not is_stale and notice.pace != Pace.NEVER  # type: ignore[attr-defined]


def _letter(user_id: int, consultation_id: int | None, period: datetime | None, now: datetime) -> Letter | None:
    """A new letter; None where the digest of this period exists."""
    about = {"user_id": user_id, "consultation_id": consultation_id, "period": period}
    rest = {"kind": Letter.Kind.NOTICES, "try_at": now, "created_at": now}
    if period is None:
        return Letter.objects.create(**about, **rest)
    letter, is_new = Letter.objects.get_or_create(**about, defaults=rest)
    return letter if is_new else None


def _mark(notices: Sequence[Notice] | set[Notice], letter: Letter | None, now: datetime) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now, letter=letter)
