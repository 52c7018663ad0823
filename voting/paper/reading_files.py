"""The papers of a batch from one clerk's file, as if the clerk had typed each. The other one brings another file.

A line a ballot: its number, and what it says, by the places of the options on the ballot (the page numbers them):
``7;2 5``. A ranking has them from the favourite on; points and marks follow a colon, ``7;2:3 5:1``. ``blank`` and
``spoilt`` (``en blanco``, ``nulo``) say so. Commas and tabs divide as semicolons do; a head, in words, is passed by.
"""

import re
from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import InvalidInput
from voting.ballots.casting import check_choices
from voting.models import PaperBatch, PaperReading, Poll
from voting.paper.entering import NO_SUCH_BALLOT, READ_TWICE, TYPED_ALREADY, locked_batch

MOST_BYTES = 500_000
MOST_FAULTS = 8  # that are told at once
NUMBER = re.compile(r"[0-9]{1,9}")
BLANK, SPOILT = {"blank", "en blanco", "blanco"}, {"spoilt", "nulo", "anulado"}
NOT_A_LINE = _("This is no ballot: a number, a semicolon, and the places of what was chosen.")
NO_SUCH_OPTION = _("The ballot has no option in that place, or it stands twice.")


def read_file(*, batch: PaperBatch, content: bytes | str, actor: Person) -> int:
    """Type all that stands in the file, or nothing; return how many ballots.

    Raises NotPermitted; Conflict once the batch is in the log; PhaseClosed; InvalidInput with each fault by its line.
    """
    require(actor, "voting.enter_paper_poll", batch.poll)
    assert isinstance(actor, User)
    if len(content) > MOST_BYTES:
        raise InvalidInput("too_large", _("This file is too large for one batch."), field="file")
    options = [str(pk) for pk in batch.poll.options.values_list("pk", flat=True)]
    faults: list[str] = []
    with transaction.atomic():
        locked = locked_batch(batch)
        clerks: dict[int, list[int | None]] = defaultdict(list)
        for number, clerk in locked.readings.values_list("number", "clerk"):
            clerks[number].append(clerk)
        made = []
        for place, line in enumerate(_lines(content), start=1):
            if not line or (place == 1 and not line[0].isdigit()):
                continue
            try:
                reading = _read(line, batch.poll, options)
                others = clerks[reading.number]
                if not 1 <= reading.number <= batch.ballot_count:
                    raise InvalidInput("no_such_ballot", NO_SUCH_BALLOT)
                if actor.pk in others:
                    raise InvalidInput("typed_already", TYPED_ALREADY)
                if len(others) == 2:
                    raise InvalidInput("ballot_read_twice", READ_TWICE.sentence)
            except InvalidInput as fault:
                faults.append(gettext("Line %(line)s: %(fault)s") % {"line": place, "fault": fault.sentence})
                continue
            reading.batch, reading.clerk, reading.turn = locked, actor, len(others) + 1
            others.append(actor.pk)
            made.append(reading)
        if faults or not made:
            raise InvalidInput("bad_lines", _told(faults), field="file")
        PaperReading.objects.bulk_create(made)
    return len(made)


def _lines(content: bytes | str) -> list[str]:
    return [line.strip() for line in _decoded(content).removeprefix("\ufeff").splitlines()]


def _decoded(content: bytes | str) -> str:
    """What is no UTF-8 was written by an older Excel."""
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read(line: str, poll: Poll, options: list[str]) -> PaperReading:
    number, divider, said = re.sub(r"[\t,]", ";", line, count=1).partition(";")
    number, said = number.strip(), said.strip().casefold()
    if not divider or not NUMBER.fullmatch(number):
        raise InvalidInput("bad_line", NOT_A_LINE)
    if said in SPOILT:
        return PaperReading(number=int(number), choices={}, is_spoilt=True)
    choices: dict[str, int] = {}
    for rank, word in enumerate([] if said in BLANK else re.split(r"[\s;,+]+", said), start=1):
        place, colon, value = word.partition(":")
        if not NUMBER.fullmatch(place) or (colon and not re.fullmatch(r"-?[0-9]{1,9}", value)):
            raise InvalidInput("bad_line", NOT_A_LINE)
        if not 1 <= int(place) <= len(options) or options[int(place) - 1] in choices:
            raise InvalidInput("no_such_option", NO_SUCH_OPTION)
        choices[options[int(place) - 1]] = int(value) if colon else rank if poll.ballot_kind == "places" else 1
    check_choices(poll, choices)
    return PaperReading(number=int(number), choices=choices)


def _told(faults: list[str]) -> str:
    if not faults:
        return gettext("There is no ballot in this file.")
    more = len(faults) - MOST_FAULTS
    told = [*faults[:MOST_FAULTS], *([gettext("and more lines with faults.")] if more > 0 else [])]
    return " ".join([gettext("Nothing was taken from the file."), *told])
