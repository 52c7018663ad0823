"""Memory and time to the first byte of a large export, beside the same rows read the plain way.

    python -m tests.benchmarks.exports [--comments 100000]

A consultation with 100,000 comments of 400 letters each is taken away from daphne as CSV and JSON, plain and gzipped.
``growth_mb`` is by how much the server's peak memory grew over what it was before (Linux: VmHWM); ``first_byte_ms`` and
``seconds`` are the client's. ``stalled_growth_mb``: while a reader takes the first bytes, then nothing for 3 seconds.
``django`` is a list of dictionaries from the ORM, as JSON, in this process: what the streaming saves. Prints one JSON
line last.
"""

import argparse
import json
import resource
import socket
import sys
import time
from pathlib import Path

from tests.benchmarks import site

site.set_up()

from comments.models import Comment  # noqa: E402
from consultations.models import Consultation  # noqa: E402
from tests.factories import UserFactory, make_consultation  # noqa: E402

LETTERS = "Que haya más árboles, sombra y bancos en la avenida; ¿quién los riega? "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comments", type=int, default=100_000)
    options = parser.parse_args()
    with site.own_database():
        print(json.dumps(measure(options.comments)))


def measure(comments: int) -> dict:
    say(f"making {comments} comments")
    consultation = fill(comments)
    result: dict = {"benchmark": "exports", "comments": comments}
    for suffix in ("csv", "json"):
        for encoding in ("identity", "gzip"):
            say(f"{suffix} {encoding}")
            # A process of its own for each: its peak of memory is then that of this export.
            with site.server() as (port,):
                take(port, "/consultations/", "identity")
                result[f"{suffix}_{encoding}"] = take(port, f"{address(consultation)}.{suffix}", encoding)
    say("a reader that stalls")
    with site.server() as (port,):
        take(port, "/consultations/", "identity")
        result["stalled_growth_mb"] = stall(port, f"{address(consultation)}.json")
    say("the plain way")
    result["django"] = the_plain_way(consultation)
    return result


def fill(comments: int) -> Consultation:
    consultation = make_consultation(title="Grande")
    authors = [UserFactory() for _ in range(100)]
    body = (LETTERS * 6)[:400]
    for start in range(0, comments, 10_000):
        Comment.objects.bulk_create(
            Comment(consultation=consultation, author=authors[n % 100], body=f"{n}. {body}")
            for n in range(start, min(start + 10_000, comments))
        )
    return consultation


def address(consultation: Consultation) -> str:
    return f"/consultations/{consultation.slug}/data/comments"


def take(port: int, path: str, encoding: str) -> dict:
    """Download as fast as it comes."""
    before = peak_mb(port)
    began = time.perf_counter()
    with asking(port, path, encoding) as connection:
        received = len(connection.recv(65536))
        first = time.perf_counter() - began
        while chunk := connection.recv(1 << 20):
            received += len(chunk)
    return {
        "first_byte_ms": round(1000 * first, 1),
        "seconds": round(time.perf_counter() - began, 2),
        "received_mb": round(received / 1e6, 1),
        "growth_mb": round(peak_mb(port) - before, 1),
    }


def stall(port: int, path: str) -> float:
    """Take the first bytes, then nothing."""
    before = peak_mb(port)
    with asking(port, path, "identity") as connection:
        connection.recv(1000)
        time.sleep(3)
        return round(peak_mb(port) - before, 1)


def asking(port: int, path: str, encoding: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def the_plain_way(consultation: Consultation) -> dict:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    json.dumps(list(Comment.objects.filter(consultation=consultation).values("id", "author_id", "body")))
    return {
        "first_byte_ms": round(1000 * (time.perf_counter() - began), 1),
        "growth_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def peak_mb(port: int) -> float:
    """The highest memory so far of the process that listens on ``port``."""
    status = Path(f"/proc/{listener(port)}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def listener(port: int) -> int:
    """The id of the daphne that was started with this port."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        words = process.read_bytes().split(b"\0")
        if b"daphne" in words and str(port).encode() in words:
            return int(process.parent.name)
    raise LookupError(f"nobody listens on {port}")


def say(what: str) -> None:
    print(f"exports: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
