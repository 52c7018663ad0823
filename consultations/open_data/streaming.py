"""Sending a table while it is read: constant memory, first byte at once, one snapshot.

Under ASGI a synchronous generator is read to its end before the first byte leaves, so this is an asynchronous one, on a
connection of its own in one REPEATABLE READ transaction. It is closed when the reader goes away.
"""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, IsolationLevel

from consultations.open_data.copying import Format, Statement

CHUNK = 32 * 1024  # bytes handed on at once
EXPORTS_AT_ONCE = 8  # of one server process; each holds a connection, and the others wait for their turn
LONGEST = 10 * 60  # seconds that one export may hold its snapshot, which keeps PostgreSQL from tidying up

# What goes around the rows of a file: a function of the time of the snapshot.
Head = Callable[[datetime], bytes]

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class TakesTooLong(Exception):
    """The reader has not taken the whole file within LONGEST. Ends the stream without its end, so that it shows."""


async def stream_csv(connection: dict[str, Any], statement: Statement, head: Head) -> AsyncIterator[bytes]:
    """A head and the rows, in lines that end in CR LF (RFC 4180). A line break inside a cell stays as it is."""
    async for chunk in _chunks(_csv_lines(connection, statement, head)):
        yield chunk


async def stream_json(connection: dict[str, Any], statement: Statement, head: Head) -> AsyncIterator[bytes]:
    """``head`` (an object without its end), then the rows as its last member, "rows"."""
    async for chunk in _chunks(_json_lines(connection, statement, head)):
        yield chunk


async def stream_lines(
    connection: dict[str, Any], statement: Statement, head: Head, line: Callable[[bytes], bytes]
) -> AsyncIterator[bytes]:
    """A head, then what ``line`` makes of each row: for a format that the database cannot write itself."""

    async def lines() -> AsyncIterator[bytes]:
        async with _snapshot(connection) as (database, at):
            yield head(at)
            async for row in _rows(database, statement):
                yield line(row)

    async for chunk in _chunks(lines()):
        yield chunk


STREAMS = {Format.CSV: stream_csv, Format.JSON: stream_json}


async def gzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One gzip stream, flushed chunk by chunk.

    Django's middleware makes every chunk a gzip file of its own, of which browsers show the first and drop the rest.
    """
    packer = zlib.compressobj(level=5, wbits=31)
    async for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


async def nothing() -> AsyncIterator[bytes]:
    """What answers HEAD. Not an answer without a body: of that Django says that the file has 0 bytes."""
    for chunk in list[bytes]():
        yield chunk


async def _csv_lines(connection: dict[str, Any], statement: Statement, head: Head) -> AsyncIterator[bytes]:
    async with _snapshot(connection) as (database, at):
        yield head(at)
        async for row in _rows(database, statement):
            yield row[:-1] + b"\r\n"


async def _json_lines(connection: dict[str, Any], statement: Statement, head: Head) -> AsyncIterator[bytes]:
    async with _snapshot(connection) as (database, at):
        yield head(at)[:-1] + b', "rows": [\n'
        separator = b""
        async for row in _rows(database, statement):
            yield separator + row[:-1]
            separator = b",\n"
        yield b"\n]}\n"


@asynccontextmanager
async def _snapshot(parameters: dict[str, Any]) -> AsyncIterator[tuple[AsyncConnection[Any], datetime]]:
    """A connection in a read-only transaction that sees one state of the database, and the time of that state."""
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(EXPORTS_AT_ONCE))
    async with turns, await AsyncConnection.connect(**{**parameters, "autocommit": False}) as database:
        await database.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await database.set_read_only(True)
        cursor = await database.execute("SELECT clock_timestamp()")
        row = await cursor.fetchone()
        assert row
        yield database, row[0].astimezone(UTC)


async def _rows(database: AsyncConnection[Any], statement: Statement) -> AsyncIterator[bytes]:
    """One message of PostgreSQL is one row: the protocol promises that."""
    sql, params = statement
    loop = asyncio.get_running_loop()
    last_call = loop.time() + LONGEST
    async with database.cursor() as cursor, cursor.copy(sql.encode(), params) as copy:
        async for row in copy:
            if loop.time() > last_call:
                raise TakesTooLong
            yield bytes(row)


async def _chunks(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in fewer pieces; the first line goes at once."""
    buffer = bytearray(await anext(lines))
    yield bytes(buffer)
    buffer.clear()
    async for line in lines:
        buffer += line
        if len(buffer) >= CHUNK:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()
