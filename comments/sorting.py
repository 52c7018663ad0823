"""The orders in which threads are read. Each page is found by keyset: by the last thread of the page before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from comments.models import Comment

Rank = tuple[Any, ...]


@dataclass(frozen=True)
class Sort:
    """One order; ties are broken by what is newer.

    first: what comes first has most of it, for the database; None: age alone decides.
    rank: the same for a thread's root and the replies that are shown with it, official ones always among them.
    """

    name: str
    label: Text
    first: Combinable | Q | None
    rank: Callable[[Any, Sequence[Comment]], Rank]

    def page(self, roots: QuerySet[Comment], after: int | None) -> QuerySet[Comment]:
        """``roots`` in this order, from the one that follows root ``after``. That one's rank is read as it is now."""
        if self.first is None:
            found = roots.order_by("-pk")
            return found if after is None else found.filter(pk__lt=after)
        ranked = roots.alias(first=self.first)
        found = ranked.order_by(F("first").desc(), "-pk")
        if after is None:
            return found
        last = Subquery(Comment.objects.annotate(first=self.first).filter(pk=after).values("first")[:1])
        return found.filter(Q(first__lt=last) | Q(first=last, pk__lt=after))


_replies = Comment.objects.released().filter(root=OuterRef("pk")).order_by()
_reply_count = Coalesce(Subquery(_replies.values("root").annotate(n=Count("pk")).values("n")), Value(0))
_has_official = Exists(_replies.filter(is_official=True)) | Q(is_official=True)

NEWEST = Sort("newest", _("Newest"), None, lambda root, replies: (root.pk,))
BEST = Sort("best", _("Best"), F("agree_floor"), lambda root, replies: (root.agree_floor, root.pk))
DISCUSSED = Sort("discussed", _("Most discussed"), _reply_count, lambda root, replies: (root.reply_count, root.pk))
OFFICIAL = Sort(
    "official",
    _("Official replies first"),
    _has_official,
    lambda root, replies: (root.is_official or any(reply.is_official for reply in replies), root.pk),
)

SORTS = {sort.name: sort for sort in (NEWEST, BEST, DISCUSSED, OFFICIAL)}


def sort_named(name: str) -> Sort:
    """The one that an address asks for; the newest first where it asks for none that there is."""
    return SORTS.get(name, NEWEST)
