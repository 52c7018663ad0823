"""The tables that anybody can take away: each is defined once, and from that come files, data dictionary and page.

A table belongs to a room (its ``exports.py``) and is registered when the app is ready, so that no import goes up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from accounts.access import Person
from accounts.refusals import NotPermitted, Reason, Text
from consultations.models import Consultation


class Type(StrEnum):
    """What a cell holds: as the data dictionary names it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"  # ISO 8601 in UTC
    JSON = "json"


@dataclass(frozen=True)
class Column:
    """``source``: a field's name or an expression, for ``values_list``; empty means the column's own name.

    is_personal: tells who a person is, so that only those who may export personal data get it, and only on request.
    """

    name: str
    type: Type
    meaning: Text
    source: str | Combinable = ""
    is_personal: bool = False


@dataclass(frozen=True)
class Withheld:
    """A part of a table that may not be seen now: what, why, and from when it may (None: no date is set)."""

    id: int
    title: str
    reason: Reason
    until: datetime | None


class NothingLeft(NotPermitted):
    """All of a table is withheld now: with the reason of what comes out first, and ``until`` when (None: no date)."""

    def __init__(self, withheld: Sequence[Withheld]):
        first = min(withheld, key=lambda part: (part.until is None, part.until))
        super().__init__(first.reason)
        self.until = first.until


@dataclass(frozen=True)
class Extract:
    """The rows that one person may see now, and what is held back from them."""

    rows: QuerySet[Any]
    withheld: Sequence[Withheld] = field(default_factory=list)
    is_empty_handed: bool = False  # everything there is, is withheld

    def require_something(self) -> None:
        """Raise NothingLeft where nothing is left to be seen."""
        if self.is_empty_handed:
            raise NothingLeft(self.withheld)


@dataclass(frozen=True)
class Table:
    """``extract`` is asked after the consultation was found visible to the person; it asks every other gate."""

    name: str
    title: Text
    description: Text
    audience: Text  # who may see it, in one sentence
    columns: Sequence[Column]
    extract: Callable[[Consultation, Person], Extract]

    def columns_for(self, *, personal: bool) -> list[Column]:
        return [column for column in self.columns if personal or not column.is_personal]

    @property
    def has_personal_columns(self) -> bool:
        return any(column.is_personal for column in self.columns)


_tables: dict[str, Table] = {}


def register(*tables: Table) -> None:
    """Add tables to what every consultation exports. Called by ``AppConfig.ready``; again is harmless."""
    for table in tables:
        _tables[table.name] = table


def all_tables() -> list[Table]:
    return list(_tables.values())


def table_named(name: str) -> Table | None:
    return _tables.get(name)
