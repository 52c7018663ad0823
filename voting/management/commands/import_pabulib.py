"""``manage.py import_pabulib Poland_Wroclaw_2018.pb --agency obras``: a real election as a consultation."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils.text import slugify

from accounts.models import Agency
from accounts.refusals import Refusal
from consultations.models import Consultation
from voting.election_files.importing import import_election
from voting.formats import pabulib

LONGEST_SLUG = 70


class Command(BaseCommand):
    help = (
        "Make a participatory budget, in its results phase, of a Pabulib file (https://pabulib.org/format). All or"
        " nothing: a file with a fault is refused with its line. The last line printed is the consultation's address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pb")
        parser.add_argument("--agency", required=True, metavar="SLUG", help="whose consultation it becomes")
        parser.add_argument(
            "--slug",
            metavar="SLUG",
            help="its address; without it the file's name, with a number behind if it is taken",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        self.started = time.monotonic()
        agency = _agency(options["agency"])
        slug = _slug(options["slug"], path)
        self.tell(f"Reading {path}…")
        election = _read(path)
        try:
            consultation = import_election(
                election=election, agency=agency, slug=slug, source=path.name, tell=self.tell
            )
        except Refusal as refusal:
            raise CommandError(f"{path}: {refusal.sentence}") from refusal
        if consultation.slug != slug:
            self.tell(f"The address {slug} was taken: this file may have been imported before.")
        self.tell("Done.")
        self.stdout.write(consultation.get_absolute_url())

    def tell(self, sentence: str) -> None:
        self.stderr.write(f"{time.monotonic() - self.started:6.1f} s  {sentence}")


def _agency(slug: str) -> Agency:
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise CommandError(f"No agency has the address {slug}. Make one with manage.py create_agency.")
    return agency


def _slug(wanted: str | None, path: Path) -> str:
    """As wanted, if it is free; else from the file's name."""
    if wanted is None:
        return slugify(path.stem).replace("_", "-")[:LONGEST_SLUG].strip("-") or "pabulib"
    try:
        validate_slug(wanted)
    except ValidationError:
        raise CommandError(f"--slug {wanted}: only letters, digits, - and _ can be part of an address.") from None
    if len(wanted) > LONGEST_SLUG:
        raise CommandError(f"--slug {wanted}: longer than {LONGEST_SLUG} characters.")
    if Consultation.objects.filter(slug=wanted).exists():
        raise CommandError(f"--slug {wanted}: another consultation has this address.")
    return wanted


def _read(path: Path) -> pabulib.Election:
    try:
        with path.open("rb") as lines:
            return pabulib.read(lines)
    except OSError as fault:
        raise CommandError(f"{path}: {fault.strerror}") from fault
    except pabulib.PabulibError as fault:
        raise CommandError(f"{path}:{fault.line_number}: {fault.sentence}") from fault
