"""Django's PostgreSQL backend, on a server that starts when it is first needed."""

import functools
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import client
from django.db.utils import OperationalError

from config.postgres import base
from config.private_postgres.errors import PrivatePostgresError
from config.private_postgres.server import Server


@functools.cache
def private_server() -> Server:
    """Return this clone's server."""
    return Server(settings.VAR_DIR / "postgres", wanted_binaries=settings.PRIVATE_POSTGRES_BIN)


class DatabaseClient(client.DatabaseClient):
    """``manage.py dbshell`` on the private server."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        server = private_server()
        server.ensure_running()
        where = {name.upper(): value for name, value in server.parameters().items()}
        return super().settings_to_cmd_args_env({**settings_dict, **where}, parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the private server.

    Both kinds of connection, pooled and not, begin by asking for their parameters: so does a connection to no database
    in particular, from which test databases are made, and an asynchronous one (accounts/database.py).
    """

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        server = private_server()
        try:
            server.ensure_running()
        except PrivatePostgresError as error:  # to whoever asks, a database that cannot be reached
            raise OperationalError(str(error)) from error
        return {**super().get_connection_params(), **server.parameters()}
