"""A whole site for one benchmark: a database of its own and daphne on a free port. Both are gone afterwards."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
_servers: dict[int, subprocess.Popen] = {}  # by their ports


def set_up() -> None:
    """Point Django at the benchmark's settings. Call it before importing models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
    os.environ.setdefault("STATIC_FILES", "source")
    django.setup()


@contextmanager
def own_database() -> Iterator[None]:
    """A fresh, migrated database, dropped at the end."""
    from django.db import connection, connections

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    os.environ["BENCHMARK_DATABASE"] = connection.settings_dict["NAME"]
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def server(*, processes: int = 1, environment: dict[str, str] | None = None) -> Iterator[list[int]]:
    """daphne with the product and the bare view; gives the ports, one a process."""
    ports = [_free_port() for _ in range(processes)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "config.asgi:application"],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]
    _servers.update(zip(ports, running, strict=True))
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def cpu_seconds(port: int) -> float:
    """What the server at this port has used of processors so far: whatever else the machine does does not count."""
    fields = Path(f"/proc/{_servers[port].pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def folder() -> Iterator[None]:
    """The folder as a process of its own, from when it has begun."""
    command = [sys.executable, "manage.py", "fold", "--loop"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def session_cookies(user) -> dict[str, str]:
    """The cookies of somebody who has logged in and has a page open."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: _get_new_csrf_string()}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(port: int, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"no server on port {port} after {seconds} s")
