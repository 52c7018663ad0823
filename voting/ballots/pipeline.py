"""Several statements in one round trip, each still a statement of its own: with a snapshot that is taken when it runs.

For the cast alone, which has nothing to do between a lock and what is read under it. The database keeps these
statements prepared: planning them anew for each voter takes it longer than running them.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]
NEVER_BY_ITSELF = sys.maxsize  # Django's other statements are texts that come once; None, its own, forbids any


def run(*statements: Statement) -> list[tuple[Any, ...] | None]:
    """The first row of each; None where it has none. Inside a transaction. Raises Django's errors."""
    assert connection.in_atomic_block, "a pipeline of locks needs a transaction"
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline():
        cursors = [_execute(raw, statement) for statement in statements]
    return [cursor.fetchone() if cursor.description else None for cursor in cursors]


def one_row(statement: Statement) -> tuple[Any, ...] | None:
    """The first row of a single one; JSON comes as text."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return _execute(connection.connection, statement).fetchone()


def _execute(raw: psycopg.Connection, statement: Statement) -> psycopg.Cursor:
    sql, arguments = statement
    raw.prepare_threshold = NEVER_BY_ITSELF
    cursor = psycopg.Cursor(raw)  # not Django's, which writes arguments into the text
    cursor.execute(sql, arguments, prepare=True)
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0"})
    return cursor
