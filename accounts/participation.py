"""What a person did here and what became of it: each room says its part, the page shows all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.database import CountOf
from accounts.models import User
from accounts.refusals import Text

FIRST_DEEDS = 5
DEEDS_ON_A_PAGE = 30


@dataclass(frozen=True)
class Deed:
    """One thing that a person did. ``fate``: what became of it, or how it stands, in a few words."""

    title: Text
    url: str
    where: str
    at: datetime | None
    fate: Text = ""


@dataclass(frozen=True)
class Section:
    """A kind of deeds. ``rows`` finds them, latest first, as a queryset or a list; ``deed`` makes words of one."""

    name: str
    title: Text
    nothing: Text
    rows: "Callable[[User], QuerySet | list]"
    deed: Callable[..., Deed]


_SECTIONS: dict[str, Section] = {}


def register(*sections: Section) -> None:
    for section in sections:
        _SECTIONS[section.name] = section


def all_sections() -> list[Section]:
    """In the order in which they were registered."""
    return list(_SECTIONS.values())


@dataclass(frozen=True)
class Deeds:
    """Some of a section in words. ``count``: of all. ``page``: where one turns pages, None for the first few."""

    deeds: list[Deed]
    count: int
    page: Page | None = None

    @property
    def has_more(self) -> bool:
        return self.page is None and self.count > len(self.deeds)


def first_of(section: Section, user: User) -> Deeds:
    """The first few of a section, with its count in the same query."""
    rows = section.rows(user)
    if not isinstance(rows, QuerySet):
        return Deeds([section.deed(row) for row in rows[:FIRST_DEEDS]], len(rows))
    few: list[Any] = list(rows.annotate(count_of_all=CountOf(rows))[:FIRST_DEEDS])
    return Deeds([section.deed(row) for row in few], few[0].count_of_all if few else 0)


def page_of(section: Section, user: User, number: str) -> Deeds:
    """One page of a section."""
    page = Paginator(section.rows(user), DEEDS_ON_A_PAGE).get_page(number)
    return Deeds([section.deed(row) for row in page], page.paginator.count, page)
