"""``manage.py count FILE... --method equal_shares --completion add1 --json``: count election files, without a
database."""

import json
import time
from argparse import ArgumentParser
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voting.election_files.counts import OFFICIAL, CannotCount, Wishes, compare, count_file
from voting.election_files.elections import SCORINGS, FileElection, read_file
from voting.formats.bad_file import BadFile
from voting.methods import METHODS
from voting.methods.borda import CONVENTIONS
from voting.methods.equal_shares import COMPLETIONS, THEN, UTILITIES

BY_ENDING = {".pb": OFFICIAL, ".blt": "stv", ".cat": "approval"}
BAD_FILE = 2
QUIET_FOR = 2  # seconds before a count is long enough to say how it is getting on


class Command(BaseCommand):
    help = (
        "Count election files: Pabulib (.pb), BLT (.blt), PrefLib (.soc .soi .toc .toi .cat). Prints who won, or with"
        " --json one line of JSON for each file. A file that cannot be counted is told in one line on the error output,"
        " and the exit code is 2. docs/counting.md explains methods and explanations."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = [OFFICIAL, *METHODS]
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--method",
            choices=codes,
            help="official: the rule that a Pabulib file names. Without it: official (.pb), stv (.blt), approval"
            " (.cat), irv (others)",
        )
        parser.add_argument("--compare", metavar="METHOD,METHOD", help="set several methods side by side")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each file")
        apart = parser.add_argument_group("groups of voters")
        apart.add_argument(
            "--by", default="", metavar="COLUMN", help="count apart by a column of the votes: sex, age, district, …"
        )
        apart.add_argument(
            "--weights",
            type=_weights,
            metavar="GROUP=WEIGHT,…",
            help="with --by: what a ballot of each group weighs where all are joined (1)",
        )
        shares = parser.add_argument_group("equal_shares")
        shares.add_argument("--completion", choices=COMPLETIONS, default="none", help="(none)")
        shares.add_argument("--then", choices=THEN, default="nothing", help="with the money left over (nothing)")
        shares.add_argument("--utility", choices=UTILITIES, help="(cost for approvals, cardinality for points)")
        shares.add_argument("--comparison", action="store_true", help="lose to greedy if more voters prefer that")
        others = parser.add_argument_group("other methods")
        others.add_argument("--seats", type=_at_least_one, help="stv, dhondt, sainte_lague, hare (the file's)")
        others.add_argument("--threshold", type=Fraction, metavar="VOTES", help="votes that are needed (the file's)")
        others.add_argument("--scoring", choices=SCORINGS, help="points for places, in methods that count points")
        others.add_argument("--batch", action="store_true", help="irv: eliminate together who cannot catch up")
        others.add_argument("--unranked", choices=CONVENTIONS, default="nothing", help="borda (nothing)")
        others.add_argument(
            "--lots", type=_ids, metavar="ID,ID,…", help="the draw, as it was made: who comes first wins between equals"
        )
        others.add_argument(
            "--seed", metavar="TEXT", help="draw the lot from this text; without it lower ids come first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = Wishes(**{name: options[name] for name in Wishes.__dataclass_fields__})
        codes = _codes(options["compare"]) if options["compare"] else []
        if (options["by"] and codes) or (options["weights"] and not options["by"]):
            raise CommandError("--by goes with one method, and --weights with --by", returncode=BAD_FILE)
        files: list[Path] = options["files"]
        bad = 0
        self.told_at = time.monotonic() + QUIET_FOR
        for number, path in enumerate(files, start=1):
            self.place = f"{path.name} ({number} of {len(files)})"
            self.tell("reading")
            try:
                election = read_file(path, options["by"])
                if codes:
                    self._print_comparison(election, compare(election, codes, wishes, self.tell), options["json"])
                else:
                    code = options["method"] or BY_ENDING.get(path.suffix.lower(), "irv")
                    _, line = count_file(election, code, wishes, self.tell)
                    self._print_count(election, line, options["json"])
            except BadFile as wrong:
                self.stderr.write(f"{path}:{wrong.line_number}: {wrong.sentence}")
                bad += 1
            except (CannotCount, ValueError) as wrong:
                self.stderr.write(f"{path}: {wrong}")
                bad += 1
            except OSError as wrong:
                self.stderr.write(f"{path}: {wrong.strerror}")
                bad += 1
        if bad:
            raise SystemExit(BAD_FILE)

    def tell(self, sentence: str) -> None:
        """On the error output, not more than once a second."""
        now = time.monotonic()
        if now >= self.told_at:
            self.told_at = now + 1
            self.stderr.write(f"{self.place}: {sentence}")

    def _print_count(self, election: FileElection, line: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self._print_json(line)
            return
        self.stdout.write(f"{line['file']}: {line['method']}, {_of(line['voters'], 'voter')}")
        if line["total_cost"] is not None:
            budget = line["explanation"]["budget"]
            self.stdout.write(f"  {_of(len(line['winners']), 'winner')} for {line['total_cost']} of {budget}")
        for option in line["winners"]:
            self.stdout.write(f"  {option}  {election.names.get(option, '')}".rstrip())
        for tie in line["ties"]:
            self.stdout.write(f"  tie between {', '.join(tie['options'])}: broken by {tie['broken_by'] or 'nothing'}")
        for row in line.get("groups", ()):
            self.stdout.write(f"  {line['by']} {row['group'] or '(not told)'}, {_of(row['voters'], 'voter')} alone:")
            self.stdout.write(f"    {' '.join(row['winners'])}")
        if "official" in line:
            same = line["same_as_official"]
            self.stdout.write(f"  the file says {'the same' if same else 'otherwise: ' + ' '.join(line['official'])}")
        if "note" in line:
            self.stdout.write(f"  note: {line['note']}")

    def _print_comparison(self, election: FileElection, line: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self._print_json(line)
            return
        self.stdout.write(line["file"])
        for row in line["compare"]:
            cost = "" if row["total_cost"] is None else f" for {row['total_cost']}"
            self.stdout.write(
                f"  {row['method']}: {_of(len(row['winners']), 'winner')}{cost}; {row['without_winner']:.1%} of voters"
                f" without a winner, {row['winners_per_voter']:.2f} winners per voter"
            )
            self.stdout.write(f"    {' '.join(row['winners'])}")

    def _print_json(self, line: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def _of(number: Any, word: str) -> str:
    """ "1 winner", "2 winners"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _codes(text: str) -> list[str]:
    codes = [code.strip() for code in text.split(",")]
    for code in codes:
        if code != OFFICIAL and code not in METHODS:
            raise CommandError(f"There is no method {code!r}: {', '.join(METHODS)}", returncode=BAD_FILE)
    return codes


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _weights(text: str) -> dict[str, Fraction]:
    pairs = (part.rpartition("=") for part in text.split(","))
    weights = {group.strip(): Fraction(weight.strip()) for group, _, weight in pairs}
    if any(weight < 0 for weight in weights.values()):
        raise ValueError
    return weights


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
