"""Queries that pages ask again and again in the same words: made SQL once, and not at each request.

What Django does to make a query out of annotations and joins, and SQL out of that query, takes five times as long as
PostgreSQL takes to answer it; and most of that time PostgreSQL plans. So it keeps its plans of these (config/postgres).
The rows, their related ones and what is prefetched come as from any queryset.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Field, Model, QuerySet, Value, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.fields.reverse_related import ManyToOneRel
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql as written

from accounts.models import User

M = TypeVar("M", bound=Model)
READER = "reader"
FORMS_KEPT = 64  # of each query


class Blank(Value):
    """Where a value will stand that is not known yet."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None):
        super().__init__(name, output_field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


def as_column(value: Any) -> Value:
    """A value, or its blank, as a column of each row."""
    return value if isinstance(value, Blank) else Value(value)


def one_of(ids: Any) -> RawSQL:
    """For ``pk__in``: a list, or its blank. However long it is, the query is the same."""
    return RawSQL("SELECT unnest(%s::bigint[])", [ids])


@dataclass(frozen=True)
class AnyReader:
    """In the place of a person, while a query is made: whoever is logged in. Has no more than this to ask."""

    is_active: bool
    is_authenticated = True
    pk = Blank(READER, BigIntegerField())


@dataclass(frozen=True)
class Made:
    """A query as it will be asked: what is always the same stands in its text, ``blanks`` are what is not."""

    rows: "QuerySet[Any]"
    compiler: SQLCompiler
    sql: str
    blanks: tuple[str, ...]


class _Preparing:
    """A connection whose cursors have their statements planned once."""

    def __init__(self, connection: Any):
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        return self._connection.prepared_cursor()


class _Ready:
    """In the place of a queryset's query: gives the compiler that has done its work already."""

    def __init__(self, made: Made, values: dict[str, Any]):
        self._made = made
        self._parameters = tuple(values[name] for name in made.blanks)

    def get_compiler(self, using: str = DEFAULT_DB_ALIAS, **options: Any) -> SQLCompiler:
        compiler = copy(self._made.compiler)
        compiler.connection = _Preparing(connections[using])  # type: ignore[assignment]
        compiler.as_sql = lambda *args, **kwargs: (self._made.sql, self._parameters)  # type: ignore[method-assign]
        return compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made.rows.query, name)


def _with_constants(sql: str, parameters: tuple[Any, ...]) -> tuple[str, tuple[str, ...]]:
    """The text with all parameters in it but the blanks, and the names of those in their order."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    parts, given, blanks = re.split(r"(%%|%s)", sql), iter(parameters), []
    for at, part in enumerate(parts):
        if part != "%s":
            continue
        parameter = next(given)
        if isinstance(parameter, Blank):
            blanks.append(parameter.value)
        else:
            parts[at] = written.Literal(parameter).as_string(wrapper.connection).replace("%", "%%")
    return "".join(parts), tuple(blanks)


def prepared(make: "Callable[..., QuerySet[M]]") -> Callable[..., list[M]]:
    """For a function that makes a query out of who reads and of the values to look for. Calls then give its rows.

    make: called once for each *form* of the query, that is for each set of positional arguments: words of which there
        are few. A person counts there only as logged in or not; of who is, it sees the ``pk`` and no more. What is
        given by name are values, which it gets as blanks to put into filters. None is no value.
    """

    @lru_cache(maxsize=FORMS_KEPT)
    def made(form: tuple[Hashable, ...], names: tuple[str, ...]) -> Made:
        rows = make(*form, **{name: Blank(name) for name in names})
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        for parameter in parameters:
            # A moment would stay what it was when the query was made.
            if isinstance(parameter, date):
                raise ValueError(f"{make.__qualname__} would keep {parameter!r}: give it by name")
        return Made(rows, compiler, *_with_constants(sql, tuple(parameters)))

    @wraps(make)
    def ask(*form: Any, **values: Any) -> list[M]:
        if None in values.values():
            raise ValueError(f"{make.__qualname__} was given None, which is equal to nothing: make that a form")
        kept = made(tuple(_without_name(part) for part in form), tuple(values))
        for part in form:
            if isinstance(part, User):
                values[READER] = part.pk
        found: QuerySet[M] = QuerySet(kept.rows.model, _Ready(kept, values))  # type: ignore[arg-type]
        found._iterable_class = kept.rows._iterable_class
        rows = list(found)
        _prefetch(rows, kept.rows._prefetch_related_lookups)  # type: ignore[attr-defined]
        return rows

    return ask


def _prefetch(rows: list[Any], lookups: tuple[Any, ...]) -> None:
    """As Django does it; of rows that point at these by a foreign key, with a query that is prepared too."""
    for lookup in lookups if rows else ():
        relation = _relation(rows[0]._meta, lookup)
        if relation is None:
            prefetch_related_objects(rows, lookup)
        else:
            _prefetch_pointing(rows, lookup, relation)


@cache
def _relation(meta: Any, name: Hashable) -> ManyToOneRel | None:
    """What points at rows of a model and is called so there; None for anything else that can be prefetched."""
    related = [field for field in meta.related_objects if field.get_accessor_name() == name]
    return related[0] if related and type(related[0]) is ManyToOneRel else None


def _prefetch_pointing(rows: list[Any], name: str, relation: ManyToOneRel) -> None:
    pointing = defaultdict(list)
    for found in _pointing_at(relation, ids=[row.pk for row in rows]):
        pointing[getattr(found, relation.field.attname)].append(found)
    for row in rows:
        for found in pointing[row.pk]:
            relation.field.set_cached_value(found, row)
        related = getattr(row, name).all()
        related._result_cache = pointing[row.pk]
        related._prefetch_done = True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related


@prepared
def _pointing_at(relation: ManyToOneRel, *, ids: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": one_of(ids)})
    return found


def _without_name(part: Any) -> Hashable:
    if isinstance(part, User):
        return AnyReader(part.is_active)
    return AnonymousUser() if isinstance(part, AnonymousUser) else part
