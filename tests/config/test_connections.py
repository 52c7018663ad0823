"""The connections to the database: usable at once after a restart of the server; patient with migrations."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import connection, connections

from tests.servers import wait_until

IDLE = 8


@pytest.mark.django_db(transaction=True)
def test_connections_that_the_server_has_ended_are_replaced_without_a_wait():
    together = Barrier(IDLE)

    def ask(wait: bool) -> int:
        try:
            with connections["default"].cursor() as cursor:
                if wait:
                    together.wait(10)
                cursor.execute("SELECT 1")
                return cursor.fetchone()[0]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(IDLE) as people:
        assert list(people.map(ask, [True] * IDLE)) == [1] * IDLE  # so many lie idle now
        end_all_connections()
    assert ask(wait=False) == 1


def end_all_connections() -> None:
    """As a restart of PostgreSQL does, but for the one that says so."""
    connection.close()
    where = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: where[name] for name in names if where.get(name)}, autocommit=True) as other:
        ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(f"SELECT pg_terminate_backend(pid) {ours}")
        wait_until(lambda: other.execute(f"SELECT count(*) {ours}").fetchone() == (0,))


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_think_between_two_statements_longer_than_a_request_may():
    def patience(cursor):
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        return cursor.fetchone()[0]

    with connection.schema_editor(), connection.cursor() as cursor:
        assert patience(cursor) == "0"
    with connection.cursor() as cursor:
        assert patience(cursor) == "15s"
