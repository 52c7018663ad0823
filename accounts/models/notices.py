"""What a person is told: in the product at once, by e-mail as they chose. Together the outbox that a worker empties."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models.people import Pace, User


class Letter(models.Model):
    """One e-mail to one person, on its way until it is sent or dropped. What it says is made when it is sent."""

    class Kind(TextChoices):
        NOTICES = "notices"  # facts: its notices
        MEMBER = "member"  # facts of accounts/letters.py: somebody works for an agency now
        ROLL = "roll"  # facts of voting/rolls/inviting.py: an invitation, to somebody who may have no account

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="letters")  # None: see ROLL
    kind = models.CharField(max_length=12, choices=Kind.choices)
    consultation_id = models.BigIntegerField(null=True)
    period = models.DateTimeField(null=True)  # of a digest: the end of the time that it tells of
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(default=timezone.now)  # not before; also the lease of the worker that tries now
    sent_at = models.DateTimeField(null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)
    dropped_because = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "consultation_id", "period"],
                condition=Q(period__isnull=False),
                nulls_distinct=False,
                name="one_digest_a_period",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True), name="a_letter_is_sent_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="letters_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} to {self.user_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def with_pace(self) -> Self:
        """Annotates ``pace``: what the person chose for this consultation, otherwise for everything."""
        choices = MailChoice.objects.filter(
            user=models.OuterRef("user"), consultation_id=models.OuterRef("consultation_id")
        )
        return self.annotate(pace=Coalesce(models.Subquery(choices.values("pace")[:1]), F("user__mail_pace")))

    def due(self, ends: dict[str, datetime], urgent: list[str]) -> Self:
        """Those for which it is time to go into an e-mail, or to be found to need none. Needs ``with_pace``.

        ends: for each pace with digests, when its last period ended. urgent: the kinds that wait for no digest.
        """
        waits_until = Case(*(When(pace=pace, then=Value(end)) for pace, end in ends.items()), default=None)
        past = self.filter(mailed_at__isnull=True).annotate(
            waits_until=models.ExpressionWrapper(waits_until, models.DateTimeField(null=True))
        )
        return past.filter(Q(waits_until__isnull=True) | Q(kind__in=urgent) | Q(created_at__lt=F("waits_until")))


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
    stale_at = models.DateTimeField(null=True)  # no e-mail tells it after this: "closes tomorrow", a week later
    read_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)  # went into an e-mail, or needs none
    letter = models.ForeignKey(Letter, null=True, editable=False, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="each_fact_is_told_once"),
            models.CheckConstraint(
                condition=Q(letter__isnull=True) | Q(mailed_at__isnull=False), name="a_notice_in_a_letter_is_mailed"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notices_of_a_person"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="unread_notices"),
            models.Index(fields=["id"], condition=Q(mailed_at__isnull=True), name="notices_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def get_absolute_url(self) -> str:
        """Marks it read and leads on to ``url``."""
        return reverse("accounts:open-notice", args=[self.pk])


class MailChoice(models.Model):
    """How often a person wants e-mail about one consultation, where that differs from their choice for all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_choices")
    consultation_id = models.BigIntegerField()
    pace = models.CharField(max_length=8, choices=Pace.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "consultation_id"], name="one_mail_choice_a_consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.consultation_id}: {self.pace}"


class Announcement(models.Model):
    """That a fact of the clock, or of many people, has been told to all whom it concerned: who comes later is not."""

    key = models.CharField(max_length=120, unique=True)  # of the notices
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.key
