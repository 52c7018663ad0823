"""Entries as an Atom feed (RFC 4287)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language

from consultations.feeds.entries import Entry
from frontend.formats import in_xml


def atom(title: str, *, path: str, feed_path: str, entries: Sequence[Entry], updated: datetime, author: str) -> bytes:
    """The document. ``updated`` stands for a feed without entries."""
    feed = Atom1Feed(
        title=in_xml(title),
        link=settings.SITE_URL + path,
        description=None,
        language=(get_language() or settings.LANGUAGE_CODE),
        feed_url=settings.SITE_URL + feed_path,
        feed_guid=_tag("feed", feed_path),
        author_name=in_xml(author),
    )
    feed.latest_post_date = lambda: max((entry.at for entry in entries), default=updated)  # type: ignore[method-assign]
    for entry in entries:
        feed.add_item(
            title=in_xml(entry.title),
            link=settings.SITE_URL + entry.path,
            description=escape(in_xml(entry.summary or entry.title)),  # which Django's feed calls HTML
            pubdate=entry.at,
            updateddate=entry.at,
            unique_id=_tag("entry", entry.key),
        )
    return str(feed.writeString("utf-8")).encode()


def etag_of(entries: Sequence[Entry]) -> str:
    """Another one as soon as anything in the feed differs, its language too."""
    shown = repr([(entry.key, entry.title, entry.path, entry.summary) for entry in entries])
    return f'"{hashlib.sha256(f"{get_language()} {shown}".encode()).hexdigest()[:32]}"'


def _tag(kind: str, name: str) -> str:
    """A name for ever (RFC 4151), whatever becomes of addresses."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:asamblea/{kind}/{name.strip('/')}"
