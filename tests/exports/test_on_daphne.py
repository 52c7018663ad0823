"""Exports from a real server: one snapshot, at the reader's pace, and nothing left behind."""

import contextlib
import csv
import io
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection

from comments.models import Comment
from consultations.open_data.streaming import EXPORTS_AT_ONCE
from tests.factories import make_consultation
from tests.servers import wait_until

MANY = 15_000  # of about 1 KB: far more than the sockets between server and reader can hold


@pytest.fixture
def consultation(site):
    consultation = make_consultation(title="Grande")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO comments_comment (consultation_id, body, is_official, created_at, hidden_reason, mark)
            SELECT %s, n || ' ' || repeat('árbol ', 130), false, now(), '', '' FROM generate_series(1, %s) AS n
            """,
            [consultation.pk, MANY],
        )
    return consultation


class Reader:
    """Somebody who reads as fast or as slowly as a test wants, over a socket with little room."""

    def __init__(self, site, path):
        address = urlsplit(site.url)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self.socket.settimeout(30)
        self.socket.connect((address.hostname, address.port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        self.received = bytearray()

    def read_some(self):
        chunk = self.socket.recv(65_536)
        self.received += chunk
        return chunk

    def read_all(self):
        while self.read_some():
            pass
        return self.received

    @property
    def body(self):
        """What came, without the frames of HTTP/1.1. Raises ValueError when the end is missing."""
        assert self.received.startswith(b"HTTP/1.1 200"), self.received[:500]
        at, body = self.received.index(b"\r\n\r\n") + 4, []
        while (end := self.received.find(b"\r\n", at)) > 0:
            size = int(self.received[at:end], 16)
            if size == 0:
                return b"".join(body)
            body.append(self.received[end + 2 : end + 2 + size])
            at = end + 2 + size + 2
        raise ValueError("the answer has no end")


def copies_under_way():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'COPY%' AND pid <> pg_backend_pid()
            """
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_first_rows_come_while_the_database_still_reads(site, consultation, suffix):
    reader = Reader(site, f"/consultations/grande/data/comments.{suffix}")
    while b"1 \xc3\xa1rbol" not in reader.received:
        reader.read_some()

    assert copies_under_way() == 1
    reader.read_all()
    text = reader.body.decode()
    rows = json.loads(text)["rows"] if suffix == "json" else list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == MANY
    wait_until(lambda: copies_under_way() == 0)


def test_a_file_shows_one_moment_whatever_changes_meanwhile(site, consultation):
    reader = Reader(site, "/consultations/grande/data/comments.json")
    reader.read_some()
    Comment.objects.filter(body__contains="9 árbol").update(body="changed")
    Comment.objects.filter(body__startswith="1").delete()
    Comment.objects.create(consultation=consultation, body="late")

    reader.read_all()

    rows = json.loads(reader.body)["rows"]
    assert [row["body"].split()[0] for row in rows] == [str(n) for n in range(1, MANY + 1)]


def test_a_reader_who_goes_away_leaves_no_connection_behind(site, consultation):
    readers = [Reader(site, "/consultations/grande/data/comments.csv") for _ in range(3)]
    for reader in readers:
        reader.read_some()
    wait_until(lambda: copies_under_way() == 3)

    for reader in readers:
        reader.socket.close()

    wait_until(lambda: copies_under_way() == 0)


def test_a_head_alone_reads_nothing(site, consultation):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port)) as asking:
        asking.sendall(
            b"HEAD /consultations/grande/data/comments.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        )
        asking.settimeout(30)
        answer = b"".join(iter(lambda: asking.recv(8192), b""))

    assert answer.startswith(b"HTTP/1.1 200")
    assert b'filename="grande-comments.csv"' in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_file_that_breaks_off_has_no_end_and_the_server_lives_on(site, consultation):
    reader = Reader(site, "/consultations/grande/data/comments.csv")
    reader.read_some()
    wait_until(lambda: copies_under_way() == 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'COPY%' AND pid <> pg_backend_pid()
            """
        )

    with contextlib.suppress(ConnectionError):
        reader.read_all()

    with pytest.raises(ValueError, match="no end"):
        _ = reader.body
    again = Reader(site, "/consultations/grande/data/comments.csv")
    again.read_all()
    assert again.body.count(b"\r\n") == MANY + 1
    assert any("broke off" in line for line in site.output)


def test_more_exports_than_turns_are_served_one_after_the_other(site, consultation):
    readers = [Reader(site, "/consultations/grande/data/comments.csv") for _ in range(EXPORTS_AT_ONCE + 2)]
    wait_until(lambda: copies_under_way() == EXPORTS_AT_ONCE)
    time.sleep(0.3)
    assert copies_under_way() == EXPORTS_AT_ONCE

    with ThreadPoolExecutor(len(readers)) as at_once:
        list(at_once.map(Reader.read_all, readers))

    assert {reader.body.count(b"\r\n") for reader in readers} == {MANY + 1}
