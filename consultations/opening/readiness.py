"""The checklist: what a draft must have before it can be published, and what would be wise."""

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput, Reason
from consultations.documents.presence import has_text
from consultations.models import Consultation, Phase
from consultations.opening.recipes import GUIDANCE, recipe_of

NO_BODY = Reason("no_body", _("Write the text that explains what is asked."))
GUIDANCE_LEFT = Reason(
    "guidance_left",
    format_lazy(_("Replace the lines of the text that begin with {mark}: they are notes for you."), mark=GUIDANCE),
)
NO_PHASES = Reason("no_phases", _("Add at least one phase with its dates."))
NO_TEXT = Reason("no_text", _("Bring in the text that people are to read, and publish its first version."))
NO_QUESTIONS = Reason("no_questions", _("Write at least one question for people to answer."))
NO_BUDGET = Reason("no_budget", _("Say how much money people decide about."))
NO_POLL = Reason("no_poll", _("The voting phase has no vote yet: set it up before it begins."))
ALL_OVER = Reason("all_over", _("All of its phases are over: nobody could take part."))
BEGUN = Reason("begun", _("Its first phase has begun by its dates: it opens as soon as you publish."))
NO_TAKING_PART = Reason("no_taking_part", _("In none of its phases can people propose, comment or vote."))

# By code, the step in which each is mended. "text" and "vote": in no step, but on pages of their own.
STEP_OF = {
    "no_body": "what",
    "guidance_left": "what",
    "no_phases": "when",
    "no_questions": "taking-part",
    "no_budget": "money",
    "no_text": "text",
    "no_poll": "vote",
    "all_over": "when",
    "begun": "when",
    "no_taking_part": "when",
}
# The field of that step, for a refusal in its form.
_FIELD_OF = {"what": "body", "when": "phases", "taking-part": "question_0_text", "money": "budget_cents"}


def what_is_missing(consultation: Consultation) -> list[Reason]:
    """What a draft still needs before it can be published; empty when it is ready."""
    recipe = recipe_of(consultation)
    missing = []
    if not consultation.body.strip():
        missing.append(NO_BODY)
    elif GUIDANCE in consultation.body:
        missing.append(GUIDANCE_LEFT)
    # Published ones of earlier days carry their text in the body.
    if recipe and recipe.needs_text and not consultation.is_published and not has_text(consultation):
        missing.append(NO_TEXT)
    if recipe and recipe.needs_questions and not consultation.questions.all():
        missing.append(NO_QUESTIONS)
    if not consultation.phases.all():
        missing.append(NO_PHASES)
    if recipe and recipe.has_money and not hasattr(consultation, "budget"):
        missing.append(NO_BUDGET)
    return missing


def what_is_advised(consultation: Consultation, now: datetime, *, has_polls: bool) -> list[Reason]:
    """What stands in nobody's way, and yet should be looked at before publishing."""
    phases = list(consultation.phases.all())
    advice = []
    if any(phase.kind == Phase.Kind.VOTING for phase in phases) and not has_polls:
        advice.append(NO_POLL)
    if phases and all(phase.ends_at is not None and phase.ends_at <= now for phase in phases):
        advice.append(ALL_OVER)
    elif phases and phases[0].starts_at <= now:
        advice.append(BEGUN)
    if phases and not any(phase.allows for phase in phases):
        advice.append(NO_TAKING_PART)
    return advice


def check_ready(consultation: Consultation) -> None:
    """Raise InvalidInput for the first thing that is missing."""
    for reason in what_is_missing(consultation)[:1]:
        raise InvalidInput(reason.code, reason.sentence, field=_FIELD_OF.get(STEP_OF[reason.code], ""))
