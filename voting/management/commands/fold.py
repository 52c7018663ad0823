"""Fold and close from the command line: for a timer, or as a process of its own beside busy servers."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from voting.ballots.closing import close_due_polls
from voting.ballots.folding import fold
from voting.ballots.scrubbing import scrub_closed_polls
from voting.live import watching
from voting.live.announce import announce_soon
from voting.live.folder import Folder
from voting.models import QueuedBallot

LOOK_EVERY = 0.1  # seconds


class Command(BaseCommand):
    help = "Count the ballots that wait, and close the polls whose time is over. The server does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="ten times a second, until Ctrl-C (FOLDER=apart)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            self.fold_and_close()
            return
        self.stdout.write("Counts what is cast, until Ctrl-C.")
        self.stdout.flush()  # whoever started it may wait for the line
        try:
            asyncio.run(folder().run())
        except KeyboardInterrupt:
            self.stdout.write("Ended.")

    def fold_and_close(self) -> None:
        waiting = list(QueuedBallot.objects.order_by().values_list("poll", flat=True).distinct())
        for poll_id in waiting:
            seal = fold(poll_id)
            if seal:
                announce_soon(poll_id)
                self.stdout.write(f"Poll {poll_id}: sealed up to ballot {seal.number}.")
        for poll_id in close_due_polls():
            self.stdout.write(f"Poll {poll_id}: closed.")
        if not connection.in_atomic_block:  # as in a test
            scrub_closed_polls()


def folder() -> Folder:
    """The servers' own, here alone in its process: nobody wakes it, so it looks often."""

    def fold_and_tell(poll_id: int) -> bool:
        has_news = watching.fold(poll_id)
        if has_news:
            announce_soon(poll_id)  # in this thread: the channel layer is asked by another event loop
        return has_news

    return Folder(fold=fold_and_tell, due=watching.due, announce=lambda poll_id: None, tick=LOOK_EVERY)
