"""Django's PostgreSQL backend: its pool gets over a restart of the server at once, its migrations may take long, and
a statement that comes often can be planned once.
"""

import select
import sys
from typing import Any, Self

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg import Connection, Cursor, Error
from psycopg_pool import ConnectionPool

NEVER_BY_ITSELF = sys.maxsize  # None, which is Django's, would forbid to prepare anything


class PreparedCursor(Cursor):
    """Sends statements and values apart, and has the server keep its plan of each statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **{**options, "prepare": True})


class TellingOperations(DatabaseOperations):
    """Tells of a statement in a pipeline, which has not been sent when it is logged, what its text is."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return super().last_executed_query(cursor, sql, params) or str(sql)


class PatientSchemaEditor(DatabaseSchemaEditor):
    """Lets a migration think: between two statements Django draws its models anew, which on a busy machine takes longer
    than a request may leave its transaction idle (``settings.DATABASE``)."""

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            self.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        return self


def _is_quiet(connection: Connection) -> bool:
    """Whether nothing has come from the server, to which nobody has said anything: not the end of the connection."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return not heard.poll(0)


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at a connection of the pool before it is used, and takes the next where the server has ended it.

    The pool can do that too (CONN_HEALTH_CHECKS), but waits longer after each dead one: seconds, then ten. With sixteen
    that lie idle while PostgreSQL restarts, every request of half a minute would fail. And it asks the server each
    time, which every request would wait for; a server that ends a connection says so.
    """

    ops_class = TellingOperations
    SchemaEditorClass = PatientSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        while True:
            connection = super().get_new_connection(conn_params)
            if not self.pool or _is_quiet(connection):
                return connection
            try:
                ConnectionPool.check_connection(connection)
            except Error:
                self.pool.putconn(connection)  # which discards it, and connects anew where the pool wants one
            else:
                return connection

    def prepared_cursor(self) -> Any:
        """A cursor for statements that come again and again in the same words, with other values.

        To plan one of those that make a page takes PostgreSQL up to ten times as long as to run it. It keeps each for
        as long as the connection lives, so never send a text here that has values in it.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            self.connection.prepare_threshold = NEVER_BY_ITSELF
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined]
