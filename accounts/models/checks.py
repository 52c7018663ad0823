"""That an official has seen who somebody is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Agency, User


class IdentityCheck(models.Model):
    """An agency looked at a person's papers: when, who did it, and what they show. Never the papers or their number."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("Identity")
        RESIDENCE = "residence", _("Residence")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identity_checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="identity_checks")
    checked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)  # it was a mistake

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "agency"],
                condition=Q(taken_back_at__isnull=True),
                name="one_standing_check_of_a_kind_and_agency",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
