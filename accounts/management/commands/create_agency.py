"""``manage.py create_agency "Ministerio de Obras" obras --owner ana@obras.gob.ar``: an agency and its first owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from accounts.agencies import appoint_administrator, create_agency
from accounts.logging_in import person_with
from accounts.models import Agency, User
from accounts.refusals import Refusal


class Command(BaseCommand):
    help = "Make an agency (or a community) and its first owner. The owner logs in by a code sent to the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("slug", help="its address: /agencies/SLUG/")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--owner-name", default="", metavar="NAME")
        parser.add_argument("--community", action="store_true", help="a working group across agencies")
        parser.add_argument("--administrator", action="store_true", help="the owner may also create further agencies")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        check(Agency, "name", options["name"])
        check(Agency, "slug", options["slug"])
        check(User, "email", options["owner"])
        if options["owner_name"]:
            check(User, "name", options["owner_name"])
        owner = person_with(options["owner"], options["owner_name"])
        kind = Agency.Kind.COMMUNITY if options["community"] else Agency.Kind.AGENCY
        try:
            agency = create_agency(name=options["name"], slug=options["slug"], owner=owner, kind=kind)
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        if options["administrator"]:
            appoint_administrator(owner)
        self.stdout.write(f"{agency.get_absolute_url()} owned by {owner.email}")


def check(model: type[models.Model], name: str, value: str) -> None:
    """Raise CommandError, in one line, where the field does not take the value: empty, too long, of another shape."""
    field: models.Field[str, str] = model._meta.get_field(name)  # type: ignore[assignment]
    try:
        field.clean(value, None)
    except ValidationError as fault:
        raise CommandError(fault.messages[0]) from fault
