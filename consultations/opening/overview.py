"""A consultation at a glance, for who looks it over before publishing: each step in a few facts, and the checklist."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.models import Consultation, Phase
from consultations.opening.readiness import STEP_OF, what_is_advised, what_is_missing
from consultations.opening.steps import REVIEW, Step, steps_of
from consultations.sentences import dates_of
from frontend.formats import money, number, place_of_the_clock, when

VISIBILITIES: dict[str, Text] = {
    "public": _("Everyone reads it, without an account."),
    "private": _("Only members of its agencies read it."),
}
ELIGIBILITIES: dict[str, Text] = {
    "registered": _("Anyone with an account takes part."),
    "verified": _("Only people whose identity is verified take part."),
    "resident": _("Only people whose residence the agency has verified take part."),
    "invited": _("Only members of its agencies take part."),
}


@dataclass(frozen=True)
class Part:
    """One step: facts as lines; ``lists`` are titled lists of longer ones."""

    step: Step
    facts: list[str]
    lists: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """One line of the checklist. ``is_needed``: it cannot be published without. ``url``: where to mend it."""

    sentence: Text
    url: str
    is_needed: bool


def checks_of(consultation: Any, now: datetime) -> list[Check]:
    """What is missing, then what is advised. Takes what ``consultation_or_404`` gave."""
    advised = what_is_advised(consultation, now, has_polls=consultation.has_polls)
    if consultation.is_published:
        advised = [reason for reason in advised if reason.code == "no_poll"]  # the rest is past mending
    needed = what_is_missing(consultation)
    return [Check(reason.sentence, _mended_at(consultation, reason.code), True) for reason in needed] + [
        Check(reason.sentence, _mended_at(consultation, reason.code), False) for reason in advised
    ]


def what_publishing_does(consultation: Consultation, now: datetime) -> str:
    """Who sees it from when on, and when it opens: what the button does, before it is pressed."""
    who = (
        gettext("Its members see it from now on.")
        if consultation.is_private
        else gettext("Whoever has its address sees it from now on.")
        if consultation.is_unlisted
        else gettext("Everybody sees it from now on.")
    )
    first = next((phase for phase in consultation.phases.all() if phase.takes_part), None)
    if first is None or (first.ends_at and first.ends_at <= now):
        return who
    if first.starts_at <= now:
        return f"{who} {gettext('It opens at once.')}"
    return f"{who} {gettext('It opens %(start)s.') % {'start': when(first.starts_at)}}"


def _mended_at(consultation: Consultation, code: str) -> str:
    step = STEP_OF[code]
    if step == "text":
        return reverse("consultations:documents", args=[consultation.slug])
    if step == "vote":  # another room's page: the template has its address
        return ""
    return reverse("consultations:change-step", args=[consultation.slug, step])


def parts_of(consultation: Consultation) -> list[Part]:
    """Every step but this one, in order."""
    made = {"what": _what, "taking-part": _taking_part, "who": _who, "when": _when, "money": _money}
    return [made[step.code](step, consultation) for step in steps_of(consultation) if step.code != REVIEW]


def _what(step: Step, found: Consultation) -> Part:
    words = len(found.body.split())
    length = ngettext("A text of one word.", "A text of %(words)s words.", words) % {"words": number(words)}
    return Part(step, [found.title, found.summary, length if words else gettext("There is no text yet.")])


def _taking_part(step: Step, found: Consultation) -> Part:
    facts = []
    if found.is_cause:
        facts.append(gettext("People can support the consultation itself"))
    if found.receives_supports and any(phase.kind == Phase.Kind.PROPOSALS for phase in found.phases.all()):
        facts.append(gettext("People can support proposals"))
    if found.pre_moderates:
        facts.append(gettext("A moderator reads everything before others see it"))
    lists = [
        (gettext("Questions"), [row.text for row in found.questions.all()]),
        (gettext("Categories of proposals"), list(found.categories)),
        (gettext("Asked of every proposal"), [row.label for row in found.custom_fields.all() if not row.is_retired]),
    ]
    return Part(step, facts, [(title, rows) for title, rows in lists if rows])


def _who(step: Step, found: Consultation) -> Part:
    facts = [str(VISIBILITIES[found.visibility]), str(ELIGIBILITIES[found.eligibility])]
    if found.is_unlisted:
        facts.append(gettext("It is left out of lists and search."))
    invited = [agency.name for agency in found.shared_with.all()]
    return Part(step, facts, [(gettext("Agencies whose members are invited"), invited)] if invited else [])


def _when(step: Step, found: Consultation) -> Part:
    facts = [f"{phase}: {dates_of(phase)}" for phase in found.phases.all()]
    times = gettext("All times are those of %(place)s.") % {"place": place_of_the_clock()}
    return Part(step, [*facts, times] if facts else [gettext("It has no phases yet.")])


def _money(step: Step, found: Consultation) -> Part:
    budget = getattr(found, "budget", None)
    return Part(step, [money(budget.amount_cents, budget.currency) if budget else gettext("No amount yet.")])
