"""Making a draft: by hand, from a recipe, or as a copy of an earlier consultation."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.access import Person, require
from accounts.models import Agency, User
from consultations.budgets.districts import DistrictGiven, write_money
from consultations.documents.copying import copy_documents
from consultations.models import Budget, Consultation
from consultations.opening.asked import FieldGiven, QuestionGiven, write_custom_fields, write_questions
from consultations.opening.phases import PhaseDates, check_phases, write_phases
from consultations.permissions import grant_consultation

# What an editor switches on and off, and what proposals are sorted by.
SWITCHES = ("is_unlisted", "categories", "receives_supports", "is_cause", "pre_moderates")


def create_consultation(
    *,
    agency: Agency,
    title: str,
    summary: str,
    actor: Person | None,
    body: str = "",
    visibility: str = Consultation.Visibility.PUBLIC,
    eligibility: str = Consultation.Eligibility.REGISTERED,
    shared_with: Iterable[Agency] = (),
    phases: Sequence[PhaseDates] = (),
    questions: Sequence[QuestionGiven] = (),
    custom_fields: Sequence[FieldGiven] = (),
    budget_cents: int | None = None,
    currency: str = "ARS",
    districts: Sequence[DistrictGiven] = (),
    district_rule: str = Budget.DistrictRule.CHOSEN,
    slug: str = "",
    recipe: str = "",
    copied_from: Consultation | None = None,
    **switches: Any,
) -> Consultation:
    """Make a draft that only the agency's owners and editors see. ``actor`` None is the operator at the command line.

    switches: those of SWITCHES. Raises NotPermitted, or InvalidInput for phases that overlap.
    """
    if actor is not None:
        require(actor, "accounts.open_consultation_agency", agency)
    unknown = switches.keys() - set(SWITCHES)
    if unknown:
        raise TypeError(f"create_consultation takes no {', '.join(sorted(unknown))}.")
    check_phases(phases)
    with transaction.atomic():
        consultation = Consultation.objects.create(
            agency=agency,
            slug=_free_slug(slug or slugify(title)),
            title=title,
            summary=summary,
            body=body,
            visibility=visibility,
            eligibility=eligibility,
            recipe=recipe,
            copied_from=copied_from,
            created_by=actor if isinstance(actor, User) else None,
            **switches,
        )
        consultation.shared_with.set(shared_with)
        write_phases(consultation, phases)
        write_questions(consultation, questions)
        write_custom_fields(consultation, custom_fields)
        write_money(consultation, budget_cents, currency, districts, district_rule)
        grant_consultation(consultation)
        if copied_from is not None and actor is not None:
            copy_documents(copied_from, to=consultation, actor=actor)
        audit.record(
            "consultations.consultation_created",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            title=title,
            recipe=recipe,
            copied_from=copied_from.pk if copied_from else None,
        )
    return consultation


def _free_slug(wanted: str) -> str:
    """``wanted``, or with a number behind it when it is taken. "new" is the address of the form.

    Locks the giving of addresses until the transaction ends: of two of one title at once both get one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('consultations.slug', 0))")
    base = wanted[:70].strip("-") or "consulta"
    taken = {"new", *Consultation.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    return next(slug for n in range(1, len(taken) + 3) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
