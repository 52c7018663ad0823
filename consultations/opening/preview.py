"""A draft as the public will see it: somebody without an account, in one of its phases."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from consultations.models import Consultation, Phase


@dataclass(frozen=True)
class Preview:
    """``now``: the moment for which the page is drawn. ``phase``: the one in which that is, if there is any."""

    now: datetime
    phase: Phase | None
    phases: list[Phase]


def of_draft(consultation: Consultation, kind: str, now: datetime) -> Preview:
    """Make ``consultation`` look published, in memory only; its clock stands at the beginning of the phase ``kind``.

    Unless one is asked for, that is the first in which people take part.
    """
    phases = list(consultation.phases.all())
    asked = next((phase for phase in phases if phase.kind == kind), None)
    taking_part = next((phase for phase in phases if phase.allows), None)
    phase = asked or taking_part or next(iter(phases), None)
    moment = phase.starts_at if phase else now
    consultation.published_at = moment
    return Preview(moment, phase, phases)


def as_anyone(request: HttpRequest) -> HttpRequest:
    """The same request as if nobody had logged in, so that the page shows no more than it will."""
    shown = copy(request)
    shown.user = AnonymousUser()
    return shown
