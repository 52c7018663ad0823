"""The export of a poll's log: what ``verify.py`` checks, in one zip. ``docs/log-format.md`` has each file.

Made after the close only: before it, whoever stands beside a voter with a receipt could see them vote again. What the
results gate withholds still (an embargo, ballots that are for auditors) is left out, and the log can be checked alone.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.refusals import NotPermitted, Reason
from voting.ballots.closing import result_of
from voting.ledger import entries
from voting.ledger import verify as verifier
from voting.log import recount
from voting.log.reading import checkpoints_of
from voting.models import Leaf, Opening, Poll, Seal, SigningKey, TimeStamp
from voting.results.gate import ballots_withheld, count_withheld

BEFORE_CLOSE = Reason("log_before_close", _("The log can be taken away after the close. Its seals are public at once."))
BATCH = 5_000

ABOUT = """The log of a vote: {question}
{address}

To check it, with Python 3.8 or newer and nothing else:

    python3 -I verify.py

Give the key that you know from elsewhere with --key, and a receipt with --receipt FILE.
What each file holds stands in the source code of the software{source}: docs/log-format.md.
Whoever changed this export could have changed verify.py in it, too: if you doubt who gave it to you, take
voting/ledger/verify.py from that source code and run it with the name of this directory behind it.
"""


def write_log(poll: Poll, file: IO[bytes], *, user: Person | None, address: str, source: str = "") -> None:
    """Write the zip. ``user`` None is the operator at the command line, who may take an unfinished log too, and for
    whom the results gate stands as for anybody.

    Raises NotPermitted before the close.
    """
    if user is not None and not poll.is_closed:
        raise NotPermitted(BEFORE_CLOSE)
    seals = checkpoints_of(poll)
    stamps = _stamps(poll)
    size = seals[-1].size if seals else 0
    words = _words(poll)
    about = ABOUT.format(question=poll.question, address=address, source=source and f", {source}")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(Path(verifier.__file__), "verify.py")
        archive.writestr("README.txt", about)
        archive.writestr("keys.json", _json([_key(key) for key in SigningKey.objects.all()]))
        archive.writestr("words.json", _json(words))
        _write_lines(archive, "heads.jsonl", (_line(_head(seal, stamps)) for seal in seals))
        _write_lines(archive, "entries.jsonl", _entries(poll, size))
        person = user if user is not None else _anybody()
        if poll.is_closed and not count_withheld(poll, person):
            if not ballots_withheld(poll, person):
                _write_lines(archive, "openings.jsonl", _openings(poll))
                for name, text in recount.files_of(poll, words).items():
                    archive.writestr(name, text)
            result = {"salt": bytes(poll.outcome.salt).hex(), **result_of(poll, poll.outcome)}
            archive.writestr("result.json", _json(result))


def _anybody() -> Person:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def _write_lines(archive: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line + b"\n")


def _entries(poll: Poll, size: int) -> Iterator[bytes]:
    """The bytes that were hashed, made again from what the rows hold now: if one was changed, the tree does not fit."""
    rows = Leaf.objects.filter(poll=poll, number__lt=size).order_by("number").select_related("ballot")
    for leaf in rows.iterator(chunk_size=BATCH):
        if leaf.ballot is None:
            yield leaf.statement.encode()
        else:
            yield entries.ballot_entry(*leaf.ballot.as_logged())


def _openings(poll: Poll) -> Iterator[bytes]:
    rows = Opening.objects.filter(ballot__poll=poll).order_by("ballot__leaf__number")
    columns = rows.values_list("ballot__leaf__number", "salt", "choices")
    for number, salt, choices in columns.iterator(chunk_size=BATCH):
        yield _line({"number": number, "salt": bytes(salt).hex(), "choices": choices})


def _words(poll: Poll) -> dict[str, Any]:
    """What the hashes in the manifest stand for; null where a moderator has hidden it."""
    options = poll.options.all()
    return {
        "question": poll.question,
        "options": {
            str(option.pk): None if option.proposal and option.proposal.is_hidden else option.label
            for option in options
        },
    }


def _head(seal: Seal, stamps: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    head: dict[str, Any] = {"note": seal.head}
    return {**head, "stamps": stamps[seal.pk]} if seal.pk in stamps else head


def _stamps(poll: Poll) -> dict[int, list[dict[str, Any]]]:
    """Seal id -> its time stamps."""
    found: dict[int, list[dict[str, Any]]] = {}
    for stamp in TimeStamp.objects.filter(seal__poll=poll, stamped_at__isnull=False).order_by("pk"):
        found.setdefault(stamp.seal_id, []).append({"service": stamp.service, **stamp.data})
    return found


def _key(key: SigningKey) -> dict[str, str]:
    return {"key": str(key), "endorsement": key.endorsement}


def _line(data: Any) -> bytes:
    return entries.canonical(data)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
