"""New comments on the screens of those who read: started once for each process and event loop.

One hub for each consultation that anybody reads in this process. ``announce_soon`` is called after the commit of
whatever changes what is shown: a comment added, released, hidden, deleted.
"""

import asyncio
from dataclasses import dataclass

from channels.layers import get_channel_layer

from consultations.live import announce
from consultations.live.announce import Announcer
from consultations.live.hub import HubRegistry

GROUP = "threads"
# People read: one frame a second is quick, however fast others write.
FRAME_INTERVAL = 1.0


@dataclass(frozen=True)
class Live:
    """What runs on one event loop."""

    loop: asyncio.AbstractEventLoop
    hubs: HubRegistry
    task: asyncio.Task[None]


_live: Live | None = None


def ensure_running() -> Live:
    """The running parts of this process; starts them on the first call. To be called on the event loop."""
    global _live
    loop = asyncio.get_running_loop()
    if _live is None or _live.loop is not loop:  # another loop: a test after a test
        _live = _start(loop)
    return _live


async def stop() -> None:
    """End what runs on this event loop. For tests: a server's parts end with its process."""
    global _live
    live, _live = _live, None
    announce.install(GROUP, None)
    if live is not None:
        live.task.cancel()
        await asyncio.gather(live.task, return_exceptions=True)


def announce_soon(consultation_id: int) -> None:
    """Say that what people see of a consultation's comments changed. From any thread, after the commit."""
    announce.announce_soon(GROUP, consultation_id)


def _start(loop: asyncio.AbstractEventLoop) -> Live:
    from comments import watching  # models: not before Django is set up

    hubs = HubRegistry(watching.fetch, watching.admit, interval=FRAME_INTERVAL, what="consultation")
    announcer = Announcer(get_channel_layer(), group=GROUP, changed=hubs.changed, all_changed=hubs.all_changed)
    announce.install(GROUP, announcer)
    return Live(loop=loop, hubs=hubs, task=loop.create_task(announcer.run(), name="threads: announcer"))
