"""What hangs on a proposal: who supports it, who writes it too, what it said before, and what is not sent yet."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.budget import District
from consultations.models.consultation import Consultation
from consultations.models.proposal import Proposal


class Support(models.Model):
    """That a person is for a proposal, or for a consultation that is a cause. Interest, not a vote. Who it is, is
    shown to nobody else."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="supports")
    # None: for the consultation itself.
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="supports")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supports")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["consultation"], condition=Q(proposal__isnull=True), name="supports_of_a_cause"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "proposal"], name="one_support_per_person_and_proposal"),
            models.UniqueConstraint(
                fields=["user", "consultation"],
                condition=Q(proposal__isnull=True),
                name="one_support_per_person_and_cause",
            ),
        ]
        # Proposal.support_count is this table counted. The database counts: also what an erased account takes along.
        triggers = [
            pgtrigger.Trigger(
                name="count_supports",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=pgtrigger.Func(
                    """
                    IF TG_OP = 'INSERT' THEN
                        UPDATE {proposals} SET support_count = support_count + 1 WHERE id = NEW.proposal_id;
                    ELSE
                        UPDATE {proposals} SET support_count = support_count - 1 WHERE id = OLD.proposal_id;
                    END IF;
                    RETURN NULL;
                    """.replace("{proposals}", Proposal._meta.db_table)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.proposal_id or self.consultation_id}"


class CoAuthor(models.Model):
    """Somebody whom the author asked by e-mail to sign the proposal too. ``user`` is set once they accept."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="co_authors")
    email = models.EmailField(_("e-mail"))
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="co_authorships")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)  # or left afterwards; is not asked again

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["email"], name="invitations_of_an_address")]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "email"], name="one_invitation_per_address"),
            models.UniqueConstraint(fields=["proposal", "user"], name="a_co_author_signs_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="an_invitation_is_in_lower_case"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, user__isnull=True)
                | Q(accepted_at__isnull=False, user__isnull=False, declined_at__isnull=True),
                name="who_accepts_has_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.proposal_id}"

    @property
    def is_open(self) -> bool:
        """Whether the person has not answered yet."""
        return self.accepted_at is None and self.declined_at is None


class ProposalVersion(models.Model):
    """What a proposal said from one edit to the next. Written at the first edit: number 1 is what it said before."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=120, blank=True)
    district = models.ForeignKey(District, null=True, on_delete=models.SET_NULL, related_name="+")
    rough_cost_cents = models.PositiveBigIntegerField(null=True)
    cost_cents = models.PositiveBigIntegerField(null=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_version_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} · {self.number}"


class ProposalDraft(models.Model):
    """What somebody typed into the form of a proposal and has not sent, as they typed it. Nobody else sees it.

    A table of its own, so that no list, export or search can show one by mistake. ``key`` is made with the form: what
    is sent or saved twice is one draft, and one proposal.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="proposal_drafts")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="proposal_drafts")
    typed = models.JSONField(default=dict)  # name of the field -> text
    # Once sent, ``typed`` is empty.
    sent_as = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(fields=["author", "-saved_at"], condition=Q(sent_as__isnull=True), name="drafts_of_a_person")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self._typed("title")

    @property
    def body(self) -> str:
        return self._typed("body")

    def _typed(self, name: str) -> str:
        value: Any = self.typed.get(name, "")
        return str(value).strip()
