"""What each room holds about a person: said once, for taking it away and for erasing it.

A room registers its holdings when it starts (``apps.py``). A test walks all models that point at a person and fails for
one that nobody has spoken for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from accounts.refusals import Text

Row = Mapping[str, object]


def leave(user: User, with_texts: bool) -> None:
    """For what stays as it is: it says nothing of the person once the account is empty."""


@dataclass(frozen=True)
class Holding:
    """One kind of things that we hold about a person.

    name: its key in the file that a person takes away. title: what it is, for the page. models: which tables it is
    about, as "app.model". rows: all of it as JSON-like dictionaries. erase: what is done with it when the account is
    erased; its second argument says whether the person's texts go too. fate: the same in a sentence, for the page.
    is_of_work: only those have some who do something for an agency; the pages tell it apart from the rest.
    """

    name: str
    title: Text
    models: tuple[str, ...]
    rows: Callable[[User], Iterable[Row]]
    fate: Text
    erase: Callable[[User, bool], None] = leave
    is_of_work: bool = False


_HOLDINGS: dict[str, Holding] = {}


def register(*holdings: Holding) -> None:
    """Put a room's holdings before those of the rooms above it, which start earlier: a person's account comes first."""
    later = dict(_HOLDINGS)
    _HOLDINGS.clear()
    _HOLDINGS.update({holding.name: holding for holding in holdings} | later)


def all_holdings() -> list[Holding]:
    """From the account itself up to votes."""
    return list(_HOLDINGS.values())
