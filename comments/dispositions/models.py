"""What became of each contribution."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models import Article, Proposal


class Disposition(models.Model):
    """What the agency did with one contribution (a comment that begins a thread, an annotation, a proposal), and why.

    article: of a later version, the one whose change answers it. revision: how often it was given; what stood there
    before is in the audit trail.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", _("Taken")
        TAKEN_IN_PART = "taken_in_part", _("Taken in part")
        NOT_TAKEN = "not_taken", _("Not taken")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
        ALREADY_COVERED = "already_covered", _("Already covered")

    comment = models.OneToOneField("comments.Comment", null=True, on_delete=models.CASCADE, related_name="disposition")
    proposal = models.OneToOneField(Proposal, null=True, on_delete=models.CASCADE, related_name="disposition")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.TextField(_("reason"), max_length=2_000)  # public
    article = models.ForeignKey(Article, null=True, on_delete=models.PROTECT, related_name="dispositions")
    given_by = models.ForeignKey(User, editable=False, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=True, proposal__isnull=False)
                | Q(comment__isnull=False, proposal__isnull=True),
                name="a_disposition_is_of_one_contribution",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_disposition_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
