"""The public record of dates that were changed after publishing."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from consultations.models.consultation import Consultation, Phase


class DateChange(models.Model):
    """That a phase of a published consultation was extended, moved or ended early: when, by whom and why.

    Keeps the kind and not the phase, so that it stays when the phase goes.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="date_changes")
    phase_kind = models.CharField(max_length=12, choices=Phase.Kind.choices)
    old_starts_at = models.DateTimeField()
    old_ends_at = models.DateTimeField(null=True)
    # Both empty: the phase was taken out.
    new_starts_at = models.DateTimeField(null=True)
    new_ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)  # public
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_date_change_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.phase_kind}: {self.reason}"

    @property
    def is_removal(self) -> bool:
        return self.new_starts_at is None

    @property
    def is_move(self) -> bool:
        """Whether it begins at another time than before: a later phase that went along with an extended one."""
        return self.new_starts_at is not None and self.new_starts_at != self.old_starts_at

    @property
    def is_extension(self) -> bool:
        """Whether it begins as before and ends later."""
        if self.is_removal or self.is_move or self.old_ends_at is None or self.new_ends_at is None:
            return False
        return self.new_ends_at > self.old_ends_at

    @property
    def is_early_end(self) -> bool:
        if self.is_removal or self.is_move or self.new_ends_at is None:
            return False
        return self.old_ends_at is None or self.new_ends_at < self.old_ends_at
