"""What a person did here and what became of it: each room says its part, the page shows all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

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
    """A page of a section in words."""

    deeds: list[Deed]
    page: Page


def page_of(section: Section, user: User, number: str, *, full: bool) -> Deeds:
    """One page of a section; the first few where not ``full``."""
    page = Paginator(section.rows(user), DEEDS_ON_A_PAGE if full else FIRST_DEEDS).get_page(number)
    return Deeds([section.deed(row) for row in page], page)
