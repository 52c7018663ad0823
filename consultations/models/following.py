"""Who wants to know what becomes of a consultation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from consultations.models.consultation import Consultation


class Follow(models.Model):
    """That a person follows a consultation, or has stopped: then the row stays, and taking part changes nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="follows")
    took_part = models.BooleanField(default=False)  # follows because of that, not by the button
    since = models.DateTimeField(default=timezone.now, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["user", "consultation"], name="one_follow_per_person_and_consultation"),
        ]
        indexes = [
            models.Index(fields=["consultation"], condition=Q(stopped_at__isnull=True), name="followers"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.consultation_id}"
