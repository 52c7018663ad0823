"""The outcome of a poll, told once to those who follow its consultation. The counts stay behind the results gate."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.notices.telling import is_first_to_announce, tell
from consultations.following import followers
from voting.models import Poll
from voting.results.gate import is_public_count

NEWS_FOR = timedelta(days=1)


def announce_outcomes(now: datetime) -> None:
    """Tell which polls have an outcome by ``now`` that was not told yet. Called by every worker every minute.

    Of one under embargo it is news when that ends, however long after the close.
    """
    is_news = Q(closed_at__gt=now - NEWS_FOR) | Q(embargo_until__gt=now - NEWS_FOR)
    closed = Poll.objects.filter(is_news, closed_at__lte=now, outcome__isnull=False)
    for poll in closed.filter(consultation__published_at__isnull=False).select_related("consultation"):
        if not is_public_count(poll):
            continue
        with transaction.atomic():
            key = f"outcome of poll {poll.pk}"
            if is_first_to_announce(key):
                tell(
                    "outcome",
                    to=followers(poll.consultation),
                    key=key,
                    url=poll.get_absolute_url(),
                    consultation_id=poll.consultation_id,
                    question=poll.question,
                    title=poll.consultation.title,
                )
