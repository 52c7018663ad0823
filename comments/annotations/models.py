"""Annotations and their placements: what is said of which words, and where those words stand in each version."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models import Article, Version


class Annotation(models.Model):
    """What makes the root of a thread an annotation: the words that it is about, and what for.

    start, end (excluded): code points of ``article.text``. exact, prefix, suffix: the quoted words, and what stood
    before and after them (W3C TextQuoteSelector). suggestion: the wording put in their place; empty: strike them.
    """

    class Purpose(models.TextChoices):
        COMMENT = "comment", _("Comment")
        SUGGEST = "suggest", _("Suggest other wording")
        ASK = "ask", _("Ask")

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, related_name="annotation", primary_key=True
    )
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="annotations"
    )  # of the version annotated
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.COMMENT)
    suggestion = models.TextField(blank=True, max_length=5_000)
    # Made elsewhere and imported: its address there, and who is said to have made it.
    source = models.URLField(max_length=500, blank=True, editable=False)
    source_creator = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="an_annotation_quotes_something"),
            models.CheckConstraint(
                condition=Q(suggestion="") | Q(purpose="suggest"), name="only_a_suggestion_suggests_words"
            ),
        ]

    def __str__(self) -> str:
        return self.exact[:60]


class Placement(models.Model):
    """Where an annotation stands in one version: in its own from the start, in each later one from its publishing.

    article, start, end are empty where nobody knows: ambiguous or orphaned, until an editor places it by hand
    (``settled_by``, state as it was) or leaves it (``settled_by`` without a place).
    """

    class State(models.TextChoices):
        KEPT = "kept", _("same words, same place")
        SHIFTED = "shifted", _("same words, moved")
        TEXT_CHANGED = "text_changed", _("text changed")
        AMBIGUOUS = "ambiguous", _("several places fit")
        ORPHANED = "orphaned", _("text gone")

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="placements")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="placements")
    state = models.CharField(max_length=12, choices=State.choices)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="placements")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["version", "article", "start"], name="placements_in_reading_order")]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "version"], name="one_placement_a_version"),
            models.CheckConstraint(
                condition=Q(article__isnull=True, start__isnull=True, end__isnull=True)
                | Q(article__isnull=False, start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="a_placement_has_a_whole_range_or_none",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "shifted", "text_changed"], article__isnull=False)
                | Q(state__in=["ambiguous", "orphaned"], article__isnull=True)
                | Q(state__in=["ambiguous", "orphaned"], settled_by__isnull=False),
                name="what_is_not_found_has_no_place_but_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="a_settled_placement_has_an_editor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} in version {self.version_id}: {self.state}"
