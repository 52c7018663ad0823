"""Fold and close from the command line: for a timer, or where no server runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from voting.ballots.closing import close_due_polls
from voting.ballots.folding import fold
from voting.ballots.scrubbing import scrub_closed_polls
from voting.live.announce import announce_soon
from voting.models import QueuedBallot


class Command(BaseCommand):
    help = "Count the ballots that wait, and close the polls whose time is over. The server does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="again every second, until Ctrl-C")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            while True:
                self.fold_and_close()
                if not options["loop"]:
                    return
                time.sleep(1)
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
