"""What is put to the public: consultations, their phases and money."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import GroupObjectPermissionBase

from accounts.models import Agency, User
from consultations.clock import Act, State
from consultations.querysets import ConsultationQuerySet


class Consultation(models.Model):
    """One participatory process of an agency, with phases."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everyone, without an account")
        PRIVATE = "private", _("Only the members of the agencies that you choose")

    class Eligibility(models.TextChoices):
        """Who may propose, comment and vote, among those who may see it."""

        REGISTERED = "registered", _("Anyone with a confirmed e-mail")
        VERIFIED = "verified", _("Only people whose identity is verified")
        RESIDENT = "resident", _("Only people whose residence the agency has verified")
        INVITED = "invited", _("Only the members of the agencies that you choose")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="consultations")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(_("summary"), max_length=300)
    body = models.TextField(_("text"), blank=True, max_length=50_000)  # Markdown
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    eligibility = models.CharField(max_length=12, choices=Eligibility.choices, default=Eligibility.REGISTERED)
    # Whose members see a private consultation, and may take part where only invited people may; besides the agency.
    shared_with = models.ManyToManyField(Agency, blank=True, related_name="shared_consultations")
    recipe = models.SlugField(max_length=30, blank=True, editable=False)  # of recipes.py; empty: made by hand
    copied_from = models.ForeignKey("self", null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    # Not in lists, feeds or search; whoever has the address reads it.
    is_unlisted = models.BooleanField(default=False)
    # What proposals are sorted by. Empty: proposals have no category.
    categories = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    receives_supports = models.BooleanField(default=True)  # people may support proposals
    is_cause = models.BooleanField(default=False)  # people may support the consultation itself, with one press
    pre_moderates = models.BooleanField(default=False)  # what citizens write waits for a moderator before others see it
    needs_second_reader = models.BooleanField(default=False)  # two reviewers read each proposal
    closing_words = models.TextField(blank=True, max_length=5_000)  # Markdown
    report_url = models.URLField(blank=True, max_length=500)
    created_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.SET_NULL, related_name="opened_consultations"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    # When the agency called it answered: every contribution had its disposition then. Holds for the close before it.
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        permissions = [
            ("publish_consultation", "Publish a draft, and change its phases"),
            ("propose_consultation", "Make proposals"),
            ("comment_consultation", "Comment"),
            ("vote_consultation", "Vote"),
            ("take_part_consultation", "Propose, comment and vote where only members may"),
            ("reply_consultation", "Reply officially, and propose in the agency's name"),
            ("moderate_consultation", "Hide and restore what people write, and see reports"),
            ("export_personal_consultation", "Export data about persons"),
            ("measure_consultation", "See its numbers over time"),
            ("audit_consultation", "Read who changed what in it"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="an_answered_consultation_has_an_editor",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:consultation", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    def state_at(self, now: datetime) -> State:
        """Open from the start of its first phase to the end of the last one in which people take part."""
        phases = list(self.phases.all())
        if self.published_at is None:
            return State.DRAFT
        if not phases or now < min(phase.starts_at for phase in phases):
            return State.SOON
        ends = [phase.ends_at for phase in phases if phase.takes_part]
        return State.OPEN if any(end is None or now < end for end in ends) else State.CLOSED

    def is_answered_at(self, now: datetime) -> bool:
        """Closed, and called answered since: one that was extended afterwards has to be answered anew."""
        if self.answered_at is None or self.state_at(now) != State.CLOSED:
            return False
        return all(
            phase.ends_at <= self.answered_at for phase in self.phases.all() if phase.takes_part and phase.ends_at
        )


class ConsultationGroupObjectPermission(GroupObjectPermissionBase):
    """guardian's grants on consultations, in a table of their own: lists of what one may see join it directly."""

    content_object = models.ForeignKey(Consultation, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class Phase(models.Model):
    """A stretch of time in which certain things are allowed."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Information")
        PROPOSALS = "proposals", _("Proposals")
        SUPPORT = "support", pgettext_lazy("phase", "Support")
        DISCUSSION = "discussion", _("Discussion")
        REVIEW = "review", pgettext_lazy("phase", "Review")
        COSTING = "costing", pgettext_lazy("phase", "Costs")
        VOTING = "voting", _("Voting")
        RESULTS = "results", _("Results")
        FOLLOW_UP = "follow_up", _("Follow-up")

    # Only where money is allocated: elsewhere nobody is asked about them.
    OF_BUDGETS = frozenset({Kind.SUPPORT, Kind.REVIEW, Kind.COSTING})

    ALLOWS = {
        Kind.INFORMATION: frozenset[Act](),
        Kind.PROPOSALS: frozenset({Act.PROPOSE, Act.SUPPORT, Act.COMMENT}),
        Kind.SUPPORT: frozenset({Act.SUPPORT, Act.COMMENT}),
        Kind.DISCUSSION: frozenset({Act.SUPPORT, Act.COMMENT}),
        Kind.REVIEW: frozenset({Act.COMMENT}),
        Kind.COSTING: frozenset({Act.COMMENT}),
        Kind.VOTING: frozenset({Act.VOTE, Act.COMMENT}),
        Kind.RESULTS: frozenset[Act](),
        Kind.FOLLOW_UP: frozenset({Act.COMMENT}),
    }

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Empty: no end."))

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_phase_ends_after_it_starts"),
            models.UniqueConstraint(fields=["consultation", "kind"], name="one_phase_of_a_kind"),
            ExclusionConstraint(
                name="phases_do_not_overlap",
                expressions=[
                    ("consultation", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_at"), F("ends_at"), RangeBoundary(),
                            function="TSTZRANGE", output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                deferrable=models.Deferrable.DEFERRED,  # several phases may move in one transaction
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def is_active_at(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    @property
    def allows(self) -> frozenset[Act]:
        return self.ALLOWS[self.Kind(self.kind)]

    @property
    def takes_part(self) -> bool:
        """Whether a consultation in this phase counts as open. Results and follow-up come after the close."""
        return self.kind not in (self.Kind.RESULTS, self.Kind.FOLLOW_UP)


class Question(models.Model):
    """Something that the agency asks, in the order of the consultation. Each has a thread of its own."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=300)
    details = models.TextField(_("what to know before answering"), blank=True, max_length=2_000)  # Markdown

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "position"],
                name="one_question_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.text
