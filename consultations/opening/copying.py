"""A new draft out of an earlier consultation: its shape, never what people contributed."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Person
from accounts.agencies import agencies_to_open_for
from consultations.budgets.districts import district_to_copy
from consultations.models import Budget, Consultation
from consultations.opening.asked import FieldGiven, QuestionGiven
from consultations.opening.drafting import SWITCHES
from consultations.opening.phases import PhaseDates


def consultations_to_copy(user: Person) -> QuerySet[Consultation]:
    """Those of the agencies in whose name the person opens consultations, the latest first."""
    mine = Consultation.objects.visible_to(user).filter(agency__in=agencies_to_open_for(user))
    return mine.select_related("agency").order_by("-pk")


def contents_of(source: Consultation, starts_at: datetime) -> dict[str, Any]:
    """What ``create_consultation`` takes to make another like ``source``, besides title, summary and text.

    The phases keep their lengths and hours; the first one begins on the day of ``starts_at``.
    """
    budget = getattr(source, "budget", None)
    fields = source.custom_fields.filter(retired_at__isnull=True)
    return {
        **{name: getattr(source, name) for name in SWITCHES},
        "recipe": source.recipe,
        "copied_from": source,
        "visibility": source.visibility,
        "eligibility": source.eligibility,
        "shared_with": list(source.shared_with.all()),
        "questions": [QuestionGiven(row.text, row.details) for row in source.questions.all()],
        "custom_fields": [
            FieldGiven(row.label, row.kind, row.help_text, tuple(row.choices), row.is_required) for row in fields
        ],
        "phases": _shifted(source, starts_at),
        "budget_cents": budget.amount_cents if budget else None,
        "currency": budget.currency if budget else "ARS",
        "district_rule": budget.district_rule if budget else Budget.DistrictRule.CHOSEN,
        "districts": [district_to_copy(district) for district in source.districts.all()],
    }


def _shifted(source: Consultation, starts_at: datetime) -> list[PhaseDates]:
    phases = list(source.phases.all())
    if not phases:
        return []
    days = timezone.localdate(starts_at) - timezone.localdate(phases[0].starts_at)

    def moved(moment: datetime) -> datetime:
        # By the calendar, so that the hour stays where clocks are changed in between.
        return timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None) + days)

    return [PhaseDates(p.kind, moved(p.starts_at), moved(p.ends_at) if p.ends_at else None) for p in phases]
