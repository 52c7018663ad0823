"""What ``comments/annotation_list.html`` shows: the annotations that an address asks for, and the way to others."""

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from comments import queries
from comments.annotations import reading
from comments.annotations.cards import Standing, purpose_names, standing_of
from comments.annotations.models import Annotation, Placement
from comments.annotations.reading import Filter
from comments.cards import Card, Cards
from comments.pages import number_asked
from comments.rights import rights_of
from consultations.models import Article, Version

SHOWS = {
    "all": _("All, in order"),
    "best": _("Most agreed"),
    "unanswered": _("Unanswered"),
    "mine": _("Mine"),
    "lost": _("Without a place"),
}


class Entry:
    """One annotation of a list: its comment's card, and where it stands in the version that one reads."""

    def __init__(self, placement: Placement, card: Card, standing: Standing, reply_count: int):
        self.placement = placement
        self.pk = placement.annotation_id
        self.card = card
        self.standing = standing
        self.reply_count = reply_count


def asked(request: HttpRequest) -> Filter:
    """What the address asks for. What is no number is not found; an unknown order is the first one."""
    show, purpose = request.GET.get("show", ""), request.GET.get("purpose", "")
    return Filter(
        article=number_asked(request, "article"),
        start=number_asked(request, "start"),
        end=number_asked(request, "end"),
        show=show if show in SHOWS else "all",
        purpose=purpose if purpose in Annotation.Purpose.values else "",
    )


def context_of(request: HttpRequest, version: Version, article: Article | None, wanted: Filter) -> dict[str, Any]:
    """Four queries for the annotations, however many there are."""
    consultation = version.document.consultation
    rights = rights_of(request.user, consultation)
    reader = queries.Reader(request.user, rights.may_moderate)
    rows = reading.placements(version, wanted, reader)
    shown, after = reading.page_of(rows, number_asked(request, "after"), wanted.show)
    return {
        "version": version,
        "document": version.document,
        "consultation": consultation,
        "article": article,
        "name": article.name if article else "",
        "wanted": wanted,
        "entries": entries(request, version, shown, rights, reader),
        "rights": rights,
        "shows": [{"name": name, "label": label, "is_current": name == wanted.show} for name, label in SHOWS.items()],
        "purposes": [
            {"name": name, "label": label, "is_current": name == wanted.purpose}
            for name, label in purpose_names().items()
        ],
        "next_url": address(version, wanted, after) if after else "",
        "first_url": address(version, wanted) if request.GET.get("after") else "",
        "page_url": reverse("consultations:version", args=[version.document_id, version.number]),
        "whole_url": whole_address(article) if article else "",
        "ranges": ranges_of(version, article) if article is not None and not wanted.has_words else None,
        "next": request.get_full_path(),
    }


def entries(
    request: HttpRequest, version: Version, rows: list[Placement], rights: Any, reader: queries.Reader
) -> list[Entry]:
    """One query."""
    cards = Cards(request.user, version.document.consultation, rights, is_open=rights.may_write)
    comments = reading.comments_of(rows, reader) if rows else {}
    found = []
    for row in rows:
        comment = comments.get(row.annotation_id)
        if comment is None:  # deleted between the two queries
            continue
        card = cards.of(comment, is_locked=comment.locked_at is not None)
        found.append(Entry(row, card, standing_of(row, row.annotation, version), comment.reply_count))
    return found


def whole_address(article: Article) -> str:
    """Where one annotates an article as a whole."""
    place = {"article": article.pk, "start": 0, "end": len(article.text)}
    return f"{reverse('comments:annotate')}?{urlencode(place)}"


def ranges_of(version: Version, article: Article) -> str:
    """The annotated ranges of one article, for scripts: [[start, end, count], …]."""
    return json.dumps(reading.ranges_in(version, article)[0].get(article.pk, []), separators=(",", ":"))


def address(version: Version, wanted: Filter, after: int | None = None) -> str:
    asks: dict[str, Any] = {"version": version.pk}
    if wanted.article is not None:
        asks["article"] = wanted.article
    if wanted.has_words:
        asks |= {"start": wanted.start, "end": wanted.end}
    if wanted.show != "all":
        asks["show"] = wanted.show
    if wanted.purpose:
        asks["purpose"] = wanted.purpose
    if after is not None:
        asks["after"] = after
    return f"{reverse('comments:annotations')}?{urlencode(asks)}"
