"""Who may not write in a consultation any more."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from consultations.models.consultation import Consultation


class BlockQuerySet(models.QuerySet["Block"]):
    def standing(self) -> Self:
        """Those that nobody has lifted and that are not over, by the database's clock."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()), lifted_at__isnull=True)


class Block(models.Model):
    """That a moderator keeps an account from writing in one consultation. It may read and vote as before.

    Written by ``comments/moderation/blocking.py``, asked by ``permissions.py``.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="blocks")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    reason = models.CharField(max_length=300)  # the person reads it; the public ledger has it too, without the person
    blocked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    blocked_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True)  # None: as long as the consultation lasts
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "user"],
                condition=Q(lifted_at__isnull=True),
                name="one_block_per_consultation_and_person",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("blocked_at")), name="a_block_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_lifted_block_has_a_moderator",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_block_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.consultation}"
