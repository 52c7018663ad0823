"""``manage.py demo_content``: Villa Serena, an invented city, with its agencies, its people and what they decide."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.building import build, keep_current, scripts
from config.demo.people import DEMO_LOGINS, PASSWORD
from config.demo.settling import settle
from consultations.clock import database_now
from consultations.models import Consultation


class Command(BaseCommand):
    help = (
        "Loads the demonstration: what is there already is left alone, so that it can run again and again. Prints who"
        " can log in."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also in production, with passwords that all know")

    def handle(self, *, force: bool, **options: Any) -> None:
        if settings.PRODUCTION and not force:
            raise CommandError("The demonstration brings people whose passwords are known. In production: --force.")
        now = database_now()
        told = scripts()
        found = Consultation.objects.filter(slug__in=[script["slug"] for script in told]).prefetch_related("phases")
        there = {consultation.slug: consultation for consultation in found}
        if len(there) < len(told):
            settle()
        for script in told:
            if script["slug"] not in there:
                build(script, now)
            elif keep_current(script, there[script["slug"]], now):
                self.stderr.write(f"{script['slug']}: its dates have moved along.")
        self.stdout.write(f"Log in with the password {PASSWORD} as")
        width = max(len(email) for email, _ in DEMO_LOGINS)
        for email, who in DEMO_LOGINS:
            self.stdout.write(f"  {email:{width}}  {who}")
