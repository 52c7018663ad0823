"""What people agreed to."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class Consent(models.Model):
    """That a person agreed to a version of the terms and of how data are treated.

    ``User.terms_version`` is the last one. Its id is random: one often agrees just before one votes, and numbers would
    keep the order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="one_consent_per_person_and_version")]

    def __str__(self) -> str:
        return f"{self.user_id} agreed to version {self.version}"
