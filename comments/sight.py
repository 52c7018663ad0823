"""Which comments a notice may lead to, and whom: asked whenever people are told (``accounts/notices/sight.py``)."""

from collections.abc import Sequence

from django.db.models import Q

from accounts.models import Notice, User
from accounts.notices.sight import ids_in_addresses
from comments.models import Comment


def unseen(user: User, notices: Sequence[Notice]) -> set[int]:
    """Notices about comments that are hidden, deleted or held, but the person's own; or on proposals out of sight."""
    comments = ids_in_addresses(notices, "comments:comment")
    if not comments:
        return set()
    in_sight = Q(hidden_at__isnull=True, deleted_at__isnull=True)
    of_a_shown_proposal = Q(proposal__isnull=True) | Q(proposal__hidden_at__isnull=True, proposal__withdrawn_at=None)
    found = Comment.objects.visible_to(user).filter(pk__in=comments.values())
    shown = set(found.filter(in_sight & of_a_shown_proposal | Q(author=user)).values_list("pk", flat=True))
    return {notice_id for notice_id, pk in comments.items() if pk not in shown}
