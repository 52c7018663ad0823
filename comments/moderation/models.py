"""What moderation keeps: reports, decisions (the open book), appeals. ``comments/models.py`` passes them on."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from consultations.models import Consultation, Proposal

if TYPE_CHECKING:
    from comments.models import Comment


class Ground(models.TextChoices):
    """What can be wrong with a contribution: reporters choose one, and moderators when they hide."""

    INSULT = "insult", _("Insults or threatens somebody")
    PERSONAL_DATA = "personal_data", _("Gives away somebody's personal data")
    SPAM = "spam", _("Advertising, or repeated many times")
    OFF_TOPIC = "off_topic", _("Has nothing to do with the consultation")
    OTHER = "other", _("Something else")


class Flag(models.Model):
    """That somebody asks the moderators for a look at a comment or a proposal."""

    Ground = Ground

    comment = models.ForeignKey("comments.Comment", null=True, on_delete=models.CASCADE, related_name="flags")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="flags")
    reporter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="flags")
    ground = models.CharField(_("reason"), max_length=20, choices=Ground.choices)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(answered_at__isnull=True), name="flags_to_answer"),
            models.Index(fields=["reporter", "-id"], name="flags_of_a_reporter"),  # who reports faster than anybody can
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=True) ^ Q(proposal__isnull=True), name="a_flag_is_on_one_thing"
            ),
            models.UniqueConstraint(fields=["comment", "reporter"], name="one_flag_per_comment_and_person"),
            models.UniqueConstraint(fields=["proposal", "reporter"], name="one_flag_per_proposal_and_person"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="an_answered_flag_has_a_moderator",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_ground_display())


class ModerationDecision(models.Model):
    """One act of moderation. All of them are the open book: when, by which role, on what ground, never the text.

    What was removed is in it as a hash (``hashing.py``). The person who decided and the account that was blocked are
    kept for the moderators and the audit; the open book names neither.
    """

    class Act(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        RESTORED = "restored", _("Shown again")
        KEPT = "kept", _("Kept as it is")
        RELEASED = "released", _("Published after a first look")
        REFUSED = "refused", _("Not published after a first look")
        LOCKED = "locked", _("Conversation locked")
        UNLOCKED = "unlocked", _("Conversation opened again")
        MARKED = "marked", _("Mark changed")
        BLOCKED = "blocked", _("Account blocked from writing here")
        UNBLOCKED = "unblocked", _("Account may write here again")

    class Subject(models.TextChoices):
        COMMENT = "comment", _("A comment")
        OFFICIAL_REPLY = "official_reply", _("An official reply")
        PROPOSAL = "proposal", _("A proposal")
        ACCOUNT = "account", _("An account")

    REMOVING = (Act.HIDDEN, Act.REFUSED)
    APPEALABLE = (Act.HIDDEN, Act.REFUSED, Act.BLOCKED)

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="moderation_decisions")
    comment = models.ForeignKey("comments.Comment", null=True, on_delete=models.SET_NULL, related_name="decisions")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="decisions")
    account = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # whom it blocked
    subject = models.CharField(max_length=20, choices=Subject.choices)
    subject_number = models.BigIntegerField(null=True)  # stays when the contribution goes; of an account there is none
    act = models.CharField(max_length=10, choices=Act.choices)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # public
    mark = models.CharField(max_length=20, blank=True)  # of ``marks.Mark``; empty where it was taken off
    text_salt = models.CharField(max_length=32, blank=True)  # the author's, to prove what was removed; never public
    text_hash = models.CharField(max_length=64, blank=True)  # public
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="moderation_decisions")
    role = models.CharField(max_length=12, choices=Role.choices)  # what the moderator was for the agency then
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    before = models.JSONField(default=dict)  # what it changed, for undoing
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["consultation", "-id"], name="open_book_of_a_consultation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act="marked") | ~Q(reason=""), name="a_decision_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(text_hash="", text_salt="") | ~Q(text_hash="") & ~Q(text_salt=""),
                name="a_hash_of_a_text_has_a_salt",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.act}: {self.reason}"

    def get_absolute_url(self) -> str:
        return reverse("comments:decision", args=[self.pk])

    @property
    def target(self) -> "Comment | Proposal | None":
        """What it is about; None for an account, and for what no longer exists."""
        return self.comment or self.proposal

    @property
    def subject_id(self) -> int | None:
        """Whom it concerns: the author, or the account that was blocked."""
        target = self.target
        return target.author_id if target else self.account_id

    def is_undoable_at(self, now: datetime, user: Any) -> bool:
        """Whether the one who decided may still take it back as a slip of the hand."""
        from comments.moderation.undoing import A_FEW_MINUTES

        return self.undone_at is None and self.moderator_id == user.pk and now < self.decided_at + A_FEW_MINUTES


class Appeal(models.Model):
    """That the author asks another moderator to look at a decision again. Once for each decision."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Granted")
        DENIED = "denied", _("Denied")

    decision = models.OneToOneField(ModerationDecision, on_delete=models.CASCADE, related_name="appeal")
    words = models.TextField(_("why it should be decided otherwise"), max_length=1_000)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=300, blank=True)  # public
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, blank=True, editable=False)  # of who answered
    # Where only one person moderates: the open book says that the same person decided twice.
    is_by_same_person = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(answered_at__isnull=True), name="appeals_to_answer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="", answer="", role="")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(outcome="")
                & ~Q(answer="")
                & ~Q(role=""),
                name="an_answered_appeal_has_a_moderator_an_outcome_and_words",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("made_at")), name="an_appeal_comes_first"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="an_appeal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.outcome}"
