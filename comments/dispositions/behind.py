"""The contributions behind a change: "this article changed because of 12 annotations"."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from comments.dispositions.contributions import CITIZENS_ROOTS, COMMENTS_IN_SIGHT, PROPOSALS_IN_SIGHT
from comments.models import Disposition
from consultations.models import Version
from frontend.formats import number


@dataclass(frozen=True)
class Behind:
    """Of one article: how many contributions of each kind its change answers, and where they are listed."""

    counts: Counter[str]
    url: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        """What readers of the change are told."""
        if set(self.counts) == {"annotation"}:
            sentence = ngettext(
                "This changed because of one annotation.", "This changed because of %(number)s annotations.", self.total
            )
        else:
            sentence = ngettext(
                "This changed because of one contribution.",
                "This changed because of %(number)s contributions.",
                self.total,
            )
        return sentence % {"number": number(self.total)}


def behind(version: Version, *, after: int = 0) -> dict[UUID, Behind]:
    """Identity of an article -> what its changes answer, from the version that follows number ``after`` to this one.

    after: the older version of a comparison; 0 for all that changed until now. What is out of sight by now is left out.
    One query, however many articles there are.
    """
    in_sight = Q(comment__isnull=True) | _of("comment", CITIZENS_ROOTS & COMMENTS_IN_SIGHT)
    shown = Q(proposal__isnull=True) | _of("proposal", PROPOSALS_IN_SIGHT)
    rows = Disposition.objects.filter(
        in_sight,
        shown,
        article__version__document=version.document_id,
        article__version__number__gt=after,
        article__version__number__lte=version.number,
    ).values_list("article__identity", "proposal", "comment__annotation")
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for identity, proposal, annotation in rows:
        found[identity]["proposal" if proposal else "annotation" if annotation else "comment"] += 1
    report = reverse("comments:reply-report", args=[version.document.consultation.slug])
    return {identity: Behind(counts, f"{report}?change={identity}") for identity, counts in found.items()}


def _of(prefix: str, condition: Q) -> Q:
    """A condition on contributions as one on dispositions."""
    prefixed = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            prefixed.children.append(_of(prefix, child))
        else:
            name, value = child  # type: ignore[misc]
            prefixed.children.append((f"{prefix}__{name}", value))
    return prefixed
