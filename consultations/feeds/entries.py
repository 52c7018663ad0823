"""What a feed tells of consultations: each room says what has happened in its part. Only what anybody may read."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from consultations.models import Consultation

ENTRIES = 50  # the most that a feed holds


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``key`` names it for ever, in feeds and nowhere else."""

    key: str
    title: str
    path: str
    at: datetime
    consultation_id: int
    summary: str = ""  # plain text


# What happened in these consultations up to ``now``, the newest first, at most ENTRIES.
Source = Callable[[Collection[int], datetime], Iterable[Entry]]

_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def entries_of(consultations: Collection[Consultation], now: datetime, sources: Sequence[Source] = ()) -> list[Entry]:
    """The newest first; of ``sources`` alone, where some are named. Assumes that anybody may see these consultations,
    of which it takes the title."""
    ids = [consultation.pk for consultation in consultations]
    found = [entry for source in sources or _sources for entry in source(ids, now)]
    return sorted(found, key=lambda entry: (entry.at, entry.key), reverse=True)[:ENTRIES]
