"""What feeds tell of votes: that an outcome is known, where the results gate shows the count to everybody."""

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.notices.kinds import sentence_of
from consultations.feeds.entries import ENTRIES, Entry
from voting.models import Poll
from voting.results.gate import is_public_count


def outcomes(ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """Of closed polls. Who wins stands on the page, which asks the gate again."""
    closed = Poll.objects.filter(consultation__in=ids, closed_at__lte=now, outcome__isnull=False)
    for poll in closed.select_related("consultation").order_by("-closed_at")[:ENTRIES]:
        if not is_public_count(poll):
            continue
        assert poll.closed_at is not None
        yield Entry(
            key=f"poll-{poll.pk}-outcome",
            title=sentence_of("outcome", {"question": poll.question, "title": poll.consultation.title}),
            path=poll.get_absolute_url(),
            at=max(poll.closed_at, poll.embargo_until or poll.closed_at),  # when everybody came to see it
            consultation_id=poll.consultation_id,
        )
