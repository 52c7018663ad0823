"""Telling those who have a ballot lying about that it does not count: once, a day before the close; and again before a
later close, where voting is extended meanwhile, if they still have not voted.

Only the poll's secret leads from a draft to its voter; what is written down is the notice, to all of them at once.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.notices.telling import is_first_to_announce, tell
from voting.ballots.own import marks_that_voted
from voting.ballots.shapes import account_mark
from voting.models import BallotDraft, Poll, PollSecret
from voting.rolls.eligible import voters_named

BEFORE = timedelta(days=1)


def remind_of_drafts(now: datetime) -> None:
    """Called by every worker every minute."""
    closing = Poll.objects.filter(closed_at__isnull=True, phase__ends_at__gt=now, phase__ends_at__lte=now + BEFORE)
    closing = closing.filter(phase__starts_at__lte=now, consultation__published_at__isnull=False)
    for poll in closing.filter(pk__in=BallotDraft.objects.values("poll")).select_related("consultation", "phase"):
        if not _is_time(poll, now):
            continue
        with transaction.atomic():
            assert poll.phase.ends_at is not None
            key = f"drafts in poll {poll.pk} until {poll.phase.ends_at.isoformat()}"
            if is_first_to_announce(key):
                tell(
                    "ballot_draft_waits",
                    to=voters_with_a_draft(poll),
                    key=key,
                    url=poll.get_absolute_url(),
                    consultation_id=poll.consultation_id,
                    stale_at=poll.phase.ends_at,
                    question=poll.question,
                    closes_at=poll.phase.ends_at.isoformat(),
                )


def _is_time(poll: Poll, now: datetime) -> bool:
    """A day before the close; in a vote of a day or two, in its last quarter."""
    ends_at = poll.phase.ends_at
    return ends_at is not None and now >= ends_at - min(BEFORE, (ends_at - poll.phase.starts_at) / 4)


def voters_with_a_draft(poll: Poll) -> list[int]:
    """The accounts of those who have a draft and no ballot."""
    key = PollSecret.objects.filter(poll=poll).values_list("key", flat=True).first()
    if key is None:
        return []
    drafts = {bytes(each) for each in BallotDraft.objects.filter(poll=poll).values_list("account_mark", flat=True)}
    waiting = drafts - marks_that_voted(drafts)
    return [user for _name, user in voters_named(poll) if account_mark(user, bytes(key)) in waiting]
