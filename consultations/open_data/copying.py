"""The statement that reads a table out of PostgreSQL, already in the shape of the file: one row, one line.

The database writes the cells, so that a row costs Python nothing but passing it on.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from consultations.open_data.tables import Column, Type

Statement = tuple[str, Sequence[Any]]

# A spreadsheet takes a cell that begins so for a formula. The last four are full-width, which some locales accept.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_FORMULA = r"E'^[-=+@\\t\\r\\n＝＋－＠]'"
# Where lists are written with semicolons, as in Argentina, a spreadsheet divides our lines there and does not see our
# quotes: a cell begins in the middle of a text, and a row at its line breaks.
_WITHIN = r"([;\t\r\n])([-=+@＝＋－＠])"


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


def copy_statement(rows: QuerySet[Any], columns: Sequence[Column], file_format: Format) -> Statement:
    """SQL and parameters of a ``COPY … TO STDOUT`` of these columns, in the order of ``rows``.

    Each message it sends is one row: a line of RFC 4180 that ends in LF, or one JSON object that ends in LF.
    """
    source, params = _select(rows, columns)
    return _SHAPES[file_format](source, columns), params


def neutralised(text: str) -> str:
    """A text as its CSV cell: what a spreadsheet would take for a formula gets an apostrophe in front,
    at the start or within."""
    text = re.sub(_WITHIN, r"\1'\2", text)
    return f"'{text}" if text.startswith(tuple(FORMULA_STARTS)) else text


def _select(rows: QuerySet[Any], columns: Sequence[Column]) -> Statement:
    try:
        sql, params = rows.values_list(*[column.source or column.name for column in columns]).query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing matches
        sql, params = f"SELECT {', '.join('NULL::text' for _ in columns)} WHERE false", ()
        return f"({sql}) AS source({_names(columns)})", params
    return f"({sql}) AS source({_names(columns)})", params


def _as_csv(source: str, columns: Sequence[Column]) -> str:
    cells = ", ".join(f"{_CSV_CELLS[column.type](_name(column))} AS {_name(column)}" for column in columns)
    quoted = [_name(column) for column in columns if column.type in {Type.TEXT, Type.JSON}]
    force = f", FORCE_QUOTE ({', '.join(quoted)})" if quoted else ""
    return f"COPY (SELECT {cells} FROM {source}) TO STDOUT WITH (FORMAT csv{force})"  # noqa: S608 (columns are ours)


def _as_json(source: str, columns: Sequence[Column]) -> str:
    # JSON has no raw control characters, so with these as delimiter and quote COPY changes nothing in it.
    cells = ", ".join(f"{_JSON_CELLS.get(column.type, _plain)(_name(column))} AS {_name(column)}" for column in columns)
    select = f"SELECT row_to_json(cells)::text FROM (SELECT {cells} FROM {source}) AS cells"  # noqa: S608
    return rf"COPY ({select}) TO STDOUT WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"


def _plain(name: str) -> str:
    return name


def _neutral(name: str) -> str:
    safe = rf"regexp_replace({name}::text, '{_WITHIN}', '\1''\2', 'g')"
    return f"CASE WHEN {name}::text ~ {_FORMULA} THEN '''' || {safe} ELSE {safe} END"


def _time(name: str) -> str:
    # The empty result of Django knows no types, hence the cast.
    return f"""to_char({name}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


_CSV_CELLS: dict[Type, Callable[[str], str]] = {
    Type.TEXT: _neutral,
    Type.JSON: lambda name: _neutral(f"to_jsonb({name})"),
    Type.INTEGER: _plain,
    Type.NUMBER: _plain,
    Type.BOOLEAN: lambda name: f"{name}::text",  # true and false, not t and f
    Type.DATETIME: _time,
}
_JSON_CELLS: dict[Type, Callable[[str], str]] = {Type.DATETIME: _time}

_SHAPES: dict[Format, Callable[[str, Sequence[Column]], str]] = {Format.CSV: _as_csv, Format.JSON: _as_json}


def _name(column: Column) -> str:
    return f'"{column.name}"'


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(_name(column) for column in columns)
