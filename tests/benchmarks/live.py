"""From a vote to everybody's screen: how long after the tap a viewer's socket has the tally that counts it.

    python -m tests.benchmarks.live [--votes 40] [--viewers 50]

One daphne. People vote one after the other, a little apart; the clock runs from sending the ballot to the first frame
whose ballot number counts it, at the last of the viewers. ``ratio`` is that median to the median answer to the vote
itself, in the same run. Prints one JSON line last.
"""

import argparse
import asyncio
import json
import random
import statistics
import time

from tests.benchmarks import load, site

site.set_up()

from websockets.asyncio.client import connect  # noqa: E402

from tests.benchmarks.votes import make_people, post  # noqa: E402
from tests.factories import make_poll  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--votes", type=int, default=40)
    parser.add_argument("--viewers", type=int, default=50)
    options = parser.parse_args()
    with site.own_database():
        poll = make_poll()
        choice = poll.options.first().pk
        ballots = [
            post(f"/polls/{poll.pk}/ballot/", choice, site.session_cookies(user)) for user in make_people(options.votes)
        ]
        with site.server() as (port,):
            result = asyncio.run(measure(port, poll.pk, ballots, options.viewers))
    print(json.dumps(result))


async def measure(port: int, poll_id: int, ballots: list[bytes], viewers: int) -> dict:
    address = f"ws://127.0.0.1:{port}/ws/polls/{poll_id}/"
    sockets = [await connect(address, origin=f"http://127.0.0.1:{port}") for _ in range(viewers)]
    for socket in sockets:
        await socket.recv()  # the tally as it is
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers, arrivals = [], []
    for number, ballot in enumerate(ballots, start=1):
        await asyncio.sleep(random.uniform(0.3, 0.7))
        sent = time.perf_counter()
        waiting = [asyncio.create_task(seen(socket, number)) for socket in sockets]
        writer.write(ballot)
        status, _size = await load.answer(reader)
        assert status == 302, status
        answers.append(1000 * (time.perf_counter() - sent))
        arrivals.append(1000 * (max(await asyncio.gather(*waiting)) - sent))
    writer.close()
    for socket in sockets:
        await socket.close()
    ordered = sorted(arrivals)
    return {
        "benchmark": "live",
        "viewers": viewers,
        "votes": len(ballots),
        "vote_answer_ms_p50": round(statistics.median(answers), 1),
        "last_viewer_ms_p50": round(statistics.median(ordered), 1),
        "last_viewer_ms_p95": round(ordered[int(0.95 * len(ordered))], 1),
        "last_viewer_ms_max": round(ordered[-1], 1),
        "ratio": round(statistics.median(ordered) / statistics.median(answers), 1),
    }


async def seen(socket, number: int) -> float:
    """When the first frame came that counts ballot ``number``."""
    async for frame in socket:
        if json.loads(frame)["number"] >= number:
            return time.perf_counter()
    raise ConnectionError("the socket was closed")


if __name__ == "__main__":
    main()
