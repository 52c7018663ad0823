"""What a person is told: in the product at once, by e-mail as they chose."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class Notice(models.Model):
    """One fact that one person is told, once. Its words are made from ``kind`` and ``facts`` in the reader's language.

    ``consultation_id`` and ``url`` name what it is about without a foreign key: rooms above this one write notices.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)  # a key of KINDS in accounts/notices/kinds.py
    key = models.CharField(max_length=120)  # names the fact: the same fact is told a person once
    consultation_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300)  # a path of ours
    facts = models.JSONField(default=dict)  # what the sentence of the kind needs: titles, names, times
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)  # went into an e-mail, or needs none

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="each_fact_is_told_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notices_of_a_person"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="unread_notices"),
            models.Index(fields=["id"], condition=models.Q(mailed_at__isnull=True), name="notices_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
