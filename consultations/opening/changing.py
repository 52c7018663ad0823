"""Changing a draft, or what is published already; and noticing that somebody else did meanwhile."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import Agency
from accounts.refusals import Conflict, Reason
from consultations.budgets.districts import DistrictGiven, record_districts, write_money
from consultations.locks import hold_off_ballots
from consultations.models import Budget, Consultation, Phase
from consultations.opening.asked import FieldGiven, QuestionGiven, write_custom_fields, write_questions
from consultations.opening.phases import PhaseDates, check_phases, write_phases
from consultations.opening.readiness import check_ready
from consultations.permissions import grant_consultation
from consultations.running.dates import change_of, check_reason, record_changes
from consultations.running.telling import tell_new_dates

ELIGIBILITY_VOTED = Reason("eligibility_voted", _("People have voted, so who sees it and who may take part is fixed."))
CHANGED_MEANWHILE = Reason(
    "changed_meanwhile",
    _(
        "This consultation was changed while you were writing, by somebody else or in another window. Nothing is saved "
        "yet: look at what it says now, then save again."
    ),
)


def change_consultation(
    *,
    consultation: Consultation,
    actor: Person,
    shared_with: Iterable[Agency] | None = None,
    phases: Sequence[PhaseDates] | None = None,
    questions: Sequence[QuestionGiven] | None = None,
    custom_fields: Sequence[FieldGiven] | None = None,
    budget_cents: int | None = None,
    currency: str = "ARS",
    districts: Sequence[DistrictGiven] | None = None,
    district_rule: str = Budget.DistrictRule.CHOSEN,
    reason: str = "",
    known_version: str | None = None,
    **fields: Any,
) -> Consultation:
    """Change a consultation's text, audience and phases; None leaves them. ``fields``: title, summary, body, …

    budget_cents: 0 takes the budget away; of one that has districts it is their sum. reason: why published dates
    change, which everybody reads beside the new ones. known_version: what ``version_of`` said when the editor began to
    write.
    Raises NotPermitted; InvalidInput for phases that overlap, for taking from a published one what it needs, or for
    new dates without a reason;
    Conflict for what may not change any more, or when it has changed since ``known_version``.
    """
    require(actor, "consultations.change_consultation", consultation)
    if phases is not None:
        check_phases(phases)
    with transaction.atomic():
        locked = _locked(consultation, known_version)
        _require_same_voters(locked, fields, shared_with)
        old = _write_fields(consultation, locked, fields)
        dates_before = list(locked.phases.all()) if locked.is_published and phases is not None else []
        _write_rows(consultation, shared_with, phases, questions, custom_fields)
        money = write_money(consultation, budget_cents, currency, districts, district_rule)
        if locked.is_published:
            check_ready(Consultation.objects.get(pk=consultation.pk))
            _record_new_dates(consultation, dates_before, phases or (), reason, actor)
        grant_consultation(consultation)
        audit.record(
            "consultations.consultation_changed",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            old=old,
            new={name: fields[name] for name in old},
            phases=[[p.kind, str(p.starts_at), str(p.ends_at)] for p in phases or ()],
            questions=[row.text for row in questions or ()],
            custom_fields=[row.label for row in custom_fields or ()],
        )
        if money:
            record_districts(consultation, money, actor)
    return consultation


def _locked(consultation: Consultation, known_version: str | None) -> Consultation:
    """The row as stored, while nobody votes. Raises Conflict where it has changed since ``known_version``."""
    hold_off_ballots(consultation)
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if known_version is not None and version_of(locked, part_of(known_version)) != known_version:
        raise Conflict(CHANGED_MEANWHILE)
    return locked


def _require_same_voters(locked: Consultation, fields: dict[str, Any], shared_with: Iterable[Agency] | None) -> None:
    """Raise Conflict where who votes, or who may look at how it went, would become others after a vote was cast."""
    fixed = fixed_by_votes(locked)
    changed = {name for name in fixed & fields.keys() if getattr(locked, name) != fields[name]}
    if shared_with is not None and "shared_with" in fixed:
        changed |= {"shared_with"} if set(shared_with) != set(locked.shared_with.all()) else set()
    if changed:
        raise Conflict(ELIGIBILITY_VOTED)


def _write_fields(consultation: Consultation, locked: Consultation, fields: dict[str, Any]) -> dict[str, Any]:
    """Save what the consultation's own row holds. Returns what differed: name -> old value."""
    old = {name: getattr(locked, name) for name in fields if getattr(locked, name) != fields[name]}
    for name, value in fields.items():
        setattr(consultation, name, value)
    consultation.save(update_fields=list(fields))
    return old


def _write_rows(
    consultation: Consultation,
    shared_with: Iterable[Agency] | None,
    phases: Sequence[PhaseDates] | None,
    questions: Sequence[QuestionGiven] | None,
    custom_fields: Sequence[FieldGiven] | None,
) -> None:
    """Save what has rows of its own; None leaves it."""
    if shared_with is not None:
        consultation.shared_with.set(shared_with)
    if phases is not None:
        write_phases(consultation, phases)
    if questions is not None:
        write_questions(consultation, questions)
    if custom_fields is not None:
        write_custom_fields(consultation, custom_fields)


def _record_new_dates(
    consultation: Consultation, before: Sequence[Phase], phases: Sequence[PhaseDates], reason: str, actor: Person
) -> None:
    """People plan by published dates: none changes without a record that they can read. A phase added is no change."""
    new = {phase.kind: phase for phase in phases}
    changes = []
    for phase in before:
        dates = new.get(phase.kind)
        starts_at, ends_at = (dates.starts_at, dates.ends_at) if dates else (None, None)
        if (starts_at, ends_at) != (phase.starts_at, phase.ends_at):
            changes.append(change_of(phase, starts_at, ends_at, reason, actor))
    if changes:
        check_reason(reason)
        record_changes(consultation, changes, "consultations.dates_changed", actor)
        tell_new_dates(consultation, changes, actor)


def is_voted_on(consultation: Consultation) -> bool:
    """Whether somebody has voted in it, so that the rules of the vote stay as they are."""
    return consultation.polls.filter(ballots__isnull=False).exists()


def fixed_by_votes(consultation: Consultation) -> set[str]:
    """Of who sees it and who takes part, what stays as it is: people voted, or decided not to, knowing it.

    Who does not see a consultation does not vote in it. Once its votes are closed, more people may be let in to read.
    """
    if not is_voted_on(consultation):
        return set()
    if consultation.polls.filter(ballots__isnull=False, closed_at__isnull=True).exists():
        return {"eligibility", "visibility", "shared_with"}
    return {"eligibility"} if consultation.is_private else {"eligibility", "visibility"}


# The parts that are edited apart from one another: two editors on different parts are not in each other's way.
_PARTS: dict[str, tuple[str, ...]] = {
    "what": ("title", "summary", "body"),
    "taking-part": ("categories", "receives_supports", "is_cause", "pre_moderates", "questions", "custom_fields"),
    "who": ("visibility", "eligibility", "is_unlisted", "shared_with"),
    "when": ("phases",),
    "money": ("budget", "districts"),
}


def version_of(consultation: Consultation, part: str = "") -> str:
    """A fingerprint of what an editor can change: of one part, or of all. ``part``: a step's name.

    Reads the database, not what ``consultation`` remembers.
    """
    stored = Consultation.objects.select_related("budget").get(pk=consultation.pk)
    names = _PARTS.get(part) or tuple(name for names in _PARTS.values() for name in names)
    state = [_state_of(stored, name) for name in names]
    return f"{part}:{hashlib.sha256(json.dumps(state).encode()).hexdigest()}"


def part_of(version: str) -> str:
    return version.partition(":")[0]


def _state_of(stored: Consultation, name: str) -> Any:
    if name == "shared_with":
        return sorted(stored.shared_with.values_list("pk", flat=True))
    if name == "phases":
        return [[phase.kind, str(phase.starts_at), str(phase.ends_at)] for phase in stored.phases.all()]
    if name == "questions":
        return [[row.pk, row.text, row.details] for row in stored.questions.all()]
    if name == "custom_fields":
        rows = stored.custom_fields.all()
        return [[r.pk, r.label, r.kind, r.help_text, r.choices, r.is_required, r.is_retired] for r in rows]
    if name == "budget":
        budget = getattr(stored, "budget", None)
        return [budget.amount_cents, budget.currency, budget.district_rule] if budget else []
    if name == "districts":
        there = stored.districts.all()
        return [[d.name, d.amount_cents, d.population, d.is_for_all, d.support_threshold, d.boundary] for d in there]
    return getattr(stored, name)
