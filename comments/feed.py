"""What feeds tell of comments: the agency's official replies, as far as anybody may read them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext

from comments import mentions
from comments.models import Comment
from comments.queries import with_mentioned
from consultations.feeds.entries import ENTRIES, Entry
from frontend.markup import plain

LONGEST = 300


def official_replies(ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """Those in sight."""
    in_sight = Comment.objects.released().filter(hidden_at__isnull=True, deleted_at__isnull=True)
    found = in_sight.filter(consultation__in=ids, is_official=True, created_at__lte=now)
    found = found.exclude(proposal__hidden_at__isnull=False).exclude(proposal__held_at__isnull=False)
    for comment in with_mentioned(found).select_related("consultation__agency").order_by("-created_at")[:ENTRIES]:
        words = {"agency": comment.consultation.agency.name, "title": comment.consultation.title}
        text = plain(mentions.in_markdown(comment))
        yield Entry(
            key=f"comment-{comment.pk}",
            title=gettext("%(agency)s answers in “%(title)s”") % words,
            path=comment.get_absolute_url(),
            at=comment.created_at,
            consultation_id=comment.consultation_id,
            summary=text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]}…",
        )
