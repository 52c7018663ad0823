"""The money that a budget consultation decides about, whole or by districts."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.consultation import Consultation


class Budget(models.Model):
    """The money of one consultation. Where it has districts, ``amount_cents`` is the sum of theirs."""

    class DistrictRule(models.TextChoices):
        """In which district somebody votes, besides the part that is everybody's."""

        CHOSEN = "chosen", _("In one that they choose, once")
        RESIDENT = "resident", _("In the one where they live, as the electoral roll says")

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="budget")
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="ARS")  # ISO 4217
    district_rule = models.CharField(max_length=10, choices=DistrictRule.choices, default=DistrictRule.CHOSEN)
    # Where a district has none of its own, or there are no districts. None: all proposals go on to review.
    support_threshold = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.amount_cents / 100} {self.currency}"


class District(models.Model):
    """Part of a budget with money of its own. One of them may be everybody's: the city-wide part."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="districts", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    is_for_all = models.BooleanField(default=False)  # everybody votes in it, besides the district that is theirs
    boundary = models.JSONField(null=True, blank=True)  # GeoJSON (RFC 7946) Polygon or MultiPolygon
    # Supports that send a proposal on to review. None: as the budget as a whole says.
    support_threshold = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        permissions = [("review_district", "Give an opinion on every proposal of a district")]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "position"],
                name="one_district_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["consultation", "name"], name="one_district_a_name", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(is_for_all=True), name="one_part_of_a_budget_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DistrictChoice(models.Model):
    """In which district of a budget somebody votes: chosen once, for good.

    ``voter`` says whose it is as the votes do, by account or by entry on the roll (``voting/rolls/eligible.py``):
    whoever moves an entry to another account chooses no second time. Random ids, and the day only: nothing here tells
    in which order people came to vote.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="district_choices", db_index=False
    )
    voter = models.CharField(max_length=40)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="district_choices")
    district = models.ForeignKey(District, on_delete=models.RESTRICT, related_name="choices")
    chosen_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "voter"], name="a_district_is_chosen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.voter} of {self.consultation_id}"
