"""What citizens and agencies put forward."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.budget import District
from consultations.models.consultation import Consultation
from consultations.querysets import ProposalQuerySet
from consultations.spanish import SEARCH, WithoutAccents


class Feasibility(models.TextChoices):
    """What the review found: whether it can be carried out. Empty: nobody has said so yet."""

    FEASIBLE = "feasible", _("Feasible")
    WITH_CHANGES = "with_changes", _("Feasible with changes")
    NOT_FEASIBLE = "not_feasible", _("Not feasible")


class ProposalManager(models.Manager.from_queryset(ProposalQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ProposalQuerySet:
        """Without the words of the search: they are as long as the text, and for the database alone."""
        return super().get_queryset().defer("search")


class Proposal(models.Model):
    """What a citizen or the agency puts forward; in a budget with its cost and place."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="proposals")
    # None: the agency's own, or the author erased the account.
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    is_official = models.BooleanField(default=False)  # put forward by the agency
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("what and why"), blank=True, max_length=10_000)  # Markdown
    category = models.CharField(_("category"), max_length=120, blank=True)
    # Of a budget that has districts: the one whose money it would take.
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.RESTRICT, related_name="proposals", verbose_name=_("district")
    )
    rough_cost_cents = models.PositiveBigIntegerField(_("rough cost"), null=True, blank=True)  # as its author guesses
    cost_cents = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)  # as the agency reckons
    feasibility = models.CharField(max_length=12, choices=Feasibility.choices, blank=True, editable=False)
    needs_second_reader = models.BooleanField(default=False, editable=False)  # whatever the consultation says
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)  # to the custom fields: id of the field -> what was given
    support_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # of the rows of Support
    edited_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)  # by its author
    # The one that took it up, by a merge or a split (proposals/merging.py): from then on it is read there.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.RESTRICT, related_name="merged"
    )
    withdrawn_words = models.CharField(max_length=300, blank=True, editable=False)  # the author's, public
    # Set while it waits for a moderator, where the consultation looks before others do.
    held_at = models.DateTimeField(null=True, editable=False)
    # An official's mark: comments/moderation/marks.py says which there are, and which of them everybody sees.
    mark = models.CharField(max_length=20, blank=True, editable=False)
    external_id = models.CharField(max_length=60, blank=True, editable=False)  # its id in the file that it came from
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True, editable=False)  # public

    # What the search finds it by: the words without accents and endings, those of the title first.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH)
        + SearchVector("category", "place", weight="B", config=SEARCH)
        + SearchVector("body", weight="C", config=SEARCH),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProposalManager()

    class Meta:
        ordering = ["-pk"]
        # None on support_count: while no index has it, PostgreSQL counts a support without touching any of them, and
        # sorting the thousands of one consultation takes a few milliseconds.
        indexes = [
            models.Index(fields=["consultation", "-id"], name="proposals_newest_first"),
            GinIndex(fields=["search"], name="proposal_search"),
            GinIndex(OpClass(WithoutAccents("title"), name="gin_trgm_ops"), name="proposal_title_trigrams"),
        ]
        permissions = [("review_proposal", "Give an opinion on whether it can be carried out")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
                name="a_hidden_proposal_has_a_moderator_and_a_reason",
            ),
            models.UniqueConstraint(
                fields=["consultation", "external_id"],
                condition=~Q(external_id=""),
                name="one_proposal_per_external_id",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_words=""),
                name="words_of_withdrawal_need_a_withdrawal",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="no_proposal_merges_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:proposal", args=[self.pk])

    @property
    def signed_by(self) -> str:
        """Who puts it forward: the agency, one person or several; nobody where the account or the source names none."""
        if self.is_official:
            return self.consultation.agency.name
        names = [self.author.name] if self.author else []
        return get_text_list([*names, *(signer["name"] for signer in self.co_signers)], gettext("and"))

    @property
    def co_signers(self) -> list[dict[str, Any]]:
        """Ids and names of the co-authors. Takes what ``with_signers`` found."""
        if not hasattr(self, "co_authors_found"):
            signed = self.co_authors.filter(accepted_at__isnull=False).order_by("accepted_at", "pk")
            found = signed.values_list("user_id", "user__name")
            self.co_authors_found = [{"id": user_id, "name": name} for user_id, name in found]
        return self.co_authors_found

    def is_signed_by(self, user_id: int | None) -> bool:
        """Whether this person is among those who put it forward."""
        if user_id is None:
            return False
        return self.author_id == user_id or any(signer["id"] == user_id for signer in self.co_signers)

    @property
    def shown_title(self) -> str:
        """As everybody reads it where something else names the proposal: not while a moderator hides it."""
        if self.is_hidden:
            return gettext("Proposal %(number)s, hidden by a moderator") % {"number": self.pk}
        return self.title

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @property
    def is_shown(self) -> bool:
        """Whether everybody who sees the consultation may read it."""
        is_kept = self.hidden_at is None and self.withdrawn_at is None and self.merged_into_id is None
        return is_kept and self.held_at is None
