"""Telling people what became of what they wrote: one notice for each person and act, whatever the number of theirs."""

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse

from accounts.models import User
from accounts.notices.telling import Fact, tell_each
from comments.models import Disposition
from comments.moderation.kinds import Contribution
from consultations.models import CoAuthor, Consultation, Proposal

LONGEST = 300  # characters of the reason in a notice; the page has the whole


def tell_authors(
    consultation: Consultation,
    contributions: Sequence[Contribution],
    *,
    kind: str,
    reason: str,
    actor: User,
    act: int,
) -> None:
    """In the transaction that gives the disposition. act: number of the audit entry, which names the fact."""
    theirs: dict[int, list[Contribution]] = defaultdict(list)
    signers = _signers(contributions)
    for each in contributions:
        writers = {each.author_id} | (signers[each.pk] if isinstance(each, Proposal) else set())
        for user_id in writers:
            if user_id is not None and user_id != actor.pk:
                theirs[user_id].append(each)
    shown = reason if len(reason) <= LONGEST else f"{reason[:LONGEST]}…"
    said = {"title": consultation.title, "agency": consultation.agency.name, "reason": shown}
    key = f"dispositions {act}"
    one = [Fact(user_id, key, address_of(rows[0]), said) for user_id, rows in theirs.items() if len(rows) == 1]
    many = [
        Fact(user_id, key, _address_of_many(rows), {**said, "count": len(rows)})
        for user_id, rows in theirs.items()
        if len(rows) > 1
    ]
    tell_each(f"disposition_{Disposition.Kind(kind)}", one, consultation_id=consultation.pk)
    tell_each(f"dispositions_{Disposition.Kind(kind)}", many, consultation_id=consultation.pk)


def address_of(contribution: Contribution) -> str:
    """Where its author reads it with what became of it."""
    if isinstance(contribution, Proposal):
        return contribution.get_absolute_url()
    return f"{contribution.get_absolute_url()}#comment-{contribution.pk}"


def _address_of_many(rows: Sequence[Contribution]) -> str:
    """Where a person finds several of their own, each with what became of it."""
    page = reverse("accounts:participation")
    if all(isinstance(each, Proposal) for each in rows):
        return f"{page}?section=proposals"
    return page if any(isinstance(each, Proposal) for each in rows) else f"{page}?section=comments"


def _signers(contributions: Sequence[Contribution]) -> dict[int, set[int | None]]:
    """Proposal -> its co-authors. One query where there are proposals."""
    found: dict[int, set[int | None]] = defaultdict(set)
    proposals = [each.pk for each in contributions if isinstance(each, Proposal)]
    if proposals:
        signed = CoAuthor.objects.filter(proposal__in=proposals, accepted_at__isnull=False, user__isnull=False)
        for proposal_id, user_id in signed.values_list("proposal", "user"):
            found[proposal_id].add(user_id)
    return found
