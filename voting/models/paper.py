"""Paper ballots on their way into a poll's log: who types them in, in which batches, and what each of two has read.

What was read is gone once the batch is in the log; the paper itself is the evidence.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from voting.models.polls import Poll
from voting.models.rolls import EligibleVoter


class PaperClerk(models.Model):
    """Somebody who types paper ballots into one poll. A row stays when it ends: who did so is public for good."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="clerks", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="paper_clerkships")
    appointed_at = models.DateTimeField(default=timezone.now, editable=False)
    dismissed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "user"], condition=Q(dismissed_at__isnull=True), name="appointed_clerk_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} types for {self.poll_id}"


class PaperBatch(models.Model):
    """The ballots of one place, counted as paper before anybody reads them."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_batches", db_index=False)
    number = models.PositiveSmallIntegerField()  # 1, 2, 3 … of the poll
    place = models.CharField(_("place"), max_length=120)
    ballot_count = models.PositiveIntegerField(_("number of ballots"))
    spoilt_count = models.PositiveIntegerField(null=True)  # known when it is cast, as the rest
    cast_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="one_paper_batch_a_number"),
            models.CheckConstraint(condition=Q(ballot_count__gte=1), name="a_paper_batch_has_ballots"),
            models.CheckConstraint(
                condition=Q(cast_at__isnull=True, spoilt_count__isnull=True)
                | Q(cast_at__isnull=False, spoilt_count__isnull=False),
                name="a_paper_batch_is_cast_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} ({self.number})"


class PaperReading(models.Model):
    """What one clerk has read on one ballot, without seeing what the other one has."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="readings", db_index=False)
    number = models.PositiveIntegerField()  # of the ballot in its batch, as it was written on the paper
    turn = models.PositiveSmallIntegerField()  # the first reading or the second
    clerk = models.ForeignKey(User, on_delete=models.PROTECT, related_name="paper_readings")
    choices = models.JSONField(default=dict)
    is_spoilt = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number", "turn"], name="a_paper_ballot_is_read_twice"),
            models.UniqueConstraint(fields=["batch", "number", "clerk"], name="nobody_reads_a_paper_ballot_twice"),
            models.CheckConstraint(condition=Q(turn__in=[1, 2]), name="a_paper_ballot_has_two_turns"),
            models.CheckConstraint(condition=Q(number__gte=1), name="paper_ballots_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.batch_id}"

    def says(self) -> tuple[bool, dict[str, int]]:
        """What two readings have to agree in."""
        return self.is_spoilt, {} if self.is_spoilt else self.choices


class PaperDecision(models.Model):
    """What a third person read where two differed, and why. The reason and the name stay."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    number = models.PositiveIntegerField()
    choices = models.JSONField(default=dict)
    is_spoilt = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="paper_decisions")
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="a_paper_ballot_is_decided_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.batch_id}"


class PaperVoter(models.Model):
    """That somebody on the roll voted on paper, in which consultation's poll: nobody votes twice. No time, no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="paper_voters", db_index=False)
    entry = models.ForeignKey(EligibleVoter, on_delete=models.PROTECT, related_name="paper_votes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "entry"], name="on_paper_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.poll_id}"
