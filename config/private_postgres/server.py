"""Start the private PostgreSQL, share it between processes, stop it when the last of them leaves.

Two lock files beside the data, held with ``flock``, so that the lock of a process that crashed vanishes with it:

- ``users.lock``, shared: every process that uses the server, for as long as it lives. Who can have it exclusively when
  it leaves was the last one, and turns off the light.
- ``change.lock``, exclusive: while the server is being started or stopped.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.private_postgres.binaries import Binaries, find_binaries
from config.private_postgres.errors import PrivatePostgresError
from config.private_postgres.place import LONGEST_SOCKET_PATH, SOCKET_NAME, Place, make_private, place_for

SUPERUSER = "asamblea"
START_SECONDS = 60
START_ATTEMPTS = 10

CONFIGURATION = """\
# Written at each start.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
# A statement that fails may hold the salt of a secret ballot, and must not reach a log.
log_min_error_statement = panic
log_error_verbosity = terse
"""


class Server:
    """The private PostgreSQL of one clone, as one process sees it.

    directory: the clone's ``var/postgres``. database: made if it is not there.
    wanted_binaries: see ``find_binaries``.
    """

    def __init__(self, directory: Path, *, database: str = "asamblea", wanted_binaries: str = ""):
        self.place: Place = place_for(directory)
        self.database = database
        self.wanted_binaries = wanted_binaries
        self._guard = threading.Lock()
        self._users_lock: int | None = None
        self._childs_lock: int | None = None
        self._pid: int | None = None

    def parameters(self) -> dict[str, Any]:
        """Return what psycopg needs to reach the server, the database's name apart."""
        return {"host": str(self.place.sockets), "port": "5432", "user": SUPERUSER}

    def ensure_running(self) -> None:
        """Return when the server answers; start it if need be. Cheap enough to be called before each connection."""
        if self._pid is not None and is_server(self._pid, self.place.data):
            return
        with self._guard:
            self._use()

    def stop(self) -> None:
        """Stop the server, whoever uses it."""
        if self.place.home.exists():
            with self._changing():
                self._stop()

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.place.sockets, ignore_errors=True)
        shutil.rmtree(self.place.home, ignore_errors=True)

    def running_pid(self) -> int | None:
        """Return the process id of the server; None where it does not run, whatever a crash has left behind."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_server(pid, self.place.data) else None

    def _use(self) -> None:
        if len(os.fsencode(self.place.sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            raise PrivatePostgresError(f"{self.place.sockets} is too long a path for a socket.")
        self.place.make()
        with self._changing():
            if self._users_lock is None:
                self._users_lock = self._new_users_lock()
                os.register_at_fork(
                    before=self._before_fork,
                    after_in_parent=self._after_fork_in_parent,
                    after_in_child=self._after_fork_in_child,
                )
                atexit.register(self._leave)
            self._start()
        self._pid = self.running_pid()

    def _new_users_lock(self) -> int:
        lock = os.open(self.place.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
        return lock

    # A lock that a forked child inherits is one and the same as its parent's, which would let go of it for both. So the
    # child is given one of its own, and before the fork: the parent may leave at once.

    def _before_fork(self) -> None:
        self._guard.acquire()
        is_used = self._users_lock is not None and self.place.home.exists()  # not one that was removed
        self._childs_lock = self._new_users_lock() if is_used else None

    def _after_fork_in_parent(self) -> None:
        if self._childs_lock is not None:
            os.close(self._childs_lock)
        self._guard.release()

    def _after_fork_in_child(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
        self._users_lock = self._childs_lock
        self._guard.release()

    def _leave(self) -> None:
        """Stop the server unless another process uses it."""
        if self._users_lock is None or not self.place.home.exists():
            return
        with self._changing():
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            finally:
                fcntl.flock(self._users_lock, fcntl.LOCK_UN)
                os.close(self._users_lock)
                self._users_lock = self._pid = None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock under which the server is started and stopped."""
        lock = os.open(self.place.home / "change.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _start(self) -> None:
        """Return when the server answers. Whatever state a crash or another program has left it in is waited for."""
        deadline = time.monotonic() + START_SECONDS
        failures = 0
        while not self._answers():
            if self.running_pid() is None and not self._launch():
                failures += 1  # processes of a killed server may still be letting go of its memory
            if failures == START_ATTEMPTS or time.monotonic() > deadline:
                raise PrivatePostgresError(f"PostgreSQL does not start; the reason is at the end of {self.place.log}.")
            time.sleep(0.5 if failures else 0.05)

    def _launch(self) -> bool:
        """Start the server, making its data first if there are none. Says whether it came up."""
        binaries = find_binaries(self.wanted_binaries, self.place.runner, self.place.data)
        if not self.place.data.exists():
            self._initialize(binaries)
        # What a killed server leaves behind names a process that may by now be another program's.
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        self._write(self.place.data / "asamblea.conf", CONFIGURATION.format(sockets=self.place.sockets))
        arguments = ["-w", "-t", str(START_SECONDS), "-l", str(self.place.log), "start"]
        return self._run(binaries, "pg_ctl", self.place.data, *arguments).returncode == 0

    def _answers(self) -> bool:
        """Say whether the server takes connections; if it does, it has our database afterwards."""
        if self.running_pid() is None:
            return False
        try:
            with psycopg.connect(
                dbname="postgres", autocommit=True, connect_timeout=5, **self.parameters()
            ) as connection:
                if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [self.database]).fetchall():
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        except psycopg.OperationalError:
            return False
        return True

    def _initialize(self, binaries: Binaries) -> None:
        """Make the data directory: whole, or not at all."""
        unfinished = self.place.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self.place.runner)
        arguments = ["--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        # Sorts by code point, knows every letter and its upper and lower case, alike on every machine.
        arguments += ["--locale=C", "--lc-ctype=C.UTF-8"]
        if binaries.major >= 17:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        answer = self._run(binaries, "initdb", unfinished, *arguments)
        if answer.returncode:
            raise PrivatePostgresError(f"initdb failed: {answer.stderr.strip() or answer.stdout.strip()}")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("include = 'asamblea.conf'\n")
        unfinished.rename(self.place.data)

    def _write(self, path: Path, text: str) -> None:
        """Write a file that the server reads."""
        path.write_text(text)
        if runner := self.place.runner:
            os.chown(path, runner.uid, runner.gid)

    def _stop(self) -> None:
        """Stop the server and wait for it. Open connections are cut, what is not committed is undone."""
        while (pid := self.running_pid()) is not None:
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 1
            while is_server(pid, self.place.data) and time.monotonic() < deadline:
                time.sleep(0.01)

    def _run(self, binaries: Binaries, program: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL on a data directory, as the server's user, out of reach of a Ctrl-C."""
        runner = self.place.runner
        return subprocess.run(
            [binaries.program(program), "-D", str(data), *arguments],
            check=False,
            user=runner.uid if runner else None,
            group=runner.gid if runner else None,
            extra_groups=[] if runner else None,
            cwd="/",  # the clone may be out of the other user's reach
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
        )


def is_server(pid: int, data: Path) -> bool:
    """Say whether the process is the server of ``data``; after a crash its id may by now be another program's."""
    try:
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, PermissionError):
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # it ended just now; or, on a system without /proc, the id has to do
    return os.fsencode(data) in command.split(b"\0")
