"""For a timer, say every ten minutes: have the newest heads of the logs stamped by the service of the settings."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from voting.log.stamping import service, stamp_heads
from voting.timestamping.port import NoService


class Command(BaseCommand):
    help = "Have the newest signed heads of the ballot logs time-stamped by the service that TIMESTAMPING names."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stamper = service()
        except ImproperlyConfigured as fault:
            raise CommandError(str(fault)) from fault
        if isinstance(stamper, NoService):
            self.stdout.write("There is no time-stamping service: set TIMESTAMPING.")
            return
        done = stamp_heads(stamper)
        for seal in done.stamped:
            self.stdout.write(f"Poll {seal.poll_id}: the head of number {seal.number} is stamped.")
        for seal, reason in done.failed:
            self.stderr.write(f"Poll {seal.poll_id}: the head of number {seal.number} was not stamped: {reason}.")
        if done.failed:
            raise CommandError("Not every head has its stamp. No vote is the worse for it; the next run asks again.")
