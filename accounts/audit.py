"""Who did what. One function, called by each use case inside its transaction."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction

from accounts.models import AuditEntry, User


def record(
    event: str,
    *,
    actor: User | AnonymousUser | None,
    on: models.Model,
    consultation_id: int | None = None,
    **details: Any,
) -> AuditEntry:
    """Write that ``actor`` (None: the system) did ``event`` to ``on``. ``details`` must be JSON: old and new values.

    Raises TransactionManagementError outside a transaction: a record must stand or fall with its deed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs into the transaction of its deed.")
    return AuditEntry.objects.create(
        event=event,
        actor=actor if isinstance(actor, User) else None,
        object_type=on._meta.label_lower,
        object_id=str(on.pk),
        consultation_id=consultation_id,
        details=details,
    )
