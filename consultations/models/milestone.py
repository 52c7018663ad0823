"""What became of what was decided: pledges, the milestones of each, and what was reported of them."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.storing import DIGEST_LENGTH
from accounts.models import User
from consultations.models.budget import District
from consultations.models.consultation import Consultation
from consultations.models.files import ALT_LENGTH
from consultations.models.proposal import Proposal


class Status(models.TextChoices):
    """Where a milestone stands, as the agency says. That it is overdue nobody says: the clock does."""

    PLANNED = "planned", pgettext_lazy("milestone", "Planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("milestone", "In progress")
    DONE = "done", pgettext_lazy("milestone", "Done")
    DELAYED = "delayed", pgettext_lazy("milestone", "Delayed")
    CANCELLED = "cancelled", pgettext_lazy("milestone", "Cancelled")


OVER = (Status.DONE, Status.CANCELLED)


class Pledge(models.Model):
    """Something that was decided and is to be carried out: a proposal that won, or a goal that stands by itself."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="pledges")
    # None: a goal of a plan, an article of a law.
    proposal = models.OneToOneField(Proposal, null=True, blank=True, on_delete=models.RESTRICT, related_name="pledge")
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.RESTRICT, related_name="pledges")
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("what was promised"), blank=True, max_length=5_000)  # Markdown
    promised_cents = models.PositiveBigIntegerField(_("money"), null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="a_pledge_has_a_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:pledge", args=[self.pk])

    @property
    def shown_title(self) -> str:
        """As everybody reads it: that of a proposal stays out of sight while a moderator hides the proposal."""
        if self.proposal is not None and self.proposal.is_hidden:
            return self.proposal.shown_title
        return self.title


class Milestone(models.Model):
    """A step of carrying out a pledge. Its status is that of its newest report."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("what is to be done"), max_length=200)
    planned_for = models.DateField(_("planned for"), null=True, blank=True)  # the last day on which it is in time
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["planned_for", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="a_milestone_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Report(models.Model):
    """What the agency says of a milestone at a time. Rows are only added: what was said stays readable."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reports")
    status = models.CharField(_("where it stands"), max_length=12, choices=Status.choices)
    body = models.TextField(_("what happened"), max_length=2_000)  # plain text
    spent_cents = models.PositiveBigIntegerField(_("spent so far"), null=True, blank=True)  # on this milestone
    # Where the report moves the date: what it was, and what it is from then on.
    old_planned_for = models.DateField(null=True, editable=False)
    new_planned_for = models.DateField(null=True, blank=True)
    reported_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    # A picture, all of it or nothing.
    alt = models.CharField(_("what the picture shows"), max_length=ALT_LENGTH, blank=True)
    file = models.CharField(max_length=100, blank=True, editable=False)  # name in the storage
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="a_report_says_what_happened"),
            models.CheckConstraint(
                condition=Q(file="", alt="", width__isnull=True) | ~Q(file="") & ~Q(alt="") & Q(width__isnull=False),
                name="a_picture_of_a_report_says_what_it_shows",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="reports_are_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="reports_stay_as_given", exclude=["reported_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.status}"

    @property
    def photo_url(self) -> str:
        return reverse("consultations:report-photo", args=[self.pk, self.digest]) if self.file else ""


class PledgeFollow(models.Model):
    """That a person wants to be told of every report on one pledge."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pledge_follows")
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["user", "pledge"], name="one_follow_per_person_and_pledge"),
        ]

    def __str__(self) -> str:
        row: Any = self
        return f"{row.user_id} follows {row.pledge_id}"
