"""A small closed-loop HTTP client: a worker sends its next request when the last one is answered, on one connection."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Report:
    """What came of a run: seconds of the whole, milliseconds of each request, answers by status, bytes on the wire."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    received_bytes: int = 0

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    def quantile(self, share: float) -> float:
        """The time, in milliseconds, that ``share`` of the requests did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request_bytes(method: str, path: str, *, cookies: dict[str, str] | None = None, form: str = "", gzip: bool = False):
    """One HTTP/1.1 request, ready to send."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: keep-alive", "Accept: text/html"]
    if gzip:
        lines.append("Accept-Encoding: gzip, br")
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


def run(port: int, requests: Sequence[bytes], *, workers: int) -> Report:
    """Send all requests with ``workers`` connections at once."""
    return asyncio.run(_run(port, requests, workers))


async def _run(port: int, requests: Sequence[bytes], workers: int) -> Report:
    report = Report()
    todo = iter(requests)
    began = time.perf_counter()
    await asyncio.gather(*(_work(port, todo, report) for _ in range(workers)))
    report.seconds = time.perf_counter() - began
    return report


async def _work(port: int, todo: Iterable[bytes], report: Report) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        for request in todo:
            began = time.perf_counter()
            writer.write(request)
            status, size = await answer(reader)
            report.milliseconds.append(1000 * (time.perf_counter() - began))
            report.statuses[status] += 1
            report.received_bytes += size
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status, and bytes of head and body on the wire, of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    if fields.get(b"transfer-encoding") == b"chunked":
        size = 0
        while length := int(await reader.readline(), 16):
            await reader.readexactly(length + 2)
            size += length
        await reader.readline()
    else:
        size = int(fields.get(b"content-length", b"0"))
        await reader.readexactly(size)
    return status, len(head) + size
