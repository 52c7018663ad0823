"""Remove what closed polls have left on the disk: for a role that owns the tables, where the server's does not."""

from typing import Any

from django.core.management.base import BaseCommand

from voting.ballots.scrubbing import scrub_closed_polls


class Command(BaseCommand):
    help = "Remove from the disk what could link voters and ballots of closed polls. The server does so by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        for poll_id in scrub_closed_polls():
            self.stdout.write(f"Poll {poll_id}: scrubbed.")
