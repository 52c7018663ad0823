"""What this room exports: the published versions of a consultation's draft texts, and their articles."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Article, Consultation, Version
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.tables import Column, Extract, Table, Type


def _versions(consultation: Consultation, user: Person) -> Extract:
    found = Version.objects.filter(document__consultation=consultation, published_at__isnull=False)
    return Extract(found.order_by("document__position", "number"))


VERSIONS = Table(
    name="text_versions",
    title=_("Versions of the draft texts"),
    description=_("Each published version of each draft text. A published version never changes."),
    audience=WHOEVER_SEES_IT,
    extract=_versions,
    columns=[
        Column("document", Type.INTEGER, _("Number of the draft text, as in its address."), "document_id"),
        Column("title", Type.TEXT, _("Title of the draft text."), F("document__title")),
        Column("version", Type.INTEGER, _("Number of the version."), "number"),
        Column("summary", Type.TEXT, _("What changed in it and why, in Markdown; empty if nothing was said.")),
        Column("published_at", Type.DATETIME, _("When it was published, in UTC.")),
    ],
)


def _articles(consultation: Consultation, user: Person) -> Extract:
    return Extract(_published(consultation).order_by("version__document__position", "version__number", "position"))


def _published(consultation: Consultation) -> "QuerySet[Article]":
    return Article.objects.filter(version__document__consultation=consultation, version__published_at__isnull=False)


ARTICLES = Table(
    name="text_articles",
    title=_("Articles of the draft texts"),
    description=_("Every part of every published version, in order, with where it comes from."),
    audience=WHOEVER_SEES_IT,
    extract=_articles,
    columns=[
        Column("id", Type.INTEGER, _("Number of the part in this version.")),
        Column("document", Type.INTEGER, _("Number of the draft text."), F("version__document_id")),
        Column("version", Type.INTEGER, _("Number of the version."), F("version__number")),
        Column("position", Type.INTEGER, _("Its place in the version, from 1.")),
        Column("identity", Type.TEXT, _("What it is called in every version: the same as long as it goes on.")),
        Column("origins", Type.JSON, _("Identities in the version before of which it was made; none if it is new.")),
        Column("kind", Type.TEXT, _("title, chapter, section, article, or text without a number.")),
        Column("label", Type.TEXT, _("Its number, as it is written.")),
        Column("heading", Type.TEXT, _("Its heading; empty if there is none.")),
        Column("body", Type.TEXT, _("Its text, in Markdown.")),
        Column("text", Type.TEXT, _("Its text without markup, on which the positions of annotations are counted.")),
    ],
)

TABLES = [VERSIONS, ARTICLES]
