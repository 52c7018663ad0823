"""What was done, and by whom."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class AuditEntry(models.Model):
    """That somebody did something, written in the transaction of the deed.

    Holds no foreign key to what it audits, so that it outlives it. Casting a ballot is never audited: beside a log
    that orders ballots, nothing may order voters.
    """

    event = models.CharField(max_length=60)  # room.noun_past_tense: comments.comment_hidden
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    consultation_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["consultation_id", "-id"], name="audit_of_a_consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_type} {self.object_id}"
