"""Draft texts: a document has versions, a version has articles, which keep their identity from version to version."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.consultation import Consultation


class Document(models.Model):
    """A draft text that a consultation puts up for annotation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="documents")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "position"],
                name="one_document_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:document", args=[self.pk])


class Version(models.Model):
    """One state of a document. A draft until it is published; published, neither it nor its articles change."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()  # 1, 2, … in the order of publishing
    summary = models.TextField(_("what changed, and why"), blank=True, max_length=5_000)  # Markdown, for readers
    revision = models.PositiveIntegerField(default=0)  # of a draft: how often it was saved, to refuse a stale save
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(published_at__isnull=True), name="one_draft_version_a_document"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="a_published_version_has_a_publisher",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_versions_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, version {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Article(models.Model):
    """A numbered part of a version: a heading alone (a title, a chapter), or an article with its text.

    text: the canonical plain text of ``body``, on which positions are counted, in Unicode code points; html: ``body``
        as it is shown, sanitized. Both are made of ``body`` where articles are written, never elsewhere.
    origins: identities of the version before of which this one was made: its own where it went on; another one after a
        split; several after a merge; none where it is new.
    """

    class Kind(models.TextChoices):
        TITLE = "title", _("Title")
        CHAPTER = "chapter", _("Chapter")
        SECTION = "section", _("Section")
        ARTICLE = "article", _("Article")
        TEXT = "text", _("Text without a number")  # a preamble, a recital, an annex

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="articles")
    position = models.PositiveSmallIntegerField()
    identity = models.UUIDField(default=uuid.uuid4)  # the same from version to version
    origins = ArrayField(models.UUIDField(), default=list, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ARTICLE)
    label = models.CharField(_("number"), max_length=60, blank=True)  # as it is written: "Artículo 14 bis"
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True, max_length=50_000)  # Markdown
    text = models.TextField(blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="one_article_a_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["version", "identity"], name="an_article_stands_once_in_a_version"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_articles_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(
                    """
                    IF EXISTS (
                        SELECT 1 FROM {versions} WHERE published_at IS NOT NULL
                        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
                                   CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)
                    ) THEN
                        RAISE EXCEPTION 'The articles of a published version stay as they are.';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                    """.replace("{versions}", Version._meta.db_table)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.heading or self.body[:60]

    @property
    def name(self) -> str:
        """How people call it: "Artículo 14 bis"; its heading where it has no number."""
        return article_name(self.label, self.heading)


def article_name(label: str, heading: str) -> str:
    return label or heading or gettext("Text without a number")
