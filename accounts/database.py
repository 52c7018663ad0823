"""What the database does beyond Django's own: connections, and a count beside the rows."""

from typing import Any

from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery


class CountOf(Subquery):
    """How many rows a query finds, but no more than ``most``: a column, so that it costs no query of its own."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: "QuerySet[Any]", most: int | None = None):
        super().__init__(rows.order_by().values("pk")[:most])


def async_connection_parameters() -> dict[str, Any]:
    """Return the arguments for ``psycopg.AsyncConnection.connect`` to the database that Django uses.

    Starts the private PostgreSQL where that is the one in use; waits for it, so call it early.
    """
    parameters = connection.get_connection_params()
    del parameters["cursor_factory"]  # Django's, which is not asynchronous
    return parameters
