"""What people say about consultations and proposals. What moderators decide about it: ``moderation/models.py``."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.annotations.models import Annotation, Placement
from comments.dispositions.models import Disposition
from comments.moderation.marks import Mark
from comments.moderation.models import Appeal, Flag, Ground, ModerationDecision
from comments.ranking import wilson_lower_bound
from consultations.models import Consultation, Document, Proposal, Question
from consultations.querysets import ContributionQuerySet

__all__ = [
    "Annotation",
    "Appeal",
    "Comment",
    "CommentQuerySet",
    "Disposition",
    "Flag",
    "Ground",
    "Mark",
    "Mention",
    "ModerationDecision",
    "Placement",
    "Reaction",
]


class CommentQuerySet(ContributionQuerySet["Comment"]):
    def roots(self) -> Self:
        """Those that begin a thread."""
        return self.filter(root__isnull=True)


class Comment(models.Model):
    """One thing said. Threads have one level on screen: a reply knows the thread's root and what it answers."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="comments")
    # None: about the consultation as a whole.
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="comments")
    # The one of the agency's questions that it answers.
    question = models.ForeignKey(Question, null=True, on_delete=models.PROTECT, related_name="comments")
    # The draft text that it is about; with an ``annotation``, about which words of it.
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="comments")
    root = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    answers = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answered_by")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="comments")
    is_official = models.BooleanField(default=False)  # an official reply: the agency speaks
    body = models.TextField(_("comment"), max_length=5_000)  # Markdown
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)  # by its author; the body is gone, the thread stands
    locked_at = models.DateTimeField(null=True, editable=False)  # of a root: nobody answers in this thread any more
    mark = models.CharField(max_length=20, choices=Mark.choices, blank=True, editable=False)  # some are internal
    # Set while it waits for a moderator, where the consultation looks before others do.
    held_at = models.DateTimeField(null=True, editable=False)
    agree_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # of the rows of Reaction
    disagree_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # The share of people who agree that is at least certain: what "best" sorts by.
    agree_floor = models.GeneratedField(
        expression=wilson_lower_bound("agree_count", "disagree_count"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True, editable=False)  # public

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # A page of a thread reads one of these from its end: as fast with 2,000 comments as with 20.
            models.Index(
                fields=["consultation", "-id"],
                condition=Q(root__isnull=True, proposal__isnull=True, question__isnull=True, document__isnull=True),
                name="threads_of_a_consultation",
            ),
            models.Index(fields=["proposal", "-id"], condition=Q(root__isnull=True), name="threads_of_a_proposal"),
            models.Index(fields=["question", "-id"], condition=Q(root__isnull=True), name="threads_of_a_question"),
            models.Index(
                fields=["consultation", "-agree_floor", "-id"],
                condition=Q(root__isnull=True, proposal__isnull=True, question__isnull=True, document__isnull=True),
                name="best_of_a_consultation",
            ),
            models.Index(
                fields=["proposal", "-agree_floor", "-id"], condition=Q(root__isnull=True), name="best_of_a_proposal"
            ),
            models.Index(
                fields=["question", "-agree_floor", "-id"], condition=Q(root__isnull=True), name="best_of_a_question"
            ),
            models.Index(fields=["document", "-id"], condition=Q(root__isnull=True), name="threads_of_a_document"),
            models.Index(
                fields=["document", "-agree_floor", "-id"], condition=Q(root__isnull=True), name="best_of_a_document"
            ),
            models.Index(fields=["root", "id"], name="replies_of_a_thread"),
            models.Index(fields=["root", "id"], condition=Q(is_official=True), name="official_replies_of_a_thread"),
            # How much was said, without reading what was said about the proposals.
            models.Index(
                fields=["consultation"],
                condition=Q(proposal__isnull=True, question__isnull=True, document__isnull=True),
                name="comments_on_a_consultation",
            ),
            # What needs a disposition: counted on the consultation's page, listed in the reply report.
            models.Index(
                fields=["consultation", "created_at", "id"],
                condition=Q(
                    root__isnull=True,
                    proposal__isnull=True,
                    is_official=False,
                    held_at__isnull=True,
                    hidden_at__isnull=True,
                    deleted_at__isnull=True,
                ),
                name="contributions_to_answer",
            ),
            # Whether somebody repeats themselves, or writes faster than anybody can.
            models.Index(fields=["author", "-id"], name="comments_of_an_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
                name="a_hidden_comment_has_a_moderator_and_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(deleted_at__isnull=False), name="a_comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(body="") | Q(deleted_at__isnull=True), name="of_a_deleted_comment_no_word_is_left"
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=True, proposal__isnull=True)
                | Q(question__isnull=True, document__isnull=True)
                | Q(proposal__isnull=True, document__isnull=True),
                name="a_comment_has_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        return reverse("comments:comment", args=[self.pk])

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def place(self) -> Consultation | Proposal | Question | Document:
        """What it is about."""
        return self.proposal or self.question or self.document or self.consultation


class Reaction(models.Model):
    """That one person agrees or disagrees with a comment. Who did is on no page; how many is."""

    class Value(models.IntegerChoices):
        AGREE = 1, _("Agree")
        DISAGREE = -1, _("Disagree")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reactions")
    value = models.SmallIntegerField(choices=Value.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_reaction_per_comment_and_person"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="a_reaction_agrees_or_disagrees"),
        ]

    def __str__(self) -> str:
        return str(self.get_value_display())


class Mention(models.Model):
    """A person named in a comment. The comment's text has ``@[position]`` in that place, and no name: whoever changes
    their name is shown by the new one, and who erased the account by none."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="mentions")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["comment", "position"], name="one_mention_a_position")]

    def __str__(self) -> str:
        return f"@[{self.position}]"
