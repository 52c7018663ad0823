"""How tests empty the tables after what they committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from psycopg.errors import DeadlockDetected

# What migrations fill and every process remembers by its number. Emptied, a running daphne would remember it wrongly.
FILLED_BY_MIGRATIONS = {"django_content_type", "auth_permission"}
MANY = 500  # rows
ATTEMPTS = 5


def sql_flush(operations: DatabaseOperations, style, tables, **options) -> list[str]:
    """In place of statements, the tables that ``execute_sql_flush`` empties."""
    return [operations.quote_name(table) for table in tables if table not in FILLED_BY_MIGRATIONS]


def execute_sql_flush(operations: DatabaseOperations, tables: list[str]) -> None:
    """Empty tables. Again, where a running site's folder held one of them and waited for another."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic(), operations.connection.cursor() as cursor:
                _empty(cursor, tables)
            return
        except OperationalError as error:
            if attempt == ATTEMPTS - 1 or not isinstance(error.__cause__, DeadlockDetected):
                raise


def _empty(cursor: CursorWrapper, tables: list[str]) -> None:
    """In spite of the triggers on the ballots, which rightly refuse it: to owners alone the database allows that.

    A few rows are deleted, for to truncate all hundred tables takes a second and more. Many would take longer: each has
    to be looked for in every table that could point at it.
    """
    cursor.execute(f"LOCK TABLE {', '.join(tables)}")
    counts = (f"SELECT '{name}', count(*) FROM (SELECT FROM {name} LIMIT {MANY}) few" for name in tables)
    cursor.execute(" UNION ALL ".join(counts))
    found = dict(cursor.fetchall())
    has_many = MANY in found.values()
    emptied = tables if has_many else [name for name, number in found.items() if number]
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname, CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END"
        " FROM pg_trigger WHERE tgenabled IN ('A', 'O') AND NOT tgisinternal AND tgrelid = ANY (%s::regclass[])",
        [emptied],
    )
    triggers = cursor.fetchall()
    for table, name, _enable in triggers:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    for statement in [f"TRUNCATE {', '.join(emptied)}"] if has_many else [f"DELETE FROM {name}" for name in emptied]:
        cursor.execute(statement)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with events that wait for the commit is not altered
    for table, name, enable in triggers:
        cursor.execute(f"ALTER TABLE {table} {enable} TRIGGER {name}")


@contextmanager
def committed(django_db_blocker) -> Iterator[None]:
    """For what a module's tests share: it stays until their end.

    In one transaction for as long, it would hold back what waits for all that began before: the scrub after a close,
    in the tests that run beside.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
