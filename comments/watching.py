"""What the live threads need from the database: who may read along, and the newest comments that everybody sees.

The frame is the same for all who read a consultation, so it holds nothing that only some of them may see: no held
comment, no hidden one, no deleted one: of an annotation that went, it says where it stood. What a reader may do with a
comment is on the page already.
"""

from collections.abc import Collection
from typing import Any

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Greatest

from accounts.sessions import people_of
from comments import queries
from comments.cards import author_name, body_of
from comments.models import Comment, Placement
from consultations.live.hub import Session
from consultations.models import Consultation

NEWEST = 10  # comments in a frame; who missed more is told to load the page again
LONGEST_BODY = 4_000  # characters of HTML; of a longer one the frame has no text, and the page leads to it


def _fetch(consultation_id: int) -> dict[str, Any]:
    """The newest comments in sight, oldest first, and what went out of sight. Four queries, however many read along."""
    in_sight = Comment.objects.filter(consultation=consultation_id, hidden_at=None, deleted_at=None).released()
    newest = list(reversed(queries.to_show(in_sight, queries.ANYBODY).order_by("-pk")[:NEWEST]))
    gone = _gone(consultation_id)
    annotations = [comment.pk for comment in newest if comment.document_id and comment.root_id is None]
    places = _places(annotations + [one["id"] for one in gone])
    agency = Consultation.objects.select_related("agency").get(pk=consultation_id).agency.name
    shown = [_shown(comment, agency) | places.get(comment.pk, {}) for comment in newest]
    return {
        "consultation": consultation_id,
        "comments": shown,
        "gone": [one | places.get(one["id"], {}) for one in gone],
    }


def _gone(consultation_id: int) -> list[dict[str, Any]]:
    """The annotations that were hidden or deleted last: that they are gone, and nothing that they said. One query."""
    annotations = Comment.objects.filter(consultation=consultation_id, document__isnull=False, root__isnull=True)
    gone = annotations.exclude(hidden_at=None, deleted_at=None).released()
    rows = gone.annotate(gone_at=Greatest("hidden_at", "deleted_at")).order_by("-gone_at")[:NEWEST]
    return [
        {"id": pk, "place": f"document-{document}", "gone_at": gone_at.isoformat(timespec="milliseconds")}
        for pk, document, gone_at in rows.values_list("pk", "document", "gone_at")
    ]


def _places(annotations: list[int]) -> dict[int, dict[str, Any]]:
    """Of annotations: ``places``, by the version's id the article's, start and end. One query, none without any."""
    found: dict[int, dict[str, Any]] = {}
    if not annotations:
        return found
    rows = Placement.objects.filter(annotation__in=annotations, article__isnull=False)
    for pk, version, *place in rows.values_list("annotation", "version", "article", "start", "end"):
        found.setdefault(pk, {"places": {}})["places"][str(version)] = place
    return found


def _shown(comment: Comment, agency: str) -> dict[str, Any]:
    body = body_of(comment)
    return {
        "id": comment.pk,
        "place": queries.name_of_place(comment),
        "root": comment.root_id,
        "author": author_name(comment),
        "agency": agency if comment.is_official else "",
        "created_at": comment.created_at.isoformat(timespec="seconds"),
        "body": body if len(body) <= LONGEST_BODY else "",
    }


def _admit(consultation_id: int, sessions: Collection[Session]) -> set[Session]:
    """Those of ``sessions`` that may read the consultation now. Four queries; one where everybody may."""
    published = Consultation.objects.filter(pk=consultation_id, published_at__isnull=False)
    if published.visible_to(AnonymousUser()).exists():
        return set(sessions)
    people = people_of(sessions)
    welcome = published.seen_by_which({person.pk for person in people.values()})
    return {session for session, person in people.items() if person.pk in welcome}


# Not thread-sensitive: those calls would all wait for one thread of the whole process.
fetch = database_sync_to_async(_fetch, thread_sensitive=False)
admit = database_sync_to_async(_admit, thread_sensitive=False)
