"""A PostgreSQL of the test's own, which it may stop in the middle; and a dump of this test's database, put into it."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from config.postgres.base import DatabaseWrapper
from config.private_postgres.binaries import find_binaries
from config.private_postgres.server import Server

_numbers = count(1)


@contextmanager
def own_postgres() -> Iterator["OwnPostgres"]:
    """A server beside that of the tests, of the same programs; gone with its data afterwards."""
    with tempfile.TemporaryDirectory(prefix="own-postgres-") as directory:
        server = OwnPostgres(Path(directory) / "postgres", wanted_binaries=settings.PRIVATE_POSTGRES_BIN)
        server.ensure_running()
        try:
            yield server
        finally:
            server.remove()


class OwnPostgres(Server):
    def program(self, name: str) -> str:
        return find_binaries(self.wanted_binaries, self.place.runner, self.place.data).program(name)

    def restart(self, mode: str) -> None:
        """``pg_ctl restart``: fast cuts the connections, immediate is a crash, after which the log is replayed."""
        binaries = find_binaries(self.wanted_binaries, self.place.runner, self.place.data)
        arguments = ["-w", "-m", mode, "-l", str(self.place.log), "restart"]
        answer = self._run(binaries, "pg_ctl", self.place.data, *arguments)
        assert answer.returncode == 0, answer.stdout + answer.stderr

    def restored_copy(self) -> str:
        """``pg_dump`` of the database that the test uses, ``pg_restore`` into a new one here; returns its name."""
        name = f"copy_{next(_numbers)}"
        with tempfile.NamedTemporaryFile(suffix=".dump") as dump:
            self._client("pg_dump", "-Fc", "-f", dump.name, *_where(connection.get_connection_params()))
            here = _where(self.parameters())
            self._client("createdb", *here, name)
            self._client("pg_restore", "--exit-on-error", "--no-owner", *here, "-d", name, dump.name)
        return name

    def _client(self, program: str, *arguments: str) -> None:
        subprocess.run([self.program(program), *arguments], check=True, stdin=subprocess.DEVNULL)

    @contextmanager
    def used(self, name: str) -> Iterator[None]:
        """Let this thread's connection be one to that database, and so the servers that are started here."""
        before = connections["default"]
        where = {key.upper(): value for key, value in self.parameters().items()}
        options = {key: value for key, value in before.settings_dict["OPTIONS"].items() if key != "pool"}
        other = DatabaseWrapper(
            {**deepcopy(before.settings_dict), **where, "NAME": name, "OPTIONS": options}, "default"
        )
        connections["default"] = other
        try:
            yield
        finally:
            other.close()
            connections["default"] = before


def _where(parameters: dict) -> list[str]:
    names = {"host": "-h", "port": "-p", "user": "-U", "dbname": "-d"}
    return [text for name, flag in names.items() if parameters.get(name) for text in (flag, str(parameters[name]))]
