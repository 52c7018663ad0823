"""Who is told of a new comment: whom it answers, and whom it mentions. Each once, and nobody of their own words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from accounts.notices.telling import tell
from comments.models import Comment


def tell_of(comment: Comment) -> None:
    """Tell those whom a comment concerns, in the transaction that shows it to them: of a held one, its release.

    May be called again: who was told of this comment is not told twice, whether as answered or as mentioned.
    """
    if comment.held_at is not None:
        return
    consultation = comment.consultation
    facts: dict[str, Any] = {
        "key": f"comment {comment.pk}",
        "url": f"{comment.get_absolute_url()}#comment-{comment.pk}",
        "consultation_id": consultation.pk,
        "title": consultation.title,
    }
    answered = comment.answers.author_id if comment.answers else None
    to = _who_may_read(comment, [answered])
    if comment.is_official:
        tell("official_reply", to=to, agency=consultation.agency.name, **facts)
        name = consultation.agency.name
    else:
        name = comment.author.name if comment.author else ""
        name = name or gettext("Somebody")
        tell("reply", to=to, name=name, **facts)
    mentioned = _who_may_read(comment, comment.mentions.values_list("user", flat=True))
    tell("mention", to=[user_id for user_id in mentioned if user_id not in to], name=name, **facts)


def _who_may_read(comment: Comment, user_ids: Iterable[int | None]) -> list[int]:
    """Those of them who still see the consultation, without the comment's own author."""
    found = User.objects.filter(pk__in=[pk for pk in user_ids if pk is not None and pk != comment.author_id])
    if not comment.consultation.is_private:
        return [user.pk for user in found]
    return [user.pk for user in found if user.has_perm("consultations.view_consultation", comment.consultation)]
