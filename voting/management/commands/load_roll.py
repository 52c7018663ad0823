"""``manage.py load_roll CONSULTATION FILE``: the electoral roll of a consultation, from a list of people."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from consultations.models import Consultation
from voting.rolls.loading import Report, count_known, load, stage
from voting.rolls.words import encoding_words, fault_of_line


class Command(BaseCommand):
    help = "Load an electoral roll, or add people to one, from CSV. Tells line by line what was not understood."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consultation", help="the end of its address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", default="", help="why; published. Needed where there is a roll already")
        parser.add_argument("--dry-run", action="store_true", help="only say what was understood")

    def handle(self, *args: Any, consultation: str, file: Path, reason: str, dry_run: bool, **options: Any) -> None:
        found = Consultation.objects.filter(slug=consultation).first()
        if found is None:
            raise CommandError(f"There is no consultation {consultation}.")
        try:
            upload = stage(consultation=found, content=file.read_bytes(), actor=None)
            self._tell(Report(**upload.faults))
            self.stdout.write(f"{upload.count} understood, {count_known(upload)} of them on the roll already.")
            if dry_run:
                upload.delete()
                return
            change = load(upload=upload, actor=None, reason=reason)
        except OSError as fault:
            raise CommandError(str(fault)) from fault
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{change.count} added. {change.size} on the roll, SHA-256 {bytes(change.digest).hex()}.")

    def _tell(self, report: Report) -> None:
        if words := encoding_words(report.encoding):
            self.stderr.write(words)
        for heading in report.ignored:
            self.stderr.write(f"ignored: {heading}")
        for line, code in report.faults:
            self.stderr.write(f"{line}: {fault_of_line(code)}")
        untold = sum(report.counts.values()) - len(report.faults)
        if untold:
            self.stderr.write(f"and {untold} more")
