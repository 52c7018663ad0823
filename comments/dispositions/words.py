"""A contribution in a few words, for lists and files: who wrote it, and what it is about."""

from typing import Any

from django.utils.translation import gettext

from comments.cards import author_name
from comments.dispositions.listing import Item
from consultations.models import Proposal


def author_of(item: Item) -> str:
    """Who wrote it, as pages say it."""
    if isinstance(item.target, Proposal):
        return item.target.signed_by or gettext("Former account")
    return author_name(item.target)


def place_of(item: Item) -> str:
    """What it is about."""
    target: Any = item.target
    if isinstance(target, Proposal):
        return str(target.category or gettext("a proposal"))
    if item.annotation:
        article = item.annotation.article
        return gettext("%(article)s, version %(number)s of “%(title)s”") % {
            "article": article.name,
            "number": article.version.number,
            "title": target.document.title,
        }
    if target.question:
        return str(target.question.text)
    return str(target.document.title) if target.document else gettext("the consultation as a whole")
