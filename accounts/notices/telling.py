"""Telling people: the one function that the use cases of every room call, inside their transaction."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import Notice
from accounts.notices.kinds import KINDS


def tell(
    kind: str, *, to: Iterable[int | None], key: str, url: str, consultation_id: int | None = None, **facts: str | int
) -> None:
    """Write a notice for each person, in the transaction of the deed: it stands or falls with it.

    kind: of ``KINDS``. to: ids of users; None (an erased author) and doubles are left out; leave out the one who did it
    yourself. key: names the fact ("comment 12 hidden, decision 7"): who was told it already is not told again.
    url: a path of ours. facts: JSON, what the sentence of the kind needs.
    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A notice belongs into the transaction of what it tells.")
    assert kind in KINDS, kind
    people = sorted({user_id for user_id in to if user_id is not None})
    Notice.objects.bulk_create(
        [
            Notice(user_id=user_id, kind=kind, key=key, url=url, consultation_id=consultation_id, facts=facts)
            for user_id in people
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
