"""How much of what people contributed has its answer. The rooms above know it, and register here how to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from consultations.models import Consultation


@dataclass(frozen=True)
class Answers:
    """total: contributions that are owed an answer. lacking: those that have none yet."""

    total: int
    lacking: int

    @property
    def given(self) -> int:
        return self.total - self.lacking


@dataclass(frozen=True)
class Source:
    """annotate: adds to a query of consultations what ``count`` reads, so that a page costs no query more.

    desk: the address where officials answer.
    """

    annotate: Callable[["QuerySet[Consultation]"], "QuerySet[Consultation]"]
    count: Callable[[Consultation], Answers]
    desk: Callable[[Consultation], str]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Called by ``AppConfig.ready``; the last one counts, again is harmless."""
    _sources[:] = [source]


def with_counts(consultations: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    return _sources[0].annotate(consultations) if _sources else consultations


def answers_of(consultation: Any) -> Answers:
    """One query; none for a consultation that ``with_counts`` fetched."""
    return _sources[0].count(consultation) if _sources else Answers(0, 0)


def desk_of(consultation: Consultation) -> str:
    return _sources[0].desk(consultation) if _sources else consultation.get_absolute_url()
