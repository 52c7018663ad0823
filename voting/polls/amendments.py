"""What was changed after voting began, in words, from the log of the poll."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from frontend.formats import money, number, when
from voting.ledger.entries import AMENDMENT
from voting.models import Leaf, Poll


@dataclass(frozen=True)
class Amendment:
    """One change: its place in the log, what changed, and the reason that was given."""

    number: int
    sentence: str
    reason: str


def amendments_of(poll: Poll) -> list[Amendment]:
    """In the order of the log."""
    statements = Leaf.objects.filter(poll=poll, ballot__isnull=True).order_by("number")
    entries = [(number, json.loads(text)) for number, text in statements.values_list("number", "statement")]
    return [
        Amendment(number, " ".join(_sentences(entry["changes"], poll)), entry["reason"])
        for number, entry in entries
        if entry["kind"] == AMENDMENT
    ]


def _sentences(changes: dict[str, Any], poll: Poll) -> Sequence[str]:
    sentences = []
    if amount := changes.get("budget"):
        currency = poll.consultation.budget.currency
        words = {"old": money(amount["from"], currency), "new": money(amount["to"], currency)}
        sentences.append(gettext("The money to share out changed from %(old)s to %(new)s.") % words)
    for gone in changes.get("withdrawn", []):
        name = next((str(option) for option in poll.options.all() if str(option.pk) == gone), gone)
        words = {"option": name}
        sentences.append(gettext("“%(option)s” was withdrawn: it can no longer win, and ballots stand.") % words)
    if end := changes.get("closes_at"):
        words = {"old": _moment(end["from"]), "new": _moment(end["to"])}
        sentences.append(gettext("The end of the voting moved. Before: %(old)s. Now: %(new)s.") % words)
    if roll := changes.get("roll"):
        sentences += _roll_sentences(roll["added"], roll["removed"])
    return sentences


def _roll_sentences(added: int, removed: int) -> list[str]:
    sentences = []
    if added:
        sentence = ngettext(
            "%(count)s person was added to the roll.", "%(count)s people were added to the roll.", added
        )
        sentences.append(sentence % {"count": number(added)})
    if removed:
        sentence = ngettext(
            "%(count)s person was removed from the roll.", "%(count)s people were removed from the roll.", removed
        )
        sentences.append(sentence % {"count": number(removed)})
    return sentences


def _moment(text: str) -> str:
    return when(datetime.fromisoformat(text))
