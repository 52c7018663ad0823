"""Opening a consultation: draft, phases, publishing. What an editor does before the public comes."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import Agency, User
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.models import Budget, Consultation, Phase
from consultations.permissions import grant_consultation

PUBLISHED_ALREADY = Reason("published_already", _("This consultation is published already."))
PHASE_WITH_POLL = Reason("phase_with_poll", _("A vote takes place in the voting phase, so it cannot be removed."))
PHASE_BEGUN_BALLOTS = Reason("voting_begun", _("Voting has begun, so its dates are fixed."))
BUDGET_BEGUN_BALLOTS = Reason("budget_voted_on", _("People have voted on this money, so the amount is fixed."))
BUDGET_WITH_POLL = Reason("budget_with_poll", _("A vote allocates this money, so it cannot be taken away."))
CHANGED_MEANWHILE = Reason(
    "changed_meanwhile", _("Somebody else has changed this consultation while you were writing. Nothing is saved yet.")
)


@dataclass(frozen=True)
class PhaseDates:
    """One phase as an editor gives it: aware times, ``ends_at`` None for no end."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None


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
    budget_cents: int | None = None,
    currency: str = "ARS",
    slug: str = "",
) -> Consultation:
    """Make a draft that only the agency's owners and editors see. ``actor`` None is the operator at the command line.

    Raises NotPermitted, or InvalidInput for a taken address or for phases that overlap.
    """
    if actor is not None:
        require(actor, "accounts.open_consultation_agency", agency)
    _check_phases(phases)
    with transaction.atomic():
        consultation = Consultation.objects.create(
            agency=agency,
            slug=_free_slug(slug or slugify(title)),
            title=title,
            summary=summary,
            body=body,
            visibility=visibility,
            eligibility=eligibility,
            created_by=actor if isinstance(actor, User) else None,
        )
        consultation.shared_with.set(shared_with)
        _write_phases(consultation, phases)
        _write_budget(consultation, budget_cents, currency)
        grant_consultation(consultation)
        audit.record(
            "consultations.consultation_created",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            title=title,
        )
    return consultation


def change_consultation(
    *,
    consultation: Consultation,
    actor: Person,
    shared_with: Iterable[Agency] | None = None,
    phases: Sequence[PhaseDates] | None = None,
    budget_cents: int | None = None,
    currency: str = "ARS",
    known_version: str | None = None,
    **fields: Any,
) -> Consultation:
    """Change a consultation's text, audience and phases; None leaves them. ``fields``: title, summary, body, …

    budget_cents: 0 takes the budget away. known_version: what ``version_of`` said when the editor began to write.
    Raises NotPermitted; InvalidInput for phases that overlap, or for taking from a published one what it needs;
    Conflict for what may not change any more, or when it has changed since ``known_version``.
    """
    require(actor, "consultations.change_consultation", consultation)
    if phases is not None:
        _check_phases(phases)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if known_version is not None and version_of(locked) != known_version:
            raise Conflict(CHANGED_MEANWHILE)
        old = {name: getattr(locked, name) for name in fields if getattr(locked, name) != fields[name]}
        for name, value in fields.items():
            setattr(consultation, name, value)
        consultation.save(update_fields=list(fields))
        if shared_with is not None:
            consultation.shared_with.set(shared_with)
        if phases is not None:
            _write_phases(consultation, phases)
        _write_budget(consultation, budget_cents, currency)
        if locked.is_published:
            _check_ready(Consultation.objects.get(pk=consultation.pk))
        grant_consultation(consultation)
        audit.record(
            "consultations.consultation_changed",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            old=old,
            phases=[[p.kind, str(p.starts_at), str(p.ends_at)] for p in phases or ()],
        )
    return consultation


def version_of(consultation: Consultation) -> str:
    """A fingerprint of all that an editor can change. Reads the database, not what ``consultation`` remembers."""
    stored = Consultation.objects.select_related("budget").get(pk=consultation.pk)
    budget = getattr(stored, "budget", None)
    state = [
        [stored.title, stored.summary, stored.body, stored.visibility, stored.eligibility],
        sorted(stored.shared_with.values_list("pk", flat=True)),
        [[phase.kind, str(phase.starts_at), str(phase.ends_at)] for phase in stored.phases.all()],
        [budget.amount_cents, budget.currency] if budget else [],
    ]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def what_is_missing(consultation: Consultation) -> list[Reason]:
    """What a draft still needs before it can be published; empty when it is ready."""
    missing = []
    if not consultation.body.strip():
        missing.append(Reason("no_body", _("Write the text that explains what is asked.")))
    if not consultation.phases.all():
        missing.append(Reason("no_phases", _("Add at least one phase with its dates.")))
    return missing


def publish_consultation(*, consultation: Consultation, actor: Person | None) -> Consultation:
    """Show a draft to those who may see it. ``actor`` None is the operator at the command line.

    Raises NotPermitted, Conflict if it is published already, InvalidInput if something is missing.
    """
    if actor is not None:
        require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if locked.is_published:
            raise Conflict(PUBLISHED_ALREADY)
        _check_ready(locked)
        consultation.published_at = database_now()
        consultation.save(update_fields=["published_at"])
        grant_consultation(consultation)
        audit.record(
            "consultations.consultation_published", actor=actor, on=consultation, consultation_id=consultation.pk
        )
    return consultation


def _check_ready(consultation: Consultation) -> None:
    missing = what_is_missing(consultation)
    if missing:
        field = "body" if missing[0].code == "no_body" else "phases"
        raise InvalidInput(missing[0].code, missing[0].sentence, field=field)


def _free_slug(wanted: str) -> str:
    """``wanted``, or with a number behind it when it is taken. "new" is the address of the form.

    Locks the giving of addresses until the transaction ends: of two of one title at once both get one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('consultations.slug', 0))")
    base = wanted[:70].strip("-") or "consulta"
    taken = {"new", *Consultation.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    return next(slug for n in range(1, len(taken) + 3) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _check_phases(phases: Sequence[PhaseDates]) -> None:
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
    names = {"earlier": Phase.Kind(earlier.kind).label, "later": Phase.Kind(later.kind).label}
    if earlier.ends_at is None:
        return gettext("“%(earlier)s” has no end, so “%(later)s” cannot start after it. Give it an end.") % names
    return gettext("“%(later)s” starts before “%(earlier)s” ends. One must end before the next starts.") % names


def _write_phases(consultation: Consultation, phases: Sequence[PhaseDates]) -> None:
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


def _write_budget(consultation: Consultation, budget_cents: int | None, currency: str) -> None:
    if budget_cents is None:
        return
    old = Budget.objects.filter(consultation=consultation).first()
    if (old.amount_cents, old.currency) == (budget_cents, currency) if old else budget_cents == 0:
        return
    polls = consultation.polls.all()
    if polls.filter(ballots__isnull=False).exists():
        raise Conflict(BUDGET_BEGUN_BALLOTS)
    if budget_cents == 0 and polls.filter(method="greedy").exists():
        raise Conflict(BUDGET_WITH_POLL)
    Budget.objects.filter(consultation=consultation).delete()
    if budget_cents:
        Budget.objects.create(consultation=consultation, amount_cents=budget_cents, currency=currency)
