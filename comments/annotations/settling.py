"""Settling by hand where an annotation stands in a version: an editor places it, or leaves it without a place."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.annotations.annotating import lock_against_publishing
from comments.annotations.models import Placement
from comments.annotations.telling import tell_of_settling
from consultations.clock import database_now
from consultations.documents.publishing import last_published
from consultations.models import Article, Version
from frontend.typed import tidied

MAY_SETTLE = "consultations.publish_consultation"
State = Placement.State
OPEN = (State.AMBIGUOUS, State.ORPHANED)
CERTAIN = Reason("placed_already", _("The same words stand there: there is nothing to place."))
NEWER = Reason("newer_version", _("A newer version was published meanwhile. Place it there, in its inbox."))

# article, start, end
Place = tuple[Article, int, int]


def settle(*, placement: Placement, actor: Person, place: Place | None) -> Placement:
    """Put an annotation at ``place`` in its version, or leave it where it was made (None); of changed words, None
    says that the place is right. Its state stays: how it was found is not forgotten. Again is a correction.

    The author is told, but not that a place is right. Raises NotPermitted; Conflict for words that are certain, or in a
    version that is no longer the latest, from which nobody takes places along; InvalidInput for a place in another
    version or outside the text. Locks the document shared, so that no version is published meanwhile, then the
    placement.
    """
    require(actor, MAY_SETTLE, placement.version.document.consultation)
    assert isinstance(actor, User)
    document = placement.version.document
    with transaction.atomic():
        lock_against_publishing(document.pk)
        latest = last_published(document)
        if latest is not None and latest.pk != placement.version_id:
            raise Conflict(NEWER, page=reverse("comments:placing-inbox", args=[document.pk]))
        locked = Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
        if locked.state not in (*OPEN, State.TEXT_CHANGED):
            raise Conflict(CERTAIN)
        if place is not None:
            locked.article, locked.start, locked.end = _checked(place, locked.version_id)
        elif locked.state in OPEN:
            locked.article = locked.start = locked.end = None
        locked.settled_at, locked.settled_by = database_now(), actor
        locked.save()
        audit.record(
            "comments.annotation_placed" if locked.article_id else "comments.annotation_left",
            actor=actor,
            on=locked.annotation.comment,
            consultation_id=placement.version.document.consultation_id,
            version=placement.version.number,
            state=locked.state,
        )
        if place is not None or locked.state in OPEN:
            tell_of_settling(locked)
    return locked


def place_of_words(version: Version, words: str, article: Article | None = None) -> Place:
    """Where ``words`` stand in a version, or in one article of it. Raises InvalidInput unless it is one place."""
    words = tidied(words)
    if not words:
        raise InvalidInput("no_words", _("Choose a place, or paste the words where it belongs."), "words")
    articles = [article] if article is not None else list(version.articles.defer("body", "html"))
    found: list[Place] = []
    for one in articles:
        at = one.text.find(words)
        while at != -1:
            found.append((one, at, at + len(words)))
            at = one.text.find(words, at + 1)
    if not found:
        raise InvalidInput(
            "words_not_there", _("These words do not stand in this version. Paste them as they are."), "words"
        )
    if len(found) > 1:
        raise InvalidInput(
            "words_in_several_places",
            _("These words stand in several places. Choose the article, or paste more of them."),
            "words",
        )
    return found[0]


def _checked(place: Place, version_id: int) -> Place:
    article, start, end = place
    if article.version_id != version_id:
        raise InvalidInput("strange_article", _("That article belongs to another version."), "article")
    if not 0 <= start < end <= len(article.text):
        raise InvalidInput("outside_the_text", _("The article has no such place. Choose the words again."), "start")
    return place
