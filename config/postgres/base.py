"""Django's PostgreSQL backend, whose pool gets over a restart of the server at once."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a connection of the pool before it is used, and takes the next where the server has ended it.

    The pool can do that too (CONN_HEALTH_CHECKS), but waits longer after each dead one: seconds, then ten. With sixteen
    that lie idle while PostgreSQL restarts, every request of half a minute would fail.
    """

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
