"""Where contributions stand: what lists can be filtered by, and the articles that can be named as their answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Now
from django.utils.translation import gettext

from consultations.models import Article, Consultation, Document, Question, Version

LONGEST_LABEL = 90  # characters of a choice


@dataclass(frozen=True)
class Group:
    """A heading with its choices, each a value and a label."""

    label: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Places:
    """articles: of the latest published version of each text, in order, with their version and document."""

    questions: Sequence[tuple[int, str]]
    articles: Sequence[Article]

    @property
    def documents(self) -> list[Document]:
        return list(dict.fromkeys(article.version.document for article in self.articles))

    def to_filter(self) -> list[Group]:
        """As the filter's ``place`` takes them; nothing where there is one place only."""
        if not self.questions and not self.articles:
            return []
        groups = [Group("", [("consultation", gettext("The consultation as a whole"))])]
        if self.questions:
            asked = [(f"question-{pk}", _cut(text)) for pk, text in self.questions]
            groups.append(Group(gettext("Questions"), asked))
        for document in self.documents:
            whole = (f"document-{document.pk}", gettext("All of this text"))
            parts = [(f"article-{article.identity}", label_of(article)) for article in self._of(document)]
            groups.append(Group(_cut(document.title), [whole, *parts]))
        return groups

    def to_answer(self) -> list[Group]:
        """The articles that can be named as the change that answers something. Of a first version, none."""
        later = [document for document in self.documents if self._of(document)[0].version.number > 1]
        return [
            Group(
                gettext("%(title)s, version %(number)s")
                % {"title": _cut(document.title), "number": self._of(document)[0].version.number},
                [(str(article.pk), label_of(article)) for article in self._of(document)],
            )
            for document in later
        ]

    def article(self, pk: str) -> Article | None:
        return next((article for article in self.articles if str(article.pk) == pk), None)

    def _of(self, document: Document) -> list[Article]:
        return [article for article in self.articles if article.version.document_id == document.pk]


def with_places(consultations: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """With the agency, the questions for ``places_of``, and ``fetched_at``, the database's time before all else."""
    questions = Question.objects.filter(consultation=OuterRef("pk")).order_by("position")
    return consultations.select_related("agency").annotate(
        question_rows=ArraySubquery(questions.values(row=JSONObject(pk="pk", text="text"))), fetched_at=Now()
    )


def places_of(consultation: Any) -> Places:
    """Of a consultation that ``with_places`` fetched. One query, however many there are."""
    published = Version.objects.filter(published_at__isnull=False)
    newer = published.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
    latest = published.filter(~Exists(newer), document__consultation=consultation)
    articles = (
        Article.objects.filter(version__in=latest.values("pk"), kind__in=[Article.Kind.ARTICLE, Article.Kind.TEXT])
        .select_related("version__document")
        .only("identity", "label", "heading", "position", "kind", "version__number", "version__document__title")
        .order_by("version__document__position", "position")
    )
    return Places([(row["pk"], row["text"]) for row in consultation.question_rows], list(articles))


def label_of(article: Article) -> str:
    """ "Artículo 4. Ruido", of what it has."""
    heading = f". {article.heading}" if article.label and article.heading else ""
    return _cut(f"{article.name}{heading}")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL].rstrip()}…"
