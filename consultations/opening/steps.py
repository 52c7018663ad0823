"""The steps in which an official opens a consultation, and which of them one consultation has."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.models import Consultation
from consultations.opening.readiness import STEP_OF, what_is_missing
from consultations.opening.recipes import recipe_of


@dataclass(frozen=True)
class Step:
    """``code`` is its address; ``explained`` says in one sentence what is decided in it."""

    code: str
    title: Text
    explained: Text


REVIEW = "review"
STEPS = (
    Step("what", _("What"), _("Write as you would speak to a neighbour: what is to be decided, and what for.")),
    Step("taking-part", _("Taking part"), _("What you ask, and what people can do besides reading.")),
    Step("who", _("Who"), _("Reading and taking part are two things: you decide on each.")),
    Step("when", _("When"), _("A consultation goes through phases, one after the other.")),
    Step("money", _("Money"), _("How much there is to allocate.")),
    Step(REVIEW, _("Look over"), _("Everything at a glance, before the public sees it.")),
)


@dataclass(frozen=True)
class StepShown:
    """A step in the row of steps. ``is_lacking``: something that publishing needs is missing in it."""

    number: int
    step: Step
    is_current: bool
    is_lacking: bool


def steps_of(consultation: Consultation | None) -> list[Step]:
    """All but money, unless there is some or its recipe needs it. None: one that does not exist yet."""
    return [step for step in STEPS if step.code != "money" or (consultation and has_money(consultation))]


def has_money(consultation: Consultation) -> bool:
    recipe = recipe_of(consultation)
    return bool(recipe and recipe.has_money) or hasattr(consultation, "budget")


def shown_steps(consultation: Consultation | None, current: str) -> list[StepShown]:
    """The row of steps for a page of ``current``."""
    steps = steps_of(consultation)
    if current == "money" and all(step.code != "money" for step in steps):  # about to get some
        steps.insert(-1, next(step for step in STEPS if step.code == "money"))
    lacking = {STEP_OF[reason.code] for reason in what_is_missing(consultation)} if consultation else set()
    return [
        StepShown(number, step, step.code == current, step.code in lacking)
        for number, step in enumerate(steps, start=1)
    ]


def step_after(consultation: Consultation, current: str) -> str:
    """The next one; after the last one that is filled in, the review."""
    codes = [shown.step.code for shown in shown_steps(consultation, current)]
    place = codes.index(current) + 1
    return codes[place] if place < len(codes) else REVIEW
