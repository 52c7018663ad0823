"""What this room measures: proposals and supports."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.desk.numbers import Measure, Reading, by_day
from consultations.models import Consultation, Support


def _proposals(consultation: Consultation, user: Person) -> Reading:
    return Reading(by_day(consultation.proposals.shown(), "author_id"))


def _supports(consultation: Consultation, user: Person) -> Reading:
    return Reading(by_day(Support.objects.filter(consultation=consultation), "user_id"))


MEASURES = (Measure("proposals", _("Proposals"), _proposals), Measure("supports", _("Supports"), _supports))
