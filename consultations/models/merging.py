"""What became of proposals that officials merged or split: from which one to which, kept for good."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.proposal import Proposal


class Succession(models.Model):
    """That ``source`` is read as ``result`` from then on: merged into it with others, or split into it and others.

    supports_then: how many supported the source. Their supports count for the result since, each person once.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split")

    source = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="successions")
    result = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="precessions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.CharField(max_length=300)  # public
    supports_then = models.PositiveIntegerField()
    # Taken back, with a reason as public as the first.
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_reason = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "result"], condition=Q(undone_at__isnull=True), name="one_succession_of_two_proposals"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_reason="")
                | Q(undone_at__isnull=False) & ~Q(undone_reason=""),
                name="what_is_taken_back_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(source=F("result")), name="no_proposal_succeeds_itself"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_succession_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.result_id}"


class CarriedSupport(models.Model):
    """That a person supported ``proposal`` when it was merged or split. It counts where that one went; this is kept so
    that a mistake can be taken back."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="carried_supports")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="carried_supports")
    created_at = models.DateTimeField(editable=False)  # when it was given

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "proposal"], name="one_carried_support_per_person_and_proposal"),
        ]

    def __str__(self) -> str:
        row: Any = self
        return f"{row.user_id} supported {row.proposal_id}"
