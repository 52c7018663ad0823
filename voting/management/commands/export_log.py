"""The log of a poll as a file that anybody can check."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from voting.log.export import write_log
from voting.models import Poll


class Command(BaseCommand):
    help = "Write the sealed log of a poll as a zip, with verify.py in it. No ballot is opened before the close."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("poll", type=int, help="number of the poll, as in its address")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        poll = (
            Poll.objects.select_related("consultation__budget", "phase", "outcome").filter(pk=options["poll"]).first()
        )
        if poll is None:
            raise CommandError(f"There is no poll {options['poll']}.")
        if not poll.seals.exists():
            raise CommandError("Nobody has voted in this poll yet: it has no log.")
        try:
            with options["out"].open("wb") as file:
                address = settings.SITE_URL.rstrip("/") + poll.get_absolute_url()
                write_log(poll, file, user=None, address=address, source=settings.SOURCE_URL)
        except OSError as fault:
            raise CommandError(f"{options['out']} cannot be written: {fault.strerror}.") from fault
        self.stdout.write(f"{options['out']}: unpack it, and run python3 -I verify.py in it.")
