"""The phases of a consultation as an editor gives them: what cannot be, and writing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.models import Consultation, Phase

PHASE_WITH_POLL = Reason("phase_with_poll", _("A vote takes place in the voting phase, so it cannot be removed."))
PHASE_BEGUN_BALLOTS = Reason("voting_begun", _("Voting has begun, so its dates are fixed."))


@dataclass(frozen=True)
class PhaseDates:
    """One phase as an editor gives it: aware times, ``ends_at`` None for no end."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None


def check_phases(phases: Sequence[PhaseDates]) -> None:
    """Raise InvalidInput, with the field at fault, for phases that no calendar can hold."""
    if len({phase.kind for phase in phases}) < len(phases):
        raise InvalidInput("phase_twice", _("Each kind of phase can be there once."), field="phases")
    ordered = sorted(phases, key=lambda phase: phase.starts_at)
    for phase in ordered:
        if phase.ends_at is not None and phase.ends_at <= phase.starts_at:
            field = f"{phase.kind}_ends_at"
            raise InvalidInput("phase_ends_early", _("A phase must end after it starts."), field=field)
    for earlier, later in pairwise(ordered):
        if earlier.ends_at is None or later.starts_at < earlier.ends_at:
            raise InvalidInput("phases_overlap", _overlap(earlier, later), field=f"{later.kind}_starts_at")


def _overlap(earlier: PhaseDates, later: PhaseDates) -> str:
    if earlier.ends_at is None:
        return endless_sentence(earlier.kind, later.kind)
    names = {"earlier": Phase.Kind(earlier.kind).label, "later": Phase.Kind(later.kind).label}
    return gettext("“%(later)s” starts before “%(earlier)s” ends. One must end before the next starts.") % names


def endless_sentence(earlier: str, later: str) -> str:
    """Why a phase needs an end: another one comes after it."""
    names = {"earlier": Phase.Kind(earlier).label, "later": Phase.Kind(later).label}
    return gettext("“%(earlier)s” has no end, so “%(later)s” cannot start after it. Give it an end.") % names


def write_phases(consultation: Consultation, phases: Sequence[PhaseDates]) -> None:
    """Give the consultation exactly these phases; a phase of the same kind keeps its row, on which polls depend."""
    wanted = {phase.kind: phase for phase in phases}
    # Not consultation.phases.all(): that may have been read before the lock. And locked, so that no poll closes by the
    # old dates while they are moved.
    stored = Phase.objects.filter(consultation=consultation).select_for_update(no_key=True)
    existing = {phase.kind: phase for phase in stored}
    for kind, phase in existing.items():
        if kind not in wanted and phase.polls.exists():
            raise Conflict(PHASE_WITH_POLL)
    changed = [
        phase
        for kind, phase in existing.items()
        if kind not in wanted or (phase.starts_at, phase.ends_at) != (wanted[kind].starts_at, wanted[kind].ends_at)
    ]
    fixed = Q(ballots__isnull=False) | Q(closed_at__isnull=False)  # a closed poll never opens again
    if any(phase.polls.filter(fixed).exists() for phase in changed):
        raise Conflict(PHASE_BEGUN_BALLOTS)
    consultation.phases.exclude(kind__in=list(wanted)).delete()
    for kind, dates in wanted.items():
        Phase.objects.update_or_create(
            consultation=consultation, kind=kind, defaults={"starts_at": dates.starts_at, "ends_at": dates.ends_at}
        )


def fixed_phases(consultation: Consultation) -> set[str]:
    """The kinds of phase whose dates nobody changes any more: people have voted in them."""
    fixed = Q(polls__ballots__isnull=False) | Q(polls__closed_at__isnull=False)
    return set(Phase.objects.filter(fixed, consultation=consultation).values_list("kind", flat=True))
