"""Several statements in one round trip, each still a statement of its own: with a snapshot that is taken when it runs.

For the cast alone, which has nothing to do between a lock and what is read under it. The database keeps these
statements prepared: planning them anew for each voter takes it longer than running them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]


def run(*statements: Statement) -> list[tuple[Any, ...] | None]:
    """The first row of each; None where it has none. Raises Django's errors.

    All in one transaction: in the one that is open, otherwise in their own. PostgreSQL begins that with the first and
    commits it behind the last, so that nobody has to ask for either.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [_execute(statement) for statement in statements]
    return [cursor.fetchone() if cursor.description else None for cursor in cursors]


def one_row(statement: Statement) -> tuple[Any, ...] | None:
    """The first row of a single one; JSON comes as text."""
    return _execute(statement).fetchone()


def _execute(statement: Statement) -> Any:
    cursor = connection.prepared_cursor()  # type: ignore[attr-defined]  # config/postgres
    cursor.execute(*statement)
    return cursor
