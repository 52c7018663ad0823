"""The electoral roll of a consultation: who may vote in its polls, and how that came to be.

A document number never stands here, only its keyed hash (``voting/rolls/keys.py``). No name does either.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models import Consultation


class ElectoralRoll(models.Model):
    """Once there is one, only who is on it votes, in all the polls of the consultation."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="electoral_roll")
    # Both kept up by ``changing.py`` with each change; the manifest of a poll takes them from here.
    size = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=bytes)
    # Whether the document number alone ties an account to its entry. Numbers are no secrets: a code is safer.
    takes_numbers = models.BooleanField(default=False)
    # Whether a ballot here may weigh more than 1. The same from the first ballot on: the manifest says it.
    is_weighted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"roll of {self.consultation_id}"

    def get_absolute_url(self) -> str:
        return reverse("voting:roll", args=[self.consultation.slug])


class EligibleVoter(models.Model):
    """One entry of a roll, known by its e-mail, or by its document number, or by both.

    Removing one keeps the row: whoever is put back has the same pseudonym, and so no second ballot.
    """

    roll = models.ForeignKey(ElectoralRoll, on_delete=models.CASCADE, related_name="voters", db_index=False)
    fingerprint = models.BinaryField(max_length=32)  # keyed hash of the document number; where there is none, e-mail
    is_by_document = models.BooleanField()
    email = models.EmailField(null=True)  # noqa: DJ001 (two without one are not twice the same)
    district = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True)  # by which the agency knows whose letter it is
    weight = models.PositiveIntegerField(default=1)  # as many ballots as theirs counts for: weights.py
    # The account that took the entry over, by code or number. Without one: whoever has the e-mail confirmed.
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="eligibilities")
    code = models.BinaryField(max_length=32, null=True, unique=True)  # keyed hash of the last invitation's code
    code_expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "fingerprint"], name="on_a_roll_once"),
            models.UniqueConstraint(
                fields=["roll", "email"], condition=Q(removed_at__isnull=True), name="an_email_on_a_roll_once"
            ),
            models.UniqueConstraint(
                fields=["roll", "user"], condition=Q(removed_at__isnull=True), name="one_entry_an_account"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=1_000_000), name="a_weight_is_in_range"),
            models.CheckConstraint(
                condition=Q(is_by_document=True) | Q(email__isnull=False), name="an_entry_says_whose_it_is"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk} of roll {self.roll_id}"


class RollChange(models.Model):
    """What was done to a roll. Everybody sees how many, when and why; who did it, the audit shows."""

    class Kind(models.TextChoices):
        LOADED = "loaded", _("Loaded")
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Removed")

    roll = models.ForeignKey(ElectoralRoll, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    count = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="roll_changes")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    size = models.PositiveIntegerField()  # of the roll, after it
    digest = models.BinaryField(max_length=32)  # the same

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class RollUpload(models.Model):
    """A file that was read and waits to be confirmed. One a consultation; gone with the next one, or when loaded."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="roll_upload")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="roll_uploads")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    count = models.PositiveIntegerField(default=0)  # lines that were understood
    faults = models.JSONField(default=dict)  # in the shape of ``loading.Report``

    def __str__(self) -> str:
        return f"upload for {self.consultation_id}"


class StagedVoter(models.Model):
    """A line of an upload, as it will stand on the roll."""

    upload = models.ForeignKey(RollUpload, on_delete=models.CASCADE, related_name="voters")
    line = models.PositiveIntegerField()
    fingerprint = models.BinaryField(max_length=32)
    is_by_document = models.BooleanField()
    email = models.EmailField(null=True)  # noqa: DJ001 (as on the roll)
    district = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    weight = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"line {self.line} of upload {self.upload_id}"


class RollAttempt(models.Model):
    """A code or number that an account typed and that was none: so that nobody guesses for long."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roll_attempts")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"attempt of {self.user_id}"
