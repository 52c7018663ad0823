"""Django's PostgreSQL backend: its pool gets over a restart of the server at once, its migrations may take long."""

from typing import Any, Self

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool


class PatientSchemaEditor(DatabaseSchemaEditor):
    """Lets a migration think: between two statements Django draws its models anew, which on a busy machine takes longer
    than a request may leave its transaction idle (``settings.DATABASE``)."""

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            self.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a connection of the pool before it is used, and takes the next where the server has ended it.

    The pool can do that too (CONN_HEALTH_CHECKS), but waits longer after each dead one: seconds, then ten. With sixteen
    that lie idle while PostgreSQL restarts, every request of half a minute would fail.
    """

    SchemaEditorClass = PatientSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        while True:
            connection = super().get_new_connection(conn_params)
            if not self.pool:
                return connection
            try:
                ConnectionPool.check_connection(connection)
            except Error:
                self.pool.putconn(connection)  # which discards it, and connects anew where the pool wants one
            else:
                return connection
