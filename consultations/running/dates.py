"""Extending a phase. Every change of a published date is recorded, and shown to everybody with its reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.locks import hold_off_ballots
from consultations.models import Consultation, DateChange, Phase
from consultations.running.telling import tell_new_dates
from frontend.formats import when

NOT_PUBLISHED = Reason(
    "not_published", _("This is a draft: change its dates in its form. Nobody has planned by them yet.")
)
NO_END = Reason("no_end", _("This phase has no end, so there is nothing to extend."))
HAS_BALLOTS = Reason(
    "voting_begun",
    _(
        "People have voted in this phase, and they voted knowing until when. Its dates can only be changed by a public "
        "amendment of the vote itself, on the vote's page."
    ),
)
NO_REASON = _("Say why. Everybody reads it beside the new date.")


def extend_phase(
    *, consultation: Consultation, kind: str, ends_at: datetime, reason: str, move_later: bool = False, actor: Person
) -> list[DateChange]:
    """Let a phase end later; ``move_later``: the phases after it go along by the same time, where they must.

    A phase that is over may be opened again so. Returns what was recorded, the phase itself first.
    Raises NotPermitted; InvalidInput for a time that is past, no later than now planned, or that would run into the
    next phase; Conflict for a draft, a phase without an end, or one in which people have voted.
    """
    require(actor, "consultations.publish_consultation", consultation)
    check_reason(reason)
    with transaction.atomic():
        phases = locked_phases(consultation)
        phase = next((phase for phase in phases if phase.kind == kind), None)
        if phase is None:
            raise InvalidInput("no_such_phase", _("Choose one of its phases."), field="kind")
        if phase.ends_at is None:
            raise Conflict(NO_END)
        _check_later(phase, phase.ends_at, ends_at)
        check_no_ballots(phase)
        step = ends_at - phase.ends_at
        following = [later for later in phases if later.starts_at >= phase.ends_at]
        if following and following[0].starts_at < ends_at and not move_later:
            raise InvalidInput("runs_into_next", _runs_into(following[0]), field="move_later")
        changes = [_moved(phase, phase.starts_at, ends_at, reason, actor)]
        # Each only as far as it is pushed: where there was room between two phases, the rest stays as it was announced.
        free_from = ends_at
        for later in following:
            if later.starts_at >= free_from:
                break
            check_no_ballots(later)
            end = later.ends_at + step if later.ends_at else None
            changes.append(_moved(later, later.starts_at + step, end, reason, actor))
            if end is None:
                break
            free_from = end
        record_changes(consultation, changes, "consultations.phase_extended", actor)
        tell_new_dates(consultation, changes, actor)
    return changes


def locked_phases(consultation: Consultation) -> Sequence[Phase]:
    """The phases of a published consultation, locked: nobody votes, and no poll closes by the old dates, meanwhile."""
    hold_off_ballots(consultation)
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if not locked.is_published:
        raise Conflict(NOT_PUBLISHED, page=consultation.get_absolute_url())
    return list(Phase.objects.filter(consultation=consultation).select_for_update(no_key=True))


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("no_reason", NO_REASON, field="reason")


def check_no_ballots(phase: Phase) -> None:
    """Raise Conflict where people have voted in a phase, or a poll in it is closed."""
    polls = phase.polls.all()
    if polls.filter(ballots__isnull=False).exists() or polls.filter(closed_at__isnull=False).exists():
        raise Conflict(HAS_BALLOTS, page=phase.consultation.get_absolute_url())


def change_of(
    phase: Phase, starts_at: datetime | None, ends_at: datetime | None, reason: str, actor: Person
) -> DateChange:
    """The record of new dates; both None where the phase is taken out. Not saved yet."""
    return DateChange(
        consultation_id=phase.consultation_id,
        phase_kind=phase.kind,
        old_starts_at=phase.starts_at,
        old_ends_at=phase.ends_at,
        new_starts_at=starts_at,
        new_ends_at=ends_at,
        reason=reason.strip(),
        changed_by=actor if isinstance(actor, User) else None,
    )


def record_changes(consultation: Consultation, changes: Sequence[DateChange], event: str, actor: Person) -> None:
    DateChange.objects.bulk_create(changes)
    audit.record(
        event,
        actor=actor,
        on=consultation,
        consultation_id=consultation.pk,
        reason=changes[0].reason if changes else "",
        phases=[_in_words_for_programs(change) for change in changes],
    )


def _in_words_for_programs(change: DateChange) -> dict[str, str | None]:
    """JSON of a change: times in ISO 8601."""

    def iso(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "kind": change.phase_kind,
        "old_starts_at": iso(change.old_starts_at),
        "old_ends_at": iso(change.old_ends_at),
        "new_starts_at": iso(change.new_starts_at),
        "new_ends_at": iso(change.new_ends_at),
    }


def _moved(phase: Phase, starts_at: datetime, ends_at: datetime | None, reason: str, actor: Person) -> DateChange:
    change = change_of(phase, starts_at, ends_at, reason, actor)
    phase.starts_at, phase.ends_at = starts_at, ends_at
    phase.save(update_fields=["starts_at", "ends_at"])
    return change


def _check_later(phase: Phase, old: datetime, new: datetime) -> None:
    now = database_now()
    if new <= now:
        raise InvalidInput("end_is_past", _("Choose a time that is still to come."), field="ends_at")
    if new <= old:
        if phase.starts_at > now:
            sentence = gettext("It ends %(when)s. Choose a later time; an earlier one you give it where its dates are.")
        else:
            sentence = gettext("It ends %(when)s. Choose a later time; to end it early, close the consultation.")
        raise InvalidInput("end_not_later", sentence % {"when": when(old)}, field="ends_at")


def _runs_into(following: Phase) -> str:
    return gettext(
        "“%(phase)s” starts %(when)s. Choose an earlier time, or let the later phases move along by as much."
    ) % {"phase": following, "when": when(following.starts_at)}
