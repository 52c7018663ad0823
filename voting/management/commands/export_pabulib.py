"""A closed budget as a Pabulib file."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from consultations.models import Consultation
from voting.ballots.closing import close_those_due
from voting.election_files.exporting import budget_polls, export_pabulib
from voting.models import Poll


class Command(BaseCommand):
    help = (
        "Write the budget vote of a consultation in the Pabulib format to standard output, once its single ballots are"
        " public. One file for each vote: where there are several, as with districts, say which by --poll."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consultation", help="address of the consultation: what follows /consultations/")
        parser.add_argument("--poll", type=int, help="number of the vote, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        poll = _poll(options["consultation"], options["poll"])
        try:
            # For the operator as for anybody: what the public may not see does not leave by the back door.
            file = export_pabulib(poll=poll, reader=AnonymousUser())
        except Refusal as refusal:
            raise CommandError(f"{poll.question}: {refusal.sentence}") from refusal
        for lines in file.lines():
            self.stdout.write(lines, ending="")


def _poll(slug: str, wanted: int | None) -> Poll:
    consultation = Consultation.objects.filter(slug=slug).first()
    if consultation is None:
        raise CommandError(f"No consultation has the address {slug}.")
    polls = close_those_due(budget_polls(consultation))
    listed = "".join(f"\n  --poll {poll.pk}  {poll.district or ''}  {poll.question}" for poll in polls)
    if wanted is not None:
        chosen = [poll for poll in polls if poll.pk == wanted]
        if not chosen:
            raise CommandError(f"{slug} has no budget vote {wanted}.{listed}")
        return chosen[0]
    if not polls:
        raise CommandError(f"{slug} has no vote on a budget.")
    if len(polls) > 1:
        raise CommandError(f"{slug} has {len(polls)} budget votes, and each is a file of its own. Choose one:{listed}")
    return polls[0]
