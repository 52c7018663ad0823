"""Closing a consultation: early, with a public reason; and the agency's last words about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import State, database_now
from consultations.models import Consultation, DateChange, Phase
from consultations.running.dates import change_of, check_no_ballots, check_reason, locked_phases, record_changes
from consultations.running.telling import tell_closing_words, tell_early_close

CLOSED_ALREADY = Reason("closed_already", _("This consultation is closed already."))
NOT_OPEN = Reason(
    "not_open_yet", _("It has not opened yet. Take it out of the lists, or change its dates in its form.")
)
NOT_CLOSED = Reason("not_closed", _("The closing words come once the consultation is closed."))
VOTE_AHEAD = Reason(
    "vote_ahead",
    _("A vote is announced for a later phase. Remove that vote first, or let it be held: people count on it."),
)
SOMETHING = _("Write what came of it, or give the address of the report.")
WEB_ONLY = _("Give an address that begins with https:// or http://.")


def close_early(
    *, consultation: Consultation, actor: Person, reason: str, closing_words: str = "", report_url: str = ""
) -> list[DateChange]:
    """End now what is open, and take out what people would have taken part in later. Results and follow-up stay.

    Raises NotPermitted; InvalidInput without a reason; Conflict for one that is not open, where people have voted in
    the phase that is open, or where a vote is announced.
    """
    require(actor, "consultations.publish_consultation", consultation)
    check_reason(reason)
    with transaction.atomic():
        phases = locked_phases(consultation)
        now = database_now()
        state = Consultation.objects.get(pk=consultation.pk).state_at(now)
        if state != State.OPEN:
            raise Conflict(CLOSED_ALREADY if state == State.CLOSED else NOT_OPEN)
        changes: list[DateChange] = []
        for phase in phases:
            if not phase.takes_part or (phase.ends_at is not None and phase.ends_at <= now):
                continue
            changes.append(_ended(phase, now, reason, actor))
        record_changes(consultation, changes, "consultations.consultation_closed", actor)
        has_words = bool(closing_words.strip() or report_url)
        if has_words:
            _write_words(consultation, actor, closing_words, report_url)
        tell_early_close(consultation, changes, actor, has_words=has_words)
    return changes


def write_closing_words(
    *, consultation: Consultation, actor: Person, closing_words: str, report_url: str = ""
) -> Consultation:
    """What came of it, for everybody who opens the closed consultation. May be changed later; the old ones are audited.

    Raises NotPermitted, Conflict before the close, InvalidInput where there is nothing to say.
    """
    require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if locked.state_at(database_now()) != State.CLOSED:
            raise Conflict(NOT_CLOSED)
        if not closing_words.strip() and not report_url:
            raise InvalidInput("no_words", SOMETHING, field="closing_words")
        _write_words(consultation, actor, closing_words, report_url)
        tell_closing_words(consultation, actor)
    return consultation


def _ended(phase: Phase, now: datetime, reason: str, actor: Person) -> DateChange:
    """Ended now, where it has begun; else taken out."""
    if phase.starts_at >= now:
        if phase.polls.exists():
            raise Conflict(VOTE_AHEAD)
        change = change_of(phase, None, None, reason, actor)
        phase.delete()
        return change
    check_no_ballots(phase)
    change = change_of(phase, phase.starts_at, now, reason, actor)
    phase.ends_at = now
    phase.save(update_fields=["ends_at"])
    return change


def _write_words(consultation: Consultation, actor: Person, closing_words: str, report_url: str) -> None:
    if report_url and not report_url.startswith(("https://", "http://")):
        raise InvalidInput("not_a_web_address", WEB_ONLY, field="report_url")
    old = {"closing_words": consultation.closing_words, "report_url": consultation.report_url}
    consultation.closing_words, consultation.report_url = closing_words.strip(), report_url
    consultation.save(update_fields=["closing_words", "report_url"])
    audit.record(
        "consultations.closing_words_written",
        actor=actor,
        on=consultation,
        consultation_id=consultation.pk,
        old=old,
        new={"closing_words": consultation.closing_words, "report_url": consultation.report_url},
    )
