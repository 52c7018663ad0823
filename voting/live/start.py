"""Puts the parts together and starts them, once for each process.

daphne tells an application nothing when it starts, so the first connection does it: ``config/asgi.py`` calls
``ensure_running`` on each.
"""

import asyncio
from dataclasses import dataclass

from channels.layers import get_channel_layer
from django.conf import settings

from consultations.live import announce
from consultations.live.announce import Announcer
from consultations.live.hub import HubRegistry
from voting.live import folder
from voting.live.announce import GROUP
from voting.live.folder import Folder, LeftAlone


@dataclass(frozen=True)
class Live:
    """What runs on one event loop."""

    loop: asyncio.AbstractEventLoop
    hubs: HubRegistry
    announcer: Announcer
    folder: Folder
    tasks: tuple[asyncio.Task[None], ...]


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
    folder.install(None)
    if live is not None:
        for task in live.tasks:
            task.cancel()
        await asyncio.gather(*live.tasks, return_exceptions=True)


def _start(loop: asyncio.AbstractEventLoop) -> Live:
    from voting.live import watching  # models: not before Django is set up

    hubs = HubRegistry(watching.fetch, watching.admit, audience=watching.audience)
    announcer = Announcer(get_channel_layer(), group=GROUP, changed=hubs.changed, all_changed=hubs.all_changed)
    due = watching.due if settings.FOLDER == "server" else LeftAlone(watching.due, watching.sealed_up_to)
    of_polls = Folder(fold=watching.fold, due=due, announce=announcer.announce)
    announce.install(GROUP, announcer)
    folder.install(of_polls if settings.FOLDER == "server" else None)
    return Live(
        loop=loop,
        hubs=hubs,
        announcer=announcer,
        folder=of_polls,
        tasks=(
            loop.create_task(announcer.run(), name="tallies: announcer"),
            loop.create_task(of_polls.run(), name="tallies: folder"),
        ),
    )
