"""What the phase clock says, in words: the state of a consultation in one sentence, its phases as steps."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.clock import State, active_phase
from consultations.models import Consultation, Phase
from frontend.formats import ago, when

# %(ago)s: "in 3 days". %(when)s: "on Friday 27 November at 18:00, Buenos Aires time"; empty in a list.
CLOSES: dict[str, Text] = {
    Phase.Kind.INFORMATION: _("The presentation ends %(ago)s%(when)s."),
    Phase.Kind.PROPOSALS: _("The time for proposals ends %(ago)s%(when)s."),
    Phase.Kind.SUPPORT: _("The time to support proposals ends %(ago)s%(when)s."),
    Phase.Kind.DISCUSSION: _("Discussion closes %(ago)s%(when)s."),
    Phase.Kind.REVIEW: _("The review of the proposals ends %(ago)s%(when)s."),
    Phase.Kind.COSTING: _("The time to look at the costs and comment on them ends %(ago)s%(when)s."),
    Phase.Kind.VOTING: _("Voting closes %(ago)s%(when)s."),
}
OPEN_ENDED: dict[str, Text] = {
    Phase.Kind.INFORMATION: _("It is being presented, with no end date yet."),
    Phase.Kind.PROPOSALS: _("Proposals are welcome, with no closing date yet."),
    Phase.Kind.SUPPORT: _("Proposals can be supported, with no closing date yet."),
    Phase.Kind.DISCUSSION: _("Discussion is open, with no closing date yet."),
    Phase.Kind.REVIEW: _("The proposals are being reviewed, with no end date yet."),
    Phase.Kind.COSTING: _("The costs of the proposals are published, with no end date yet."),
    Phase.Kind.VOTING: _("Voting is open, with no closing date yet."),
}
BEGINS: dict[str, Text] = {
    Phase.Kind.INFORMATION: _("It opens %(ago)s%(when)s."),
    Phase.Kind.PROPOSALS: _("The time for proposals begins %(ago)s%(when)s."),
    Phase.Kind.SUPPORT: _("The time to support proposals begins %(ago)s%(when)s."),
    Phase.Kind.DISCUSSION: _("Discussion opens %(ago)s%(when)s."),
    Phase.Kind.REVIEW: _("The review of the proposals begins %(ago)s%(when)s."),
    Phase.Kind.COSTING: _("The costs of the proposals are published %(ago)s%(when)s."),
    Phase.Kind.VOTING: _("Voting opens %(ago)s%(when)s."),
    Phase.Kind.RESULTS: _("The results come %(ago)s%(when)s."),
    Phase.Kind.FOLLOW_UP: _("Follow-up begins %(ago)s%(when)s."),
}


def state_sentence(consultation: Consultation, now: datetime, *, short: bool = False) -> str:
    """Where it stands and until when: "Voting closes in 3 days, on Friday 27 November at 18:00, Buenos Aires time."

    ``short`` leaves the date out, for cards: the page has it.
    """
    state = consultation.state_at(now)
    if state == State.DRAFT:
        return gettext("Only those who prepare it see it.")
    phase = active_phase(consultation, now)
    if state == State.OPEN and phase is not None:
        if phase.ends_at is None:
            return str(OPEN_ENDED[phase.kind])
        return _said(CLOSES[phase.kind], phase.ends_at, now, short)
    if state == State.CLOSED:
        return _closed_sentence(consultation, now, short)
    return next_phase_sentence(consultation, now, short=short) or gettext("Its dates are not set yet.")


def next_phase_sentence(consultation: Consultation, now: datetime, *, short: bool = False) -> str:
    """What begins next, and when; empty where nothing does."""
    following = next((phase for phase in consultation.phases.all() if phase.starts_at > now), None)
    return _said(BEGINS[following.kind], following.starts_at, now, short) if following else ""


def steps(consultation: Consultation, now: datetime) -> list[dict[str, str]]:
    """The phases in order, as ``components/steps.html`` shows them."""
    return [_step(phase, now) for phase in consultation.phases.all()]


def dates_of(phase: Phase) -> str:
    """From when to when, for who plans it: "30 de noviembre, 9:00 – 7 de diciembre, 9:00"."""
    start = gettext("%(date)s, %(time)s") % _date_and_time(phase.starts_at)
    if phase.ends_at is None:
        return gettext("from %(start)s on, with no end") % {"start": start}
    return f"{start} – {gettext('%(date)s, %(time)s') % _date_and_time(phase.ends_at)}"


def _closed_sentence(consultation: Consultation, now: datetime, short: bool) -> str:
    ends = [phase.ends_at for phase in consultation.phases.all() if phase.takes_part and phase.ends_at]
    if not ends:
        return gettext("It is closed.")
    return _said(_("It closed %(ago)s%(when)s."), max(ends), now, short)


def _said(sentence: Text, moment: datetime, now: datetime, short: bool) -> str:
    return str(sentence) % {"ago": ago(moment, now), "when": "" if short else f", {when(moment)}"}


def _step(phase: Phase, now: datetime) -> dict[str, str]:
    step = {"title": phase.get_kind_display(), "when": "", "state": "next"}
    if phase.is_active_at(now):
        step["state"] = "current"
        if phase.ends_at is not None:
            step["when"] = gettext("until %(date)s, %(time)s") % _date_and_time(phase.ends_at)
    elif phase.ends_at is not None and phase.ends_at <= now:
        step["state"] = "done"
        step["when"] = gettext("until %(date)s") % _date_and_time(phase.ends_at)
    else:
        step["when"] = gettext("from %(date)s, %(time)s") % _date_and_time(phase.starts_at)
    return step


def _date_and_time(moment: datetime) -> dict[str, str]:
    local = timezone.localtime(moment)
    words = {"day": local.day, "month": date_format(local, "F"), "year": local.year}
    if local.year == timezone.localtime().year:
        date = gettext("%(day)s %(month)s") % words
    else:
        date = gettext("%(day)s %(month)s %(year)s") % words
    return {"date": date, "time": time_format(local, "G:i")}
