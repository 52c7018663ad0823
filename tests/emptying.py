"""How tests empty the tables after what they committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.backends.postgresql.operations import DatabaseOperations

# What migrations fill and every process remembers by its number. Emptied, a running daphne would remember it wrongly.
FILLED_BY_MIGRATIONS = {"django_content_type", "auth_permission"}
MANY = 500  # rows


def sql_flush(operations: DatabaseOperations, style, tables, **options) -> list[str]:
    """Empty tables in spite of the triggers on the ballots, which rightly refuse it.

    They are switched off and on again in the transaction that empties: to owners alone the database allows that. A few
    rows are deleted, for to truncate all hundred tables takes a second and more. Many would take longer: each has to be
    looked for in every table that could point at it.
    """
    named = [operations.quote_name(table) for table in tables if table not in FILLED_BY_MIGRATIONS]
    with operations.connection.cursor() as cursor:
        counts = (f"SELECT '{name}', count(*) FROM (SELECT FROM {name} LIMIT {MANY}) few" for name in named)
        cursor.execute(" UNION ALL ".join(counts))
        found = dict(cursor.fetchall())
        has_many = MANY in found.values()
        emptied = named if has_many else [name for name, number in found.items() if number]
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END"
            " FROM pg_trigger WHERE tgenabled IN ('A', 'O') AND NOT tgisinternal"
            " AND tgrelid = ANY (%s::regclass[])",
            [emptied],
        )
        triggers = cursor.fetchall()
    return [
        # At once, or a running site's folder that holds one of them might wait for the next.
        *([f"LOCK TABLE {', '.join(emptied)}"] if emptied else []),
        *(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name, _enable in triggers),
        *([f"TRUNCATE {', '.join(emptied)}"] if has_many else [f"DELETE FROM {name}" for name in emptied]),
        "SET CONSTRAINTS ALL IMMEDIATE",  # a table with events that wait for the commit is not altered
        *(f"ALTER TABLE {table} {enable} TRIGGER {name}" for table, name, enable in triggers),
    ]


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
