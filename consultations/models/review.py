"""What the agency's reviewers found of proposals: who is assigned, what each said, and who brought a proposal in."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from accounts.models import User
from consultations.models.budget import District
from consultations.models.consultation import Consultation
from consultations.models.proposal import Feasibility, Proposal

REASON_LENGTH = 2_000


class AssignmentBase(UserObjectPermissionBase):
    """guardian's grant to one person, which is the assignment itself: one row says both."""

    assigned_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def __str__(self) -> str:
        row: Any = self
        return f"{row.user_id} reviews {row.content_object_id}"


class ProposalReviewer(AssignmentBase):
    """That a person reviews one proposal (``review_proposal``)."""

    content_object = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviewers")

    class Meta(AssignmentBase.Meta):
        abstract = False


class DistrictReviewer(AssignmentBase):
    """That a person reviews every proposal of a district, those still to come too (``review_district``)."""

    content_object = models.ForeignKey(District, on_delete=models.CASCADE, related_name="reviewers")

    class Meta(AssignmentBase.Meta):
        abstract = False


class Review(models.Model):
    """What a reader found of a proposal, or what an editor decided where two readers differ.

    Rows are only added: a correction is a new row of the same kind, and the newest of a kind stands.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("First reader")
        SECOND = "second", _("Second reader")
        DECISION = "decision", _("Decision")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="reviews")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # None: the account was erased.
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="reviews")
    feasibility = models.CharField(max_length=12, choices=Feasibility.choices)
    reason = models.TextField(max_length=REASON_LENGTH)  # plain text; public once the review is settled
    cost_cents = models.PositiveBigIntegerField(null=True, blank=True)
    office = models.CharField(max_length=120, blank=True)  # the one that would carry it out
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_review_has_a_reason")]
        triggers = [
            pgtrigger.Protect(name="reviews_are_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="reviews_stay_as_given", exclude=["reviewer"]),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.feasibility}"


class BroughtIn(models.Model):
    """That an editor lets a proposal go on to review without the supports that others needed, and why."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="brought_in")
    reason = models.CharField(max_length=300)  # public
    brought_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="who_is_brought_in_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.reason}"
