"""Connections to the database outside Django's own."""

from typing import Any

from django.db import connection


def async_connection_parameters() -> dict[str, Any]:
    """Return the arguments for ``psycopg.AsyncConnection.connect`` to the database that Django uses.

    Starts the private PostgreSQL where that is the one in use; waits for it, so call it early.
    """
    parameters = connection.get_connection_params()
    del parameters["cursor_factory"]  # Django's, which is not asynchronous
    return parameters
