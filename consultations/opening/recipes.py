"""Recipes: what a new consultation begins with. All of them stand here, as data; nothing else knows one by name.

A recipe only fills in. Whatever it says can be changed in the steps, except what its checklist asks for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.models import Consultation, CustomField, Phase
from consultations.opening.asked import FieldGiven, QuestionGiven
from consultations.opening.phases import PhaseDates

# Begins a line that is a note to the official. Nothing is published while one is left.
GUIDANCE = "✎"
OPENS_AT = time(9)
DAYS_AHEAD = 3  # at the least, so that nobody publishes in a hurry because a field was filled in

# Kinds of phase with their length in days; None: without an end, which only the last one can be.
Plan = Sequence[tuple[str, int | None]]


@dataclass(frozen=True)
class Recipe:
    """A way to consult. ``title_hint`` and ``summary_hint`` are examples; ``body`` is a skeleton, in paragraphs."""

    code: str
    icon: str
    name: Text
    when: Text  # to use it
    title_hint: Text
    summary_hint: Text
    body: tuple[Text, ...]
    plan: Plan
    questions: tuple[Text, ...] = ()
    categories: tuple[Text, ...] = ()
    custom_fields: tuple[tuple[Text, Text], ...] = ()  # label and help; each answered with text
    visibility: str = Consultation.Visibility.PUBLIC
    eligibility: str = Consultation.Eligibility.REGISTERED
    needs_questions: bool = False
    needs_text: bool = False  # a document of which a version is published
    has_money: bool = False

    @property
    def phase_names(self) -> list[str]:
        """For its card: the names of its phases, in order."""
        return [str(Phase.Kind(kind).label) for kind, _days in self.plan]

    def text(self) -> str:
        """The skeleton in the reader's language, as the draft stores it."""
        return "\n\n".join(str(paragraph) for paragraph in self.body)

    def contents(self, starts_at: datetime) -> dict[str, Any]:
        """What ``create_consultation`` takes besides title, summary and text."""
        fields = [
            FieldGiven(str(label), CustomField.Kind.TEXT, str(hint), (), True) for label, hint in self.custom_fields
        ]
        return {
            "recipe": self.code,
            "visibility": self.visibility,
            "eligibility": self.eligibility,
            "categories": [str(category) for category in self.categories],
            "questions": [QuestionGiven(str(question)) for question in self.questions],
            "custom_fields": fields,
            "phases": phases_from(self.plan, starts_at),
        }


def default_start(now: datetime) -> datetime:
    """The first Monday morning that leaves some days to prepare, by the site's clock."""
    day = timezone.localdate(now) + timedelta(days=DAYS_AHEAD)
    day += timedelta(days=-day.weekday() % 7)
    return timezone.make_aware(datetime.combine(day, OPENS_AT))


def phases_from(plan: Plan, starts_at: datetime) -> list[PhaseDates]:
    """The phases one after the other. Days are those of the calendar: the hour stays, whatever clocks are changed."""
    return list(_phases_from(plan, timezone.localtime(starts_at).replace(tzinfo=None)))


def _phases_from(plan: Plan, start: datetime) -> Iterator[PhaseDates]:
    for kind, days in plan:
        end = None if days is None else start + timedelta(days=days)
        yield PhaseDates(kind, timezone.make_aware(start), end and timezone.make_aware(end))
        if end is None:
            return
        start = end


def recipe_of(consultation: Consultation) -> Recipe | None:
    """The one that it was made from, unless it was made by hand or by one that is no more."""
    return RECIPES.get(consultation.recipe)


_WHY = (_("## Why now"), _("✎ Say what happened, and what happens if nothing is done. Figures and links help."))
_THEN = (
    _("## What we will do with what you say"),
    _("✎ Say who reads it, by when you answer, and what can still change. Promise only what you will keep."),
)
_KINDS = Phase.Kind

RECIPES: dict[str, Recipe] = {
    recipe.code: recipe
    for recipe in (
        Recipe(
            code="questions",
            icon="speech",
            name=_("Public consultation on questions"),
            when=_("When you have something to decide and want to hear people on a few clear questions."),
            title_hint=_("For example: “What should the new bus lines be like?”"),
            summary_hint=_("For example: “Next year 12 lines change. Tell us what works today and what does not.”"),
            body=(
                _("## What is to be decided"),
                _("✎ Say in two sentences what you will decide, and who decides."),
                *_WHY,
                *_THEN,
            ),
            plan=((_KINDS.DISCUSSION, 28), (_KINDS.RESULTS, 14), (_KINDS.FOLLOW_UP, None)),
            questions=(
                _("What works well today and should stay?"),
                _("What would you change, and how?"),
                _("Who could be left out, and what would help them?"),
            ),
            needs_questions=True,
        ),
        Recipe(
            code="proposals",
            icon="plus",
            name=_("Call for proposals"),
            when=_("When you look for ideas: people write proposals, support and discuss those of others."),
            title_hint=_("For example: “Ideas for the old railway yard”"),
            summary_hint=_("For example: “Six hectares in the middle of the town. What should be there?”"),
            body=(
                _("## What we are looking for"),
                _("✎ Say for what you want ideas, and what kind of idea you can take up."),
                _("## What cannot be"),
                _("✎ Say what lies outside your power or your money, so that nobody writes in vain."),
                *_THEN,
            ),
            plan=(
                (_KINDS.INFORMATION, 7),
                (_KINDS.PROPOSALS, 28),
                (_KINDS.DISCUSSION, 14),
                (_KINDS.RESULTS, 14),
                (_KINDS.FOLLOW_UP, None),
            ),
            categories=(_("Public space"), _("Transport"), _("Environment"), _("Culture and sport"), _("Other")),
            custom_fields=(
                (_("Which problem would it solve?"), _("In one or two sentences: whom it touches, and where.")),
            ),
        ),
        Recipe(
            code="draft_text",
            icon="pencil",
            name=_("Draft text"),
            when=_(
                "You have a draft of a rule or a plan: people read it article by article and annotate its sentences."
            ),
            title_hint=_("For example: “Draft of the bylaw on street trees”"),
            summary_hint=_(
                "For example: “Read the draft, and tell us what you would put differently before it is passed.”"
            ),
            body=(
                _("## What this text is for"),
                _("✎ Say in two sentences what changes with it, and for whom."),
                _("## How to read it"),
                _("✎ Say which parts matter most to you, and what is settled already. The text has its own page."),
                *_THEN,
            ),
            plan=((_KINDS.INFORMATION, 7), (_KINDS.DISCUSSION, 28), (_KINDS.RESULTS, 14), (_KINDS.FOLLOW_UP, None)),
            questions=(_("Is something missing in the text?"),),
            needs_text=True,
        ),
        Recipe(
            code="budget",
            icon="seal",
            name=_("Participatory budget"),
            when=_("When people decide how to spend an amount: they propose projects, you check them, they vote."),
            title_hint=_("For example: “Participatory budget 2027: Villa Serena decides”"),
            summary_hint=_("For example: “$ 50,000,000 for the neighbourhoods. Propose, and vote what is built.”"),
            body=(
                _("## What the money is for"),
                _("✎ Say what can be paid with it, and what cannot."),
                _("## How it goes"),
                _("✎ Say how you check proposals, who sets their cost, and when the winning ones are built."),
                *_THEN,
            ),
            plan=(
                (_KINDS.INFORMATION, 7),
                (_KINDS.PROPOSALS, 28),
                (_KINDS.SUPPORT, 21),
                (_KINDS.REVIEW, 28),
                (_KINDS.COSTING, 14),
                (_KINDS.VOTING, 14),
                (_KINDS.RESULTS, 14),
                (_KINDS.FOLLOW_UP, None),
            ),
            categories=(_("Public space"), _("Transport"), _("Environment"), _("Culture and sport"), _("Other")),
            custom_fields=((_("Who would gain from it?"), _("Roughly how many people, and where they live.")),),
            has_money=True,
        ),
        Recipe(
            code="options",
            icon="check",
            name=_("Survey of options"),
            when=_("When the options are known and you want to learn which one people prefer, in a vote."),
            title_hint=_("For example: “Which design for the square?”"),
            summary_hint=_("For example: “Three designs won the contest. Choose the one that is built.”"),
            body=(
                _("## The options"),
                _("✎ Describe each option in the same length and tone: what it is, what it costs, what it gives up."),
                *_WHY,
                *_THEN,
            ),
            plan=((_KINDS.INFORMATION, 7), (_KINDS.VOTING, 14), (_KINDS.RESULTS, 14), (_KINDS.FOLLOW_UP, None)),
        ),
        Recipe(
            code="internal",
            icon="lock",
            name=_("Internal consultation of a community"),
            when=_("When officials of several agencies work something out among themselves before the public sees it."),
            title_hint=_("For example: “Shared form for complaints: second round”"),
            summary_hint=_(
                "For example: “Five agencies agree on one form. Read it and say what yours cannot live with.”"
            ),
            body=(
                _("## What we have to agree on"),
                _("✎ Say in two sentences what has to be settled, and by when."),
                _("## Where we stand"),
                _("✎ Put what is agreed already, and what is not."),
            ),
            plan=((_KINDS.DISCUSSION, 14), (_KINDS.FOLLOW_UP, None)),
            questions=(_("What can your agency not live with?"), _("What would make it better?")),
            visibility=Consultation.Visibility.PRIVATE,
            eligibility=Consultation.Eligibility.INVITED,
            needs_questions=True,
        ),
    )
}
