"""A disposition as pages show it: a small label, the public reason, and the change that answers the contribution."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comments.cards import author_name
from comments.dispositions.listing import Item
from comments.dispositions.places import label_of
from comments.models import Disposition
from consultations.models import Article, Proposal
from frontend.templatetags.asamblea import icon

ICONS = {
    Disposition.Kind.TAKEN: "check",
    Disposition.Kind.TAKEN_IN_PART: "check",
    Disposition.Kind.NOT_TAKEN: "stop",
    Disposition.Kind.OUT_OF_SCOPE: "circle",
    Disposition.Kind.ALREADY_COVERED: "seal",
}


@dataclass(frozen=True)
class Fate:
    """What ``comments/fate.html`` shows. change: the words of the link to the article that changed; empty for none."""

    kind: str
    icon: str
    label: str
    reason: str
    agency: str
    change: str = ""
    change_url: str = ""


def fate_of(disposition: Disposition, agency: str) -> Fate:
    """Takes the disposition with its article, version and document."""
    article = disposition.article
    return Fate(
        kind=disposition.kind,
        icon=ICONS[Disposition.Kind(disposition.kind)],
        label=str(disposition.get_kind_display()),
        reason=disposition.reason,
        agency=agency,
        change=change_label(article) if article else "",
        change_url=article_url(article) if article else "",
    )


def change_label(article: Article) -> str:
    """ "Artículo 4, version 2 of Código de convivencia"."""
    return gettext("%(article)s, version %(number)s of “%(title)s”") % {
        "article": label_of(article),
        "number": article.version.number,
        "title": article.version.document.title,
    }


def article_url(article: Article) -> str:
    version = article.version
    return reverse("consultations:article", args=[version.document_id, version.number, article.identity])


def author_of(item: Item) -> str:
    """Who wrote it, as pages say it."""
    return (
        item.target.signed_by or gettext("Former account") if item.kind.name == "proposal" else author_name(item.target)
    )


def place_of(item: Item) -> str:
    """What it is about, in a few words."""
    target: Any = item.target
    if isinstance(target, Proposal):
        return str(target.category or gettext("a proposal"))
    if item.annotation:
        article = item.annotation.article
        return gettext("%(article)s, version %(number)s of “%(title)s”") % {
            "article": label_of(article),
            "number": article.version.number,
            "title": target.document.title,
        }
    if target.question:
        return str(target.question.text)
    return str(target.document.title) if target.document else gettext("the consultation as a whole")


def kind_label(fate: Fate) -> SafeString:
    return format_html('<span class="badge fate-kind {}">{}{}</span>', fate.kind, icon(fate.icon), fate.label)
