"""The step of dates: either "starts on" and lengths in days, or exact dates and times of each phase."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.forms import MomentField, to_the_minute
from consultations.models import Consultation, Phase
from consultations.opening.forms import StepForm
from consultations.opening.phases import PHASE_BEGUN_BALLOTS, PhaseDates, endless_sentence, fixed_phases
from consultations.opening.recipes import Plan, default_start, phases_from
from consultations.opening.steps import has_money
from consultations.sentences import dates_of
from frontend.formats import place_of_the_clock

PHASE_HINTS: dict[str, Text] = {
    Phase.Kind.INFORMATION: _("People read. Nothing can be sent in yet."),
    Phase.Kind.PROPOSALS: _("People make proposals, and comment."),
    Phase.Kind.SUPPORT: _(
        "People support proposals, and comment. You may say how many supports send one on to review."
    ),
    Phase.Kind.DISCUSSION: _("People comment."),
    Phase.Kind.REVIEW: _("Your offices check what can be done. People comment."),
    Phase.Kind.COSTING: _("The costs are published before the vote. People comment."),
    Phase.Kind.VOTING: _("People vote, and comment. You set up the vote itself on a page of its own."),
    Phase.Kind.RESULTS: _("The results are there to read. Nothing can be sent in any more."),
    Phase.Kind.FOLLOW_UP: _("You tell what became of it, and people comment."),
}
PLAN, EXACT = "plan", "exact"
LONGEST_DAYS = 3_650


# In the reader's language, not in that of the start.
starts = lazy(lambda kind: gettext("%(phase)s: start") % {"phase": kind.label}, str)
ends = lazy(lambda kind: gettext("%(phase)s: end") % {"phase": kind.label}, str)
days_of = lazy(lambda kind: gettext("%(phase)s: days") % {"phase": kind.label}, str)


@dataclass(frozen=True)
class PhaseRow:
    """One phase in the form. ``dates``: what is stored of it now, in words."""

    title: Text
    hint: Text
    dates: str
    is_there: forms.BoundField | None = None
    days: forms.BoundField | None = None
    starts_at: forms.BoundField | None = None
    ends_at: forms.BoundField | None = None


def plan_of(phases: list[Phase]) -> dict[str, int | None] | None:
    """The phases as lengths in days; None if they are no such plan: with gaps, in another order, or ending at an hour
    of their own."""
    order = list(Phase.Kind.values)
    if [phase.kind for phase in phases] != sorted((phase.kind for phase in phases), key=order.index):
        return None
    if any(earlier.ends_at != later.starts_at for earlier, later in pairwise(phases)):
        return None
    plan: dict[str, int | None] = {}
    for phase in phases:
        if phase.ends_at is None:
            plan[phase.kind] = None
            continue
        length = _by_the_clock(phase.ends_at) - _by_the_clock(phase.starts_at)
        if length % timedelta(days=1) or phase.starts_at.second or phase.starts_at.microsecond:
            return None
        plan[phase.kind] = length.days
    return plan


def kinds_for(consultation: Consultation, phases: list[Phase]) -> list[Phase.Kind]:
    """Those that the form asks about: the ones of budgets only where there is money to allocate, or one is there."""
    there = {phase.kind for phase in phases}
    return [kind for kind in Phase.Kind if kind in there or kind not in Phase.OF_BUDGETS or has_money(consultation)]


def _by_the_clock(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


class WhenForm(StepForm):
    """The phases. ``mode`` says how they are typed: as a plan, while nothing is published, or exactly."""

    step = "when"
    mode = forms.ChoiceField(choices=[(PLAN, PLAN), (EXACT, EXACT)], widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, consultation: Consultation, now: datetime, mode: str = ""):
        phases = list(consultation.phases.all())
        self.now = now
        self.plan = plan_of(phases)
        self.may_plan = self.plan is not None and not consultation.is_published
        asked = data.get("mode", "") if data is not None else mode
        self.is_exact = asked == EXACT or (asked != PLAN and not self.may_plan) or consultation.is_published
        self.kinds = kinds_for(consultation, phases)
        self.dates_stored = {phase.kind: dates_of(phase) for phase in phases}
        super().__init__(data, consultation=consultation)

    def build(self) -> None:
        self.initial["mode"] = EXACT if self.is_exact else PLAN
        if self.is_exact:
            self._build_exact()
        else:
            self._build_plan()

    def _build_plan(self) -> None:
        self.fields["starts_on"] = MomentField(
            label=_("It starts"), help_text=_("Day and hour of the first phase. The others follow one another.")
        )
        for kind in self.kinds:
            self.fields[f"{kind}_is_there"] = forms.BooleanField(label=kind.label, required=False)
            days = forms.IntegerField(label=days_of(kind), required=False, min_value=1, max_value=LONGEST_DAYS)
            days.is_optional = False  # type: ignore[attr-defined]  # the page says what empty means
            self.fields[f"{kind}_days"] = days

    def _build_exact(self) -> None:
        fixed = fixed_phases(self.consultation) if self.consultation.is_published else set()
        for kind in self.kinds:
            self.fields[f"{kind}_starts_at"] = MomentField(label=starts(kind))
            self.fields[f"{kind}_ends_at"] = MomentField(label=ends(kind))
            if kind in fixed:
                self.fix(f"{kind}_starts_at", PHASE_BEGUN_BALLOTS)
                self.fix(f"{kind}_ends_at", PHASE_BEGUN_BALLOTS)

        if self.consultation.is_published:
            self.fields["reason"] = forms.CharField(
                label=_("Why the dates change"),
                required=False,
                max_length=300,
                help_text=_(
                    "Everybody reads it beside the new dates. Needed only if you change one that is published."
                ),
            )

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        phases = list(consultation.phases.all())
        if self.is_exact:
            return {f"{phase.kind}_starts_at": phase.starts_at for phase in phases} | {
                f"{phase.kind}_ends_at": phase.ends_at for phase in phases
            }
        plan = plan_of(phases) or {}
        start = phases[0].starts_at if phases else default_start(self.now)
        ticks = {f"{kind}_is_there": True for kind in plan}
        return ticks | {f"{kind}_days": days for kind, days in plan.items()} | {"starts_on": start}

    def phase_rows(self) -> Iterator[PhaseRow]:
        names = ("starts_at", "ends_at") if self.is_exact else ("is_there", "days")
        for kind in self.kinds:
            fields = {name: self[f"{kind}_{name}"] for name in names}
            yield PhaseRow(kind.label, PHASE_HINTS[kind], self.dates_stored.get(kind, ""), **fields)

    @property
    def clock_place(self) -> str:
        """Whose times the dates are: those of the site."""
        return place_of_the_clock()

    def clean(self) -> dict[str, Any]:
        if self.is_exact:
            self._clean_exact()
        else:
            self._clean_plan()
        return self.cleaned_data

    def _clean_exact(self) -> None:
        for kind in self.kinds:
            start, end = f"{kind}_starts_at", f"{kind}_ends_at"
            if self.cleaned_data.get(end) and start not in self.errors and not self.cleaned_data.get(start):
                self.add_error(start, _("Say when it starts, or leave the end empty too."))

    def _clean_plan(self) -> None:
        there = self._kinds_there()
        if there and not self.cleaned_data.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Say when it starts."))
        for earlier, later in pairwise(there):
            if self.cleaned_data.get(f"{earlier}_days") is None and f"{earlier}_days" not in self.errors:
                self.add_error(f"{earlier}_days", endless_sentence(earlier, later))
        if not self.errors and there and self._plan_is_too_long():
            self.add_error("starts_on", ValidationError(_("Choose a year between 2000 and 2099.")))

    def _plan_is_too_long(self) -> bool:
        return any(
            moment.year > 2099 for dates in self.phases() for moment in (dates.starts_at, dates.ends_at) if moment
        )

    def _kinds_there(self) -> list[Phase.Kind]:
        return [kind for kind in self.kinds if self.cleaned_data.get(f"{kind}_is_there")]

    def phases(self) -> list[PhaseDates]:
        """What was typed, as the use case takes it."""
        if not self.is_exact:
            plan: Plan = [(kind.value, self.cleaned_data[f"{kind}_days"]) for kind in self._kinds_there()]
            start = self._moment("starts_on")
            return phases_from(plan, start) if plan and start else []
        dates = [(kind, self._moment(f"{kind}_starts_at"), self._moment(f"{kind}_ends_at")) for kind in self.kinds]
        return [PhaseDates(kind.value, starts_at, ends_at) for kind, starts_at, ends_at in dates if starts_at]

    def arguments(self) -> dict[str, Any]:
        return {"phases": self.phases(), "reason": self.cleaned_data.get("reason", "")}

    def _moment(self, name: str) -> datetime | None:
        """What was typed; where it is what the form showed, the stored moment, whose seconds a form does not show."""
        typed, stored = self.cleaned_data[name], self.initial.get(name)
        return stored if stored and typed == to_the_minute(stored) else typed
