"""Publishing a version of a draft text, and what that does to the annotations on the one before.

Rooms above register what they do with it (``register_placer``, when the app is ready), inside the same transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import InvalidInput, Text
from consultations.clock import database_now
from consultations.documents.drafting import locked_document, locked_draft
from consultations.following import followers
from consultations.models import Document, Version
from frontend.typed import as_lines

# Takes the last published version and the next one; says how many annotations land in each state.
Landing = Callable[[Version, Version], Mapping[str, int]]


@dataclass(frozen=True)
class Placer:
    """``preview`` only counts; ``publish`` writes, and is called with both versions locked."""

    preview: Landing
    publish: Landing


_placers: list[Placer] = []

# By the states that placers count, in the order in which they are shown.
LANDING_NAMES: dict[str, Text] = {
    "kept": _("Same words, same place"),
    "shifted": _("Same words, elsewhere"),
    "text_changed": _("Their words were changed"),
    "ambiguous": _("Several places fit: you decide"),
    "orphaned": _("Their words are gone: you decide"),
}


def register_placer(preview: Landing, publish: Landing) -> None:
    """Add what goes along from version to version. Called by ``AppConfig.ready``; again is harmless."""
    placer = Placer(preview, publish)
    if placer not in _placers:
        _placers.append(placer)


def landing_of(old: Version, new: Version) -> dict[str, int]:
    """How many annotations of the published version would land in each state, were the draft published now."""
    return _sum(placer.preview(old, new) for placer in _placers)


def publish_version(*, version: Version, actor: Person, known_revision: int, summary: str | None = None) -> Version:
    """Publish a draft version: from now on it is what people read and annotate, and it never changes.

    summary: what changes, and why, for its readers; None leaves what is saved.

    One transaction: the version, the places of the annotations in it, the notices to those who follow. Locks the
    document's row: who annotates the old version at this moment is waited for, or waits and then finds the new one.
    Raises NotPermitted; Conflict where it is published already or changed since ``known_revision``; InvalidInput
    where it is empty.
    """
    document = version.document
    require(actor, "consultations.publish_consultation", document.consultation)
    assert isinstance(actor, User)
    with transaction.atomic():
        locked_document(document)
        locked = locked_draft(version, known_revision)
        if not locked.articles.exists():
            raise InvalidInput("version_empty", _("There is nothing to publish yet: the version has no articles."))
        old = last_published(document)
        locked.published_at, locked.published_by = database_now(), actor
        if summary is not None:
            locked.summary = as_lines(summary)
        locked.save(update_fields=["summary", "published_at", "published_by"])
        landed = {} if old is None else _sum(placer.publish(old, locked) for placer in _placers)
        audit.record(
            "consultations.version_published",
            actor=actor,
            on=document,
            consultation_id=document.consultation_id,
            document=document.title,
            number=locked.number,
            landed=landed,
        )
        _tell(locked, actor)
    return locked


def last_published(document: Document) -> Version | None:
    found = document.versions.filter(published_at__isnull=False).order_by("-number").first()
    if found is not None:
        found.document = document
    return found


def _tell(version: Version, actor: User) -> None:
    """Those who follow; a draft consultation has nobody to tell."""
    document = version.document
    if not document.consultation.is_published:
        return
    tell(
        "version_published",
        to=[user_id for user_id in followers(document.consultation) if user_id != actor.pk],
        key=f"document {document.pk} version {version.number}",
        url=document.get_absolute_url(),
        consultation_id=document.consultation_id,
        title=document.consultation.title,
        document=document.title,
        number=version.number,
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
