"""Draft texts, by the shortest way: straight into the tables, as publishing leaves them."""

import uuid

from django.utils import timezone

from accounts.models import User
from consultations.documents import texts
from consultations.models import Article, Consultation, Document, Version

ARTICLES = (
    "El Estado protege el arbolado público. Toda persona puede pedir que se plante un árbol.",
    "La autoridad lleva un registro de los árboles. El registro es público y gratuito.",
    "Queda prohibido podar sin permiso. La multa es de diez salarios.",
)


def make_document(
    consultation: Consultation, articles=ARTICLES, *, title: str = "Proyecto de ley de arbolado", published: bool = True
) -> Document:
    """A draft text with one version. Its ``articles``: see ``new_version``."""
    position = consultation.documents.count() + 1
    document = Document.objects.create(consultation=consultation, position=position, title=title)
    new_version(document, articles, published=published)
    return document


def new_version(document: Document, articles=ARTICLES, *, published: bool = True) -> Version:
    """One more version, whose number follows. Nothing is placed in it: that is for ``publish_version``.

    articles: each a body, which goes on with the article that stood at its position in the version before, or a
        dictionary of the fields of ``Article``; ``identity`` says which one it goes on with.
    """
    last = document.versions.order_by("number").last()
    version = Version.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
    )
    before = list(last.articles.all()) if last else []
    Article.objects.bulk_create(
        _article(version, n, article if isinstance(article, dict) else {"body": article}, before)
        for n, article in enumerate(articles, start=1)
    )
    if published:  # last: from then on the database lets nobody touch it
        version.published_at, version.published_by = timezone.now(), _publisher(document)
        version.save(update_fields=["published_at", "published_by"])
    return version


def _article(version: Version, position: int, fields: dict, before: list[Article]) -> Article:
    body = fields.get("body", "")
    old = before[position - 1] if position <= len(before) else None
    identity = fields.get("identity") or (old.identity if old else uuid.uuid4())
    went_on = any(article.identity == identity for article in before)
    return Article(
        **{
            "version": version,
            "position": position,
            "label": f"Artículo {position}",
            "origins": [identity] if went_on else [],
            "text": texts.canonical(body),
            "html": texts.render_marked(body),
            **fields,
            "identity": identity,
        }
    )


def _publisher(document: Document) -> User:
    agency = document.consultation.agency
    return agency.members.filter(memberships__roles__contains=["owner"])[0]
