"""A server of its own for the tests of the transport: hubs on a real daphne, a tally that changes by itself.

``daphne tests.voting.live.room:application``, with ROOM_HZ (frames a second). ``/ws/<size>/`` is watched, with frames
of about that many bytes; ``/stats`` tells how the viewers are served, and the memory of the process.
"""

import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path

from consultations.live.hub import HubRegistry
from consultations.live.transport import viewer_of

HZ = float(os.environ.get("ROOM_HZ", "4"))

number = 0
viewers = {}
left = Counter()


async def fetch(size):
    return {"number": number, "sent_at": time.time(), "padding": "x" * size}


async def admit(poll_id, persons):
    return set(persons)


hubs = HubRegistry(fetch, admit, interval=1 / HZ)
ticking = None


async def tick():
    global number
    while True:
        number += 1
        hubs.all_changed()
        await asyncio.sleep(0.02)


async def application(scope, receive, send):
    global ticking
    ticking = ticking or asyncio.create_task(tick())
    if scope["type"] == "websocket":
        await watch(int(scope["path"].split("/")[2]), receive, send)
    elif scope["type"] == "http":
        await tell(send)


async def watch(size, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    viewer = viewer_of(send)
    viewers[viewer] = type(viewer).__name__
    hubs.join(size, viewer, None)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        hubs.leave(size, viewer)
        left[viewers.pop(viewer)] += 1
        if viewer.writer:
            viewer.writer.cancel()


async def tell(send):
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    pending = [viewer._pending() for viewer in viewers if hasattr(viewer, "_pending")]
    stats = {
        "kinds": Counter(viewers.values()),
        "left": left,
        "hubs": len(hubs),
        "pending": max(pending, default=0),
        "resident": resident,
        "number": number,
    }
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(stats).encode()})
