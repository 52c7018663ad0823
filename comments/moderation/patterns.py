"""What moderators may want to look at: facts about many contributions together, and never a verdict on a person.

Neighbours who organise look the same from here as one person with many accounts. So a pattern says what can be counted,
links to the contributions, names nobody, and does nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from comments.models import Flag
from comments.moderation.alike import alike
from comments.moderation.kinds import KINDS, Contribution
from consultations.clock import database_now
from consultations.models import Consultation

LOOKED_AT = timedelta(days=14)
MOST = 1_000  # of the newest contributions of each kind, and of flags: what a page may cost
HOUR = timedelta(hours=1)
NEW_FOR = timedelta(days=1)  # an account is new for a day
NEW_ACCOUNTS = 5
SAME_TEXT = 3
FLAGS_AT_ONCE = 5
LINKS = 12


@dataclass(frozen=True)
class Pattern:
    """``kind``: new_accounts, same_text or flags_at_once. How many accounts, when, and the contributions."""

    kind: str
    accounts: int
    since: datetime
    until: datetime
    targets: list[Contribution]

    @property
    def shown(self) -> list[Contribution]:
        return self.targets[:LINKS]

    @property
    def more(self) -> int:
        return max(0, len(self.targets) - LINKS)


def patterns_in(consultation: Consultation) -> list[Pattern]:
    """The newest first. A query for each kind of contribution and two for the flags; the rest is arithmetic."""
    since = database_now() - LOOKED_AT
    written = _written(consultation, since)
    found = [*_new_accounts(written), *_same_text(written), *_flags_at_once(consultation, since)]
    return sorted(found, key=lambda pattern: pattern.until, reverse=True)


def _written(consultation: Consultation, since: datetime) -> list[Any]:
    """What citizens wrote, in order of time, with their accounts. What its author took back is left out."""
    rows: list[Any] = []
    for kind in KINDS.values():
        found = kind.model.objects.filter(
            kind.still_there(),
            consultation=consultation,
            created_at__gte=since,
            author__isnull=False,
            is_official=False,
        )
        rows += found.annotate(joined_at=F("author__date_joined")).order_by("-pk")[:MOST]
    return sorted(rows, key=lambda row: row.created_at)


def _new_accounts(written: list[Any]) -> list[Pattern]:
    """Five or more accounts, none older than a day, that wrote here within one hour."""
    by_new = [row for row in written if row.created_at - row.joined_at < NEW_FOR]
    return [_pattern("new_accounts", rows) for rows in _bursts(by_new, NEW_ACCOUNTS, lambda row: row.author_id)]


def _same_text(written: list[Any]) -> list[Pattern]:
    """The same or nearly the same words by three accounts or more."""
    texts = {}
    for number, row in enumerate(written):
        kind = next(kind for kind in KINDS.values() if isinstance(row, kind.model))
        texts[number] = kind.text(row)
    groups = [[written[number] for number in sorted(group)] for group in alike(texts)]
    return [_pattern("same_text", rows) for rows in groups if len({row.author_id for row in rows}) >= SAME_TEXT]


def _flags_at_once(consultation: Consultation, since: datetime) -> list[Pattern]:
    """Five or more people who reported what one person wrote, within one hour."""
    by_author: dict[int, list[Any]] = defaultdict(list)
    for name, kind in KINDS.items():
        flags = Flag.objects.filter(
            **{f"{name}__consultation": consultation, f"{name}__author__isnull": False}, created_at__gte=since
        )
        for flag in flags.select_related(name).order_by("-pk")[:MOST]:
            if not getattr(getattr(flag, name), kind.gone):
                by_author[getattr(flag, name).author_id].append(flag)
    found = []
    for flags_on_one in by_author.values():
        in_order = sorted(flags_on_one, key=lambda flag: flag.created_at)
        for burst in _bursts(in_order, FLAGS_AT_ONCE, lambda flag: flag.reporter_id):
            targets = list(dict.fromkeys(flag.comment or flag.proposal for flag in burst))
            people = len({flag.reporter_id for flag in burst})
            found.append(Pattern("flags_at_once", people, burst[0].created_at, burst[-1].created_at, targets))
    return found


def _bursts(rows: list[Any], fewest: int, account: Any) -> Iterable[list[Any]]:
    """Runs of rows in order of time, each within an hour of its first, by ``fewest`` accounts or more; none twice."""
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end].created_at - rows[start].created_at <= HOUR:
            end += 1
        if len({account(row) for row in rows[start:end]}) >= fewest:
            yield rows[start:end]
            start = end
        else:
            start += 1


def _pattern(kind: str, rows: list[Any]) -> Pattern:
    return Pattern(kind, len({row.author_id for row in rows}), rows[0].created_at, rows[-1].created_at, rows)
