"""How pages show what became of contributions: ``{% load dispositions %}``.

``{% fate_of comment %}`` or ``{% fate_of proposal %}``: its disposition as a labelled line, nothing where it has none.
"""

from typing import Any

from django import template

from comments.dispositions import telling, words
from comments.dispositions.listing import Item
from comments.moderation.kinds import Contribution

register = template.Library()


@register.inclusion_tag("comments/fate.html")
def fate_of(contribution: Contribution) -> dict[str, Any]:
    """Takes a contribution that was fetched with its disposition; costs queries otherwise."""
    found = getattr(contribution, "disposition", None)
    return {"fate": words.fate_of(found, contribution.consultation.agency.name) if found else None}


@register.simple_tag
def contribution_author(item: Item) -> str:
    return words.author_of(item)


@register.simple_tag
def contribution_place(item: Item) -> str:
    return words.place_of(item)


@register.simple_tag
def contribution_url(item: Item) -> str:
    return telling.address_of(item.target)
