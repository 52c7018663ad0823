"""Whether a person may still see what a notice leads to: asked again whenever they are told.

Notices name what they are about by an address, so that this room need not know the rooms above it. Each of them
registers here (in its ``apps.py``) what it knows of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import Resolver404, resolve

from accounts.models import Notice, User

# Which of these notices lead to something of the room that the person may not see (any more): their ids.
Unseen = Callable[[User, Sequence[Notice]], set[int]]


@dataclass(frozen=True)
class Place:
    """A consultation, as far as an e-mail names it."""

    title: str
    path: str


# The consultation of this number, for a person who may see it.
PlaceOf = Callable[[User, int], Place | None]

_rules: list[Unseen] = []
_places: list[PlaceOf] = []


def register(rule: Unseen) -> None:
    if rule not in _rules:
        _rules.append(rule)


def register_places(place: PlaceOf) -> None:
    """By ``place`` the number of a consultation becomes its title."""
    _places[:] = [place]


def unseen(user: User, notices: Sequence[Notice]) -> set[int]:
    """The ids of those that lead to something that the person may not see: hidden, deleted, or private and left."""
    return set().union(*(rule(user, notices) for rule in _rules)) if notices else set()


def place_of(user: User, consultation_id: int | None) -> Place | None:
    """None where the person may not see it, and where there is none."""
    if consultation_id is None:
        return None
    return next((found for place in _places if (found := place(user, consultation_id))), None)


def ids_in_addresses(notices: Iterable[Notice], url_name: str) -> dict[int, int]:
    """Of the notices that lead to an address of this name: id of the notice -> the number in the address."""
    found = {}
    for notice in notices:
        try:
            match = resolve(notice.url.partition("#")[0].partition("?")[0])
        except Resolver404:
            continue
        if match.view_name == url_name:
            (found[notice.pk],) = match.kwargs.values()
    return found
