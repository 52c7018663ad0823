"""Notices in the product: a page of them, and that they were read."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils import timezone

from accounts.models import Notice, User
from accounts.notices import sight
from accounts.notices.kinds import sentence_of

NOTICES_ON_A_PAGE = 20


@dataclass(frozen=True)
class Line:
    """A notice in words; without words or address where what it leads to may not be seen any more."""

    sentence: str
    url: str
    at: datetime
    is_read: bool


def page_of(person: User, number: str | None) -> Page[Notice]:
    return Paginator(Notice.objects.filter(user=person), NOTICES_ON_A_PAGE).get_page(number)


def lines_of(person: User, notices: Page[Notice]) -> list[Line]:
    unseen = sight.unseen(person, list(notices))
    return [
        Line(
            sentence="" if notice.pk in unseen else sentence_of(notice.kind, notice.facts),
            url="" if notice.pk in unseen else notice.get_absolute_url(),
            at=notice.created_at,
            is_read=notice.read_at is not None,
        )
        for notice in notices
    ]


def mark_read(person: User, notice: Notice | None = None) -> int:
    """One notice of the person, or all. Returns how many were unread."""
    unread = Notice.objects.filter(user=person).unread()
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=timezone.now())
