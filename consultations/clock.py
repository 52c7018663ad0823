"""The phase clock: what is allowed now, by the database's time and nobody else's."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.refusals import PhaseClosed, Reason

if TYPE_CHECKING:
    from consultations.models import Consultation, Phase


class Act(StrEnum):
    """What a phase may allow."""

    PROPOSE = "propose"
    SUPPORT = "support"
    COMMENT = "comment"
    VOTE = "vote"


class State(StrEnum):
    """Where a consultation stands as a whole. Derived from its phases, never stored."""

    DRAFT = "draft"
    SOON = "soon"
    OPEN = "open"
    CLOSED = "closed"


NOT_NOW = {
    Act.PROPOSE: Reason(
        "not_proposing_now", _("Proposals are not being received now. The consultation's steps say when.")
    ),
    Act.SUPPORT: Reason(
        "not_supporting_now", _("Supports are not being received now. The consultation's steps say when.")
    ),
    Act.COMMENT: Reason(
        "not_commenting_now", _("Comments are not being received now. The consultation's steps say when.")
    ),
    Act.VOTE: Reason("not_voting_now", _("Voting is not open now. The consultation's steps say when.")),
}


def database_now() -> datetime:
    """The database's wall clock, aware and in UTC. Not the start of the transaction: time passes inside one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def active_phase(consultation: "Consultation", now: datetime | None = None) -> "Phase | None":
    """The phase in which ``consultation`` is now; phases do not overlap (the database holds that)."""
    now = now or database_now()
    for phase in consultation.phases.all():
        if phase.is_active_at(now):
            return phase
    return None


def is_allowed(consultation: "Consultation", act: Act, now: datetime | None = None) -> bool:
    """Whether the clock allows ``act`` now. Says nothing about the person."""
    if consultation.published_at is None:
        return False
    phase = active_phase(consultation, now)
    return phase is not None and act in phase.allows


def require_phase(consultation: "Consultation", act: Act) -> None:
    """Raise PhaseClosed unless the clock allows ``act`` now."""
    if not is_allowed(consultation, act):
        raise PhaseClosed(NOT_NOW[act], page=consultation.get_absolute_url())
