"""What an agency asks of every proposal in a consultation, besides title and text."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation


class CustomField(models.Model):
    """One question that each proposal of a consultation answers. The answers stand in ``Proposal.answers``."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice among several")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="custom_fields")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("what you ask"), max_length=120)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # of kind choice only
    is_required = models.BooleanField(default=False)
    # No longer asked; what was answered stays on the proposals. One that nobody has answered is deleted instead.
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="choice", choices__len__gte=2) | (~Q(kind="choice") & Q(choices=[])),
                name="a_choice_has_two_choices_or_more",
            ),
            models.UniqueConstraint(
                fields=["consultation", "position"],
                name="one_custom_field_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def key(self) -> str:
        """Its key in ``Proposal.answers``: JSON has text keys only."""
        return str(self.pk)

    @property
    def form_name(self) -> str:
        """Its name in a proposal's form, and in refusals."""
        return f"answer_{self.pk}"
