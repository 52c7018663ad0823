"""What stands beside the outcome that a method decided: what the agency decided otherwise, and the other methods."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from voting.models.polls import Option, Poll


class Deviation(models.Model):
    """That the agency decided otherwise than the count, and why. Only ever added: a later one takes an earlier back.

    Who did it stands in the audit trail. ``voting/ballots/triggers.py`` keeps the rows as they are.
    """

    class Kind(models.TextChoices):
        EXCLUDED = "excluded", _("Won by the count, and does not go ahead")
        ADDED = "added", _("Did not win by the count, and goes ahead")

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="deviations")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="deviations", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=1000)  # public
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_deviation_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.option_id} {self.kind} in poll {self.poll_id}"


class OtherOutcomes(models.Model):
    """Who would have won a budget by the other methods, on the same ballots. Kept, as it never changes."""

    poll = models.OneToOneField(Poll, primary_key=True, on_delete=models.PROTECT, related_name="other_outcomes")
    winners = models.JSONField()  # code of the method -> ids of options, in the order in which they would have won

    def __str__(self) -> str:
        return f"other outcomes of poll {self.poll_id}"
