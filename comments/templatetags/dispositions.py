"""How pages show what became of contributions: ``{% load dispositions %}``.

``{% fate_of comment %}`` or ``{% fate_of proposal %}``: its disposition as a labelled block with the reason, nothing
where it has none. ``{{ kind|fate_badge }}``: the label alone. ``{% behind_of version 1 as behind %}`` and
``{% contributions_behind article.identity behind %}``: how many contributions a change answers.
"""

from typing import Any
from uuid import UUID

from django import template
from django.utils.safestring import SafeString

from comments.dispositions import behind, fates, telling, words
from comments.dispositions.listing import Item
from comments.models import Disposition
from comments.moderation.kinds import Contribution
from consultations.models import Proposal, Version

register = template.Library()

register.filter("fate_badge", fates.badge_html)


@register.simple_tag
def fate_of(contribution: Contribution) -> SafeString | str:
    """One query; none where the contribution was fetched with its disposition."""
    if "disposition" in contribution._state.fields_cache:
        found = contribution._state.fields_cache["disposition"]
    else:
        column = "proposal" if isinstance(contribution, Proposal) else "comment"
        given = Disposition.objects.select_related("article__version__document")
        found = given.filter(**{column: contribution.pk}).first()
    return fates.fate_html(fates.facts_of(found), contribution.consultation.agency.name) if found else ""


@register.simple_tag
def behind_of(version: Version, after: int = 0) -> dict[UUID, behind.Behind]:
    """For a page of many articles: one query for all of them. after: number of the older version of a comparison."""
    return behind.behind(version, after=after)


@register.inclusion_tag("comments/contributions_behind.html")
def contributions_behind(identity: UUID | str, found: dict[UUID, behind.Behind]) -> dict[str, Any]:
    """That an article changed because of 12 annotations, with the way to them; nothing where none is behind it.

    identity: the article's. found: what ``behind_of`` gave.
    """
    return {"behind": found.get(UUID(str(identity)))}


@register.simple_tag
def contribution_author(item: Item) -> str:
    return words.author_of(item)


@register.simple_tag
def contribution_place(item: Item) -> str:
    return words.place_of(item)


@register.simple_tag
def contribution_url(item: Item) -> str:
    return telling.address_of(item.target)
