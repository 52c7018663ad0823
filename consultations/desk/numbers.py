"""A consultation's numbers over time. Each room measures its own; registered when the app is ready.

Nobody's visits are counted: what is measured here is what people did.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.access import Person
from accounts.refusals import Text
from consultations.models import Consultation

LONGEST_BY_DAY = 31  # days; a longer time is told by weeks

# A day, who (None: not told, as in a vote), and how much.
Row = tuple[date, int | None, int]


@dataclass(frozen=True)
class Reading:
    """What a measure found. ``withheld``: why the reader may not see all of it now."""

    rows: Sequence[Row]
    withheld: Text = ""


@dataclass(frozen=True)
class Measure:
    """One thing that is counted. ``read`` costs a query or two, however much there is."""

    name: str
    title: Text
    read: Callable[[Consultation, Person], Reading]


@dataclass(frozen=True)
class Share:
    """How much of something is done, as "12 of 40 threads answered". ``read`` gives both numbers."""

    name: str
    title: Text
    read: Callable[[Consultation], tuple[int, int]]


@dataclass(frozen=True)
class Column:
    """A measure over time: a number for each stretch, and its sum. ``percents``: of the highest, for the bars."""

    name: str
    title: Text
    counts: Sequence[int]
    total: int
    withheld: Text = ""

    @property
    def is_unseen(self) -> bool:
        """Whether nothing of it may be seen now: then it has no numbers, not even zeros."""
        return bool(self.withheld) and not self.total

    @property
    def highest(self) -> int:
        return max(self.counts, default=0)

    @property
    def percents(self) -> list[int]:
        return [round(100 * count / self.highest) if self.highest else 0 for count in self.counts]


@dataclass(frozen=True)
class Numbers:
    """``stretches``: the words for each day or week, in the order of ``counts``."""

    stretches: Sequence[str]
    columns: Sequence[Column]
    shares: Sequence[tuple[Share, int, int]]
    is_by_week: bool

    @property
    def rows(self) -> list[tuple[str, list[int | None]]]:
        """The table: each stretch with its number in every column; None where it may not be seen."""
        return [
            (words, [None if column.is_unseen else column.counts[n] for column in self.columns])
            for n, words in enumerate(self.stretches)
        ]


@dataclass
class _Registry:
    measures: dict[str, Measure] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)


_registry = _Registry()


def register(*measured: Measure | Share) -> None:
    """Add to what every consultation measures. Called by ``AppConfig.ready``; again is harmless."""
    for each in measured:
        kept: dict[str, Measure] | dict[str, Share]
        kept = _registry.measures if isinstance(each, Measure) else _registry.shares
        kept[each.name] = each  # type: ignore[assignment]


def by_day(things: "QuerySet[Any]", person: str, moment: str = "created_at") -> list[Row]:
    """How many of ``things`` each person made on each day, by the site's clock. One query."""
    rows = things.order_by().annotate(day=TruncDate(moment), who=F(person)).values_list("day", "who")
    return list(rows.annotate(count=Count("pk")))


def numbers_of(consultation: Consultation, user: Person, now: datetime) -> Numbers:
    """All measures over the same days, or weeks where it lasts longer than a month."""
    readings = {measure: measure.read(consultation, user) for measure in _registry.measures.values()}
    days = [row[0] for reading in readings.values() for row in reading.rows]
    first = min([*days, _first_day(consultation, now)])
    last = max([*days, _last_day(consultation, now)])
    is_by_week = (last - first).days >= LONGEST_BY_DAY
    starts = list(_stretches(first, last, 7 if is_by_week else 1))
    columns = [_people(readings.values(), starts)]
    measured = [_column(measure, reading, starts) for measure, reading in readings.items()]
    columns += [column for column in measured if column.total or column.withheld]  # nothing of a kind: no column
    shares = [(share, *share.read(consultation)) for share in _registry.shares.values()]
    return Numbers([_words(day) for day in starts], columns, shares, is_by_week)


def _people(readings: Iterable[Reading], starts: Sequence[date]) -> Column:
    """Who did something for the first time: each person once. Voters are not among them: nobody knows who they are."""
    first: dict[int, date] = {}
    for reading in readings:
        for day, who, _count in reading.rows:
            if who is not None:
                first[who] = min(day, first.get(who, day))
    counts = _counts(((day, 1) for day in first.values()), starts)
    return Column("people", _("Participants"), counts, len(first))


def _column(measure: Measure, reading: Reading, starts: Sequence[date]) -> Column:
    counts = _counts(((day, count) for day, _who, count in reading.rows), starts)
    return Column(measure.name, measure.title, counts, sum(counts), reading.withheld)


def _counts(rows: Iterable[tuple[date, int]], starts: Sequence[date]) -> list[int]:
    length = (starts[1] - starts[0]).days if len(starts) > 1 else 7
    sums: Mapping[int, int] = defaultdict(int)
    for day, count in rows:
        sums[(day - starts[0]).days // length] += count  # type: ignore[index]
    return [sums[n] for n in range(len(starts))]


def _stretches(first: date, last: date, days: int) -> Iterable[date]:
    if days == 7:
        first -= timedelta(days=first.weekday())  # weeks begin on Monday
    while first <= last:
        yield first
        first += timedelta(days=days)


def _first_day(consultation: Consultation, now: datetime) -> date:
    starts = [phase.starts_at for phase in consultation.phases.all() if phase.starts_at <= now]
    return timezone.localdate(min(starts, default=now))


def _last_day(consultation: Consultation, now: datetime) -> date:
    ends = [phase.ends_at or now for phase in consultation.phases.all() if phase.starts_at <= now and phase.takes_part]
    return timezone.localdate(min(now, max(ends, default=now)))


def _words(day: date) -> str:
    # Letters of Django's date format: in Spanish the month has no capital.
    return date_format(day, pgettext("short date", "j M"))
