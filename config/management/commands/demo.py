"""``manage.py demo``: a whole installation with demonstration content, at one's own machine, until Ctrl-C."""

import errno
import io
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections

HOST = "127.0.0.1"
# Seconds. A browser on a slow line, or hundreds that come back at once, need more than daphne's five.
WEBSOCKET_CONNECT_TIMEOUT = 20


class Command(BaseCommand):
    help = "Prepares the database, loads the demonstration content and serves it until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: the variable PORT, or 8000")

    def handle(self, *, port: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is not for production: it brings people whose passwords are known.")
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that put us into the background ignores it
        for signal_number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_number, leave)
        # A shell that starts a program in the background has it ignore Ctrl-C; whoever sends it all the same means it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        refuse_taken(port)
        settings.SITE_URL = f"http://{HOST}:{port}"  # for addresses in e-mails and files
        try:
            log_ins = self.prepare()
            with running_worker(port):
                self.serve(port, log_ins)
        except OperationalError as error:
            self.stdout.write("")
            raise CommandError(str(error).strip()) from error
        except KeyboardInterrupt:  # twice, or before it served: daphne itself ends in good order
            sys.exit(130)
        self.stdout.write("\nAsamblea has stopped.")

    def prepare(self) -> str:
        """Bring database, content and static files up to date. Returns what ``demo_content`` says: the log-ins."""
        said = io.StringIO()
        self.step("Starting the database", connection.ensure_connection)
        self.step("Preparing its tables", call_command, "migrate", verbosity=0, interactive=False)
        refuse_older_tables()
        self.step("Loading the demonstration", call_command, "demo_content", stdout=said)
        self.step("Collecting the static files", call_command, "collectstatic", verbosity=0, interactive=False)
        connections.close_all()
        return said.getvalue()

    def step(self, name: str, function: Any, *arguments: Any, **options: Any) -> None:
        """Say what is being done, do it, say how long it took."""
        began = time.monotonic()
        self.stdout.write(f"{name} …", ending="")
        self.stdout.flush()
        function(*arguments, **options)
        self.stdout.write(f" {time.monotonic() - began:.1f} s")

    def serve(self, port: int, log_ins: str) -> None:
        """Answer requests until a signal ends it."""
        from config.asgi import application

        def say_where() -> None:
            self.stdout.write(f"\nAsamblea answers at http://{HOST}:{port}/\n\n{log_ins.strip()}\n")
            self.stdout.write(
                f"\nE-mail, with the codes to log in, is at http://{HOST}:{port}/demo/mail/. Ctrl-C ends it all.\n"
                if settings.DEMO_MAILBOX
                else "\nE-mail goes where EMAIL_URL says. Ctrl-C ends it all.\n"
            )
            self.stdout.flush()

        Server(
            application,
            endpoints=build_endpoint_description_strings(host=HOST, port=port),
            websocket_connect_timeout=WEBSOCKET_CONNECT_TIMEOUT,
            websocket_handshake_timeout=WEBSOCKET_CONNECT_TIMEOUT,
            ready_callable=say_where,  # called when it listens
        ).run()


@contextmanager
def running_worker(port: int) -> Iterator[None]:
    """The worker that sends e-mail, as a process of its own; it ends with this one, even if this one is killed."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--beside", str(os.getpid())],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PORT": str(port)},
        start_new_session=True,  # Ctrl-C is for us: we end it in good order
    )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def refuse_taken(port: int) -> None:
    """Say at once, not after a minute's work, that another program has the port."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(f"Port {port} is taken by another program. Try: make demo PORT={port + 1}") from None
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from None
        except OverflowError:
            raise CommandError(f"Port {port} cannot be used: ports go up to 65535.") from None


def refuse_older_tables() -> None:
    """Until the first release migrations are squashed; in a database of before that, migrate finds nothing to do."""
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        tables = {table for table, _column in wanted}
        found = {(table, column) for table, column in cursor if table in tables}
    if found != wanted:
        raise CommandError("This demonstration is of an older version. Remove it by: make clean. Then: make demo")


def leave(signal_number: int, frame: FrameType | None) -> None:
    """Leave in good order, so that the private PostgreSQL is turned off."""
    sys.exit(128 + signal_number)
