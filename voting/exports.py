"""What this room exports: polls, tallies and ballots. Counts and ballots only where the results gate lets them out."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Consultation
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.tables import Column, Extract, Table, Type, Withheld
from voting.ballots.closing import close_those_due
from voting.models import Ballot, Deviation, Option, PaperBatch, Poll
from voting.results.gate import Withheld as WithheldByGate
from voting.results.gate import ballots_withheld, count_withheld, under_embargo

Gate = Callable[[Poll, Person], WithheldByGate | None]


def _polls_of(consultation: Consultation) -> QuerySet[Poll]:
    return Poll.objects.filter(consultation=consultation).select_related("phase", "consultation").order_by("pk")


def _through(gate: Gate, consultation: Consultation, user: Person, rows: QuerySet[Any]) -> Extract:
    """Of ``rows``, which have a poll, those of the polls that the gate lets through."""
    polls = close_those_due(_polls_of(consultation))
    verdicts = [(poll, gate(poll, user)) for poll in polls]
    withheld = [Withheld(poll.pk, poll.question, held.reason, held.until) for poll, held in verdicts if held]
    allowed = [poll.pk for poll, held in verdicts if not held]
    return Extract(rows.filter(poll__in=allowed), withheld, is_empty_handed=bool(withheld) and not allowed)


# --- Polls

# The label of an option made of a proposal that is hidden meanwhile is hidden text too.
_LABEL = Case(When(proposal__hidden_at__isnull=False, then=Value("")), default=F("label"), output_field=CharField())


def _polls(consultation: Consultation, user: Person) -> Extract:
    return Extract(_polls_of(consultation))


def _once_told(column: str | Expression) -> Case:
    """What was decided; empty while its results are under embargo."""
    told = F(column) if isinstance(column, str) else column
    return Case(When(under_embargo(), then=None), default=told, output_field=JSONField())


_DEVIATIONS = Func(
    ArraySubquery(
        Deviation.objects.filter(poll=OuterRef("pk"))
        .order_by("pk")
        .values(json=JSONObject(option="option_id", kind="kind", reason="reason", decided_at="decided_at"))
    ),
    function="to_jsonb",
    output_field=JSONField(),
)


_OPTIONS = ArraySubquery(
    Option.objects.filter(poll=OuterRef("pk"))
    .order_by("position")
    .values(json=JSONObject(id="id", label=_LABEL, kind="kind", proposal="proposal_id", withdrawn_at="withdrawn_at"))
)

POLLS = Table(
    name="polls",
    title=_("Questions put to the vote"),
    description=_("Each question that was put to the vote, with its options, its dates and what was decided."),
    audience=WHOEVER_SEES_IT,
    extract=_polls,
    columns=[
        Column("id", Type.INTEGER, _("Number of the vote, as in its address.")),
        Column("question", Type.TEXT, _("What is asked.")),
        Column(
            "district",
            Type.TEXT,
            _("The district whose money it allocates; empty where it is all of the budget, or no money."),
            "district__name",
        ),
        Column(
            "method",
            Type.TEXT,
            _("How it is counted: the method's name, as for_against_abstain, irv or equal_shares."),
        ),
        Column("max_choices", Type.INTEGER, _("How many options may be chosen; empty if the method says it.")),
        Column(
            "rules", Type.JSON, _("What the vote says about its method beside that: seats, points, thresholds, forms.")
        ),
        Column("results_policy", Type.TEXT, _("When counts are shown: live, after_voting, after_close or embargo.")),
        Column(
            "options",
            Type.JSON,
            _(
                "The options in order: id, label, kind (for, against, abstain or empty), number of the proposal, and "
                "since when it is withdrawn and cannot win."
            ),
            _OPTIONS,
        ),
        Column("opens_at", Type.DATETIME, _("Start of the voting phase, in UTC."), "phase__starts_at"),
        Column(
            "closes_at", Type.DATETIME, _("End of the voting phase, in UTC; empty if none is set."), "phase__ends_at"
        ),
        Column("closed_at", Type.DATETIME, _("When the final tally was made, in UTC; empty before.")),
        Column(
            "winners",
            Type.JSON,
            _("Options that won, in order, by their id; empty before the close."),
            _once_told("outcome__winners"),
        ),
        Column(
            "ties",
            Type.JSON,
            _("Groups of options that the votes did not tell apart, by their id; empty before the close."),
            _once_told("outcome__ties"),
        ),
        Column(
            "deviations",
            Type.JSON,
            _("What the agency decided otherwise: option, kind (excluded or added), reason and when. In order."),
            _once_told(_DEVIATIONS),
        ),
        Column(
            "explanation",
            Type.JSON,
            _("How the method came to its outcome; empty before the close."),
            _once_told("outcome__explanation"),
        ),
    ],
)

# --- Tallies


def _tallies(consultation: Consultation, user: Person) -> Extract:
    return _through(count_withheld, consultation, user, Option.objects.order_by("poll", "position"))


def _counted(name: str, missing: int | None = 0) -> Coalesce:
    """A number of the tally; 0 where nothing is sealed yet."""
    return Coalesce(Cast(KeyTextTransform(name, "poll__tally__shown"), IntegerField()), missing)


class _CountOfOption(Func):
    """What the tally counts for the option of the row; 0 where nothing is sealed yet."""

    template = "COALESCE((%(expressions)s])::integer, 0)"
    arg_joiner = " #>> ARRAY['counts', "
    output_field = IntegerField()


_COUNT_OF_OPTION = _CountOfOption("poll__tally__shown", Cast("id", TextField()))

_SPOILT = Subquery(
    PaperBatch.objects.filter(poll=OuterRef("poll"))
    .order_by()
    .values("poll")
    .annotate(sum=Sum("spoilt_count"))
    .values("sum")
)

TALLIES = Table(
    name="tallies",
    title=_("Tallies"),
    description=_("The count of each option, as of the ballot number that is stated."),
    audience=_("Each vote says when its counts are shown: at once, after voting, or after the close."),
    extract=_tallies,
    columns=[
        Column("poll", Type.INTEGER, _("Number of the vote."), "poll_id"),
        Column("option", Type.INTEGER, _("Number of the option."), "id"),
        Column("position", Type.INTEGER, _("Place of the option on the ballot, from 1.")),
        Column("label", Type.TEXT, _("The option as it stands on the ballot."), _LABEL),
        Column("proposal", Type.INTEGER, _("Number of the proposal that the option is; empty if none."), "proposal_id"),
        Column(
            "count",
            Type.INTEGER,
            _(
                "What the standing ballots give the option, each as often as it weighs: how many chose it; where "
                "points or marks are given, their sum; of rankings, how many have it first."
            ),
            _COUNT_OF_OPTION,
        ),
        Column("voters", Type.INTEGER, _("Standing ballots of the vote, blank ones included."), _counted("voters")),
        Column(
            "weight",
            Type.INTEGER,
            _("What these ballots weigh together: as many as there are, where the roll gives no weights."),
            Coalesce(_counted("weight", None), _counted("voters")),
        ),
        Column("blank", Type.INTEGER, _("Standing ballots that chose nothing."), _counted("blank")),
        Column(
            "spoilt",
            Type.INTEGER,
            _("Ballots on paper that could not be counted; empty where none came in on paper."),
            _SPOILT,
        ),
        Column(
            "number",
            Type.INTEGER,
            _("The tally counts the ballots up to this number, replaced ones subtracted."),
            Coalesce("poll__tally__shown_number", 0),
        ),
        Column(
            "sealed_at",
            Type.DATETIME,
            _("When it was counted, in UTC; empty before the first ballot."),
            "poll__tally__shown_at",
        ),
        Column(
            "is_final",
            Type.BOOLEAN,
            _("Whether it is the final tally."),
            ExpressionWrapper(Q(poll__closed_at__isnull=False), BooleanField()),
        ),
    ],
)

# --- Ballots


def _ballots(consultation: Consultation, user: Person) -> Extract:
    rows = Ballot.objects.order_by("poll", "leaf__number")
    return _through(ballots_withheld, consultation, user, rows)


BALLOTS = Table(
    name="ballots",
    title=_("Ballots"),
    description=_(
        "Every ballot as it was cast, without who cast it: whoever adds up the standing ones gets the final tally."
    ),
    audience=_("Everybody who may see the consultation, after the close of the vote and never before."),
    extract=_ballots,
    columns=[
        Column("id", Type.TEXT, _("Random number of the ballot.")),
        Column("poll", Type.INTEGER, _("Number of the vote."), "poll_id"),
        Column("number", Type.INTEGER, _("Its place in the log of the vote, from 1."), "leaf__number"),
        Column("revision", Type.INTEGER, _("1 for a voter's first ballot, 2 for the one that replaced it, and so on.")),
        Column("weight", Type.INTEGER, _("For how many equal ballots it counts: 1 where the roll gives no weights.")),
        Column(
            "stands",
            Type.BOOLEAN,
            _("Whether it counts. A ballot that the voter replaced does not."),
            ExpressionWrapper(Q(opening__isnull=False), BooleanField()),
        ),
        Column(
            "choices",
            Type.JSON,
            _("The options chosen, by their number, each with its value; {} is blank. Empty for a replaced ballot."),
            "opening__choices",
        ),
    ],
)

TABLES = [POLLS, TALLIES, BALLOTS]
