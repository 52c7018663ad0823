"""Several statements in one round trip, each still a statement of its own: with a snapshot that is taken when it runs.

For the cast alone, which has nothing to do between a lock and what is read under it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]


def run(*statements: Statement) -> list[tuple[Any, ...] | None]:
    """The first row of each; None where it has none. Inside a transaction. Raises Django's errors."""
    assert connection.in_atomic_block, "a pipeline of locks needs a transaction"
    connection.ensure_connection()
    raw = connection.connection
    cursors = []
    with connection.wrap_database_errors, raw.pipeline():
        for sql, arguments in statements:
            cursor = psycopg.Cursor(raw)  # not Django's, which writes arguments into the text
            cursor.execute(sql, arguments)
            cursors.append(cursor)
            if connection.queries_logged:
                connection.queries_log.append({"sql": sql, "time": "0"})
    return [cursor.fetchone() if cursor.description else None for cursor in cursors]
