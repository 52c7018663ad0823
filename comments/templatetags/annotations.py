"""How the reading page of a version shows its annotations without importing them: ``{% load annotations %}``.

``{% annotations_of version as marks %}``: one query. ``{{ article|marked:marks }}``: the article's HTML with a
control behind each sentence; ``{{ article|notes_link:marks }}``: the way to all that was said of it.
``{% annotation_panel version marks %}``: the panel beside the text.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString

from comments import queries
from comments.annotations import listing, marking, reading
from comments.annotations.models import Placement
from comments.annotations.settling import MAY_SETTLE
from comments.rights import Rights, rights_of
from consultations.models import Article, Version

register = template.Library()


@register.simple_tag
def annotations_of(version: Version) -> marking.Marks | None:
    """None for a draft: nobody annotates it yet."""
    return marking.marks_of(version) if version.is_published and version.document.consultation.is_published else None


@register.filter
def marked(article: Article, marks: marking.Marks) -> SafeString:
    return marking.marked(article, marks)


@register.filter
def notes_link(article: Article, marks: marking.Marks) -> SafeString:
    return marking.notes_link(article, marks)


@register.inclusion_tag("comments/annotation_panel.html", takes_context=True)
def annotation_panel(context: Context, version: Version, marks: marking.Marks) -> dict[str, Any]:
    """The panel; with the annotation that ``?annotation=<id>`` names in it, if it stands in this version."""
    request = context["request"]
    consultation = version.document.consultation
    rights = rights_of(request.user, consultation, context.get("now"))
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "version": version,
        "document": version.document,
        "consultation": consultation,
        "marks": marks,
        "rights": rights,
        "src": f"/ws/consultations/{consultation.pk}/comments/",
        "place": queries.name_of(version.document),
        "may_place": request.user.has_perm(MAY_SETTLE, consultation),
        **_asked(request, version, rights),
    }


def _asked(request: HttpRequest, version: Version, rights: Rights) -> dict[str, Any]:
    """The annotation that the address names, as a list of one. Two queries, none where it names none."""
    number = request.GET.get("annotation", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {"entries": []}
    reader = queries.Reader(request.user, rights.may_moderate)
    wanted = reading.placements(version, reading.Filter(), reader).filter(annotation=int(number))
    rows: list[Placement] = reading.page_of(wanted, None, "all")[0]
    return {"entries": listing.entries(request, version, rows, rights, reader)}
