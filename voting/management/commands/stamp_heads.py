"""For a timer, say every ten minutes: have the newest heads of the logs stamped by the service of the settings."""

from typing import Any

from django.core.management.base import BaseCommand

from voting.log.stamping import service, stamp_heads
from voting.timestamping.port import NoService


class Command(BaseCommand):
    help = "Have the newest signed heads of the ballot logs time-stamped by the service that TIMESTAMPING names."

    def handle(self, *args: Any, **options: Any) -> None:
        stamper = service()
        if isinstance(stamper, NoService):
            self.stdout.write("There is no time-stamping service: set TIMESTAMPING.")
            return
        for seal in stamp_heads(stamper):
            self.stdout.write(f"Poll {seal.poll_id}: the head of number {seal.number} is stamped.")
