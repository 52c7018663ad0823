"""``manage.py demo``: the second of the two commands that everything begins with."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from config.private_postgres.server import Server

CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture
def var_dir(tmp_path):
    yield tmp_path / "var"
    Server(tmp_path / "var/postgres").remove()


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def start_demo(var_dir):
    """Start the demonstration on a port. It ends with the test, whatever the test has found."""
    started = []

    def start(port):
        started.append(new_demo(var_dir, port))
        return started[-1]

    yield start
    for demo in started:
        if demo.poll() is None:
            demo.kill()
            demo.communicate()


def new_demo(var_dir, port):
    environment = {**os.environ, "VAR_DIR": str(var_dir), "PORT": str(port), "STATIC_FILES": "collected"}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=CLONE,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as for a program in the background
    )


def wait_until_it_answers(demo):
    said = []
    for line in demo.stdout:
        said.append(line)
        if "Ctrl-C ends it" in line:
            return "".join(said)
    raise AssertionError("".join(said))


def test_it_serves_what_it_says_and_ctrl_c_ends_everything(start_demo, var_dir, port):
    demo = start_demo(port)
    said = wait_until_it_answers(demo)
    postgres = Server(var_dir / "postgres").running_pid()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
    assert address == f"http://127.0.0.1:{port}/"
    assert postgres is not None

    with urllib.request.urlopen(address) as answer:
        page = answer.read().decode()
        stylesheet = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}{stylesheet}", headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"

    demo.send_signal(signal.SIGINT)
    rest = demo.communicate(timeout=30)[0]
    assert "Traceback" not in rest
    assert Server(var_dir / "postgres").running_pid() is None
    with socket.socket() as free_again:
        free_again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free_again.bind(("127.0.0.1", port))


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_it_answers_ends_everything_too(start_demo, var_dir, port, signal_number):
    demo = start_demo(port)
    for line in iter(lambda: demo.stdout.read(1), ""):
        if line == "…":
            break
    demo.send_signal(signal_number)
    rest = demo.communicate(timeout=60)[0]
    assert "Traceback" not in rest
    assert demo.returncode == 128 + signal_number
    assert Server(var_dir / "postgres").running_pid() is None


def test_a_taken_port_is_said_in_one_line_before_any_work(start_demo, var_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start_demo(port)
        said = demo.communicate(timeout=30)[0]
    assert demo.returncode == 1
    assert said.strip() == f"CommandError: Port {port} is taken by another program. Try: make demo PORT={port + 1}"
    assert not var_dir.joinpath("postgres").exists()


def test_a_port_that_no_machine_has_is_said_in_one_line(start_demo):
    demo = start_demo(65536)
    assert demo.communicate(timeout=30)[0].strip() == "CommandError: Port 65536 cannot be used: ports go up to 65535."
