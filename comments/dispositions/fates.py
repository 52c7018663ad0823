"""What became of a contribution, beside its words: the label, the agency's reason, and the change that answers it.

Cards are drawn by the hundred, so the facts come as one column of JSON (``with_fates``), and become HTML without a
template.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from comments.dispositions.models import Disposition
from consultations.models.document import article_name
from frontend.templatetags.asamblea import icon

Row = TypeVar("Row", bound=Model)
Facts = Mapping[str, Any]

KIND = Disposition.Kind
ICONS = {
    KIND.TAKEN: "check",
    KIND.TAKEN_IN_PART: "check",
    KIND.NOT_TAKEN: "stop",
    KIND.OUT_OF_SCOPE: "circle",
    KIND.ALREADY_COVERED: "seal",
}
_OF_ARTICLE = {
    "label": "article__label",
    "heading": "article__heading",
    "identity": "article__identity",
    "number": "article__version__number",
    "document": "article__version__document",
    "title": "article__version__document__title",
}
FACTS = JSONObject(kind="kind", reason="reason", article="article", **_OF_ARTICLE)


def with_fates(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Comments or proposals with ``fate``: the facts of their disposition, None where they have none."""
    found: Any = rows.annotate(fate=_of_proposal() if rows.model._meta.model_name == "proposal" else _of_comment())
    return found


def _of_proposal() -> Subquery:
    return _given(proposal=OuterRef("pk"))


def _of_comment() -> Subquery:
    return _given(comment=OuterRef("pk"))


def _given(**contribution: OuterRef) -> Subquery:
    return Subquery(Disposition.objects.filter(**contribution).values(facts=FACTS), output_field=JSONField())


def facts_of(disposition: Disposition) -> Facts:
    """The same of a disposition that was fetched with its article, version and document."""
    facts = {"kind": disposition.kind, "reason": disposition.reason, "article": disposition.article_id}
    if disposition.article:
        article, version = disposition.article, disposition.article.version
        facts |= {"label": article.label, "heading": article.heading, "identity": str(article.identity)}
        facts |= {"number": version.number, "document": version.document_id, "title": version.document.title}
    return facts


def fate_html(facts: Facts | None, agency: str) -> SafeString | str:
    """The block on a card; empty for a contribution without a disposition."""
    if not facts:
        return ""
    change: SafeString | str = ""
    if facts["article"]:
        change = format_html(
            '<p class="small">{} <a href="{}">{}</a></p>',
            gettext("See the change:"),
            url_of(facts),
            change_label(facts),
        )
    return format_html(
        '<div class="fate {}"><p class="fate-head">{} <span class="soft small">{}</span></p>'
        '<div class="fate-reason">{}</div>{}</div>',
        facts["kind"],
        badge_html(facts["kind"]),
        agency,
        mark_safe(linebreaks(facts["reason"], autoescape=True)),  # noqa: S308 (escaped by linebreaks)
        change,
    )


def badge_html(kind: str | None) -> SafeString | str:
    """The label with its sign, for a card in a list; empty for none."""
    if not kind:
        return ""
    found = KIND(kind)
    return format_html('<span class="badge fate-kind {}">{}{}</span>', kind, icon(ICONS[found]), found.label)


def change_label(facts: Facts) -> str:
    """ "Artículo 4, version 2 of Código de convivencia"."""
    return gettext("%(article)s, version %(number)s of “%(title)s”") % {
        "article": article_name(facts["label"], facts["heading"]),
        "number": facts["number"],
        "title": facts["title"],
    }


def url_of(facts: Facts) -> str:
    """The article that changed."""
    return reverse("consultations:article", args=[facts["document"], facts["number"], facts["identity"]])
