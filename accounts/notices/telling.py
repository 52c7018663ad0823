"""Telling people: what the use cases of every room call, inside their transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Announcement, Notice
from accounts.notices.kinds import KINDS
from accounts.notices.tasks import empty_outbox


def tell(
    kind: str,
    *,
    to: Iterable[int | None],
    key: str,
    url: str,
    consultation_id: int | None = None,
    stale_at: datetime | None = None,
    **facts: str | int,
) -> None:
    """Write a notice for each person, in the transaction of the deed: it stands or falls with it.

    kind: of ``KINDS``. to: ids of users; None (an erased author) and doubles are left out; leave out the one who did it
    yourself. key: names the fact ("comment 12 hidden, decision 7"): who was told it already is not told again.
    url: a path of ours; what it leads to must still be visible to the person when they are told (``sight.py``).
    stale_at: no e-mail tells it from then on. facts: JSON, what the sentence of the kind needs.
    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice belongs into the transaction of what it tells.")
    assert kind in KINDS, kind
    people = sorted({user_id for user_id in to if user_id is not None})
    if not people:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user_id,
                kind=kind,
                key=key,
                url=url,
                consultation_id=consultation_id,
                stale_at=stale_at,
                facts=facts,
            )
            for user_id in people
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    empty_outbox.enqueue()


@dataclass(frozen=True)
class Fact:
    """What one person is told: as ``tell`` takes it."""

    user_id: int
    key: str
    url: str
    facts: Mapping[str, str | int]


def tell_each(kind: str, told: Sequence[Fact], *, consultation_id: int | None = None) -> None:
    """``tell`` for an act that thousands learn of, each in their own words and with their own address."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice belongs into the transaction of what it tells.")
    assert kind in KINDS, kind
    if not told:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=fact.user_id,
                kind=kind,
                key=fact.key,
                url=fact.url,
                consultation_id=consultation_id,
                facts=dict(fact.facts),
            )
            for fact in told
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    empty_outbox.enqueue()


def forget_who(keys: Iterable[str]) -> None:
    """Who did these facts has erased the account: whoever was told of them reads “Somebody” instead of the name."""
    told = list(Notice.objects.filter(key__in=list(keys), facts__has_key="name").select_related("user"))
    for notice in told:
        with translation.override(notice.user.language):
            notice.facts["name"] = gettext("Somebody")
    Notice.objects.bulk_update(told, ["facts"], batch_size=1_000)


def make_stale(kinds: Iterable[str], *, consultation_id: int) -> None:
    """No e-mail tells these of a consultation any more: what they say has been overtaken. The site still lists them."""
    now = timezone.now()
    told = Notice.objects.filter(consultation_id=consultation_id, kind__in=kinds)
    told.filter(Q(stale_at__isnull=True) | Q(stale_at__gt=now)).update(stale_at=now)


def is_first_to_announce(key: str) -> bool:
    """Whether nobody has announced the fact yet; from now on it is announced.

    Call it in the transaction that tells. Of two workers at once the second waits for the first, then learns that it
    is not the first.
    """
    return Announcement.objects.get_or_create(key=key)[1]
