"""The votes of a budget in one act: one for each district with something to vote on, and for the part for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.budgets.ballot import eligible_for_ballot
from consultations.models import Consultation, District, Proposal
from voting.methods import METHODS
from voting.models import Poll
from voting.polls.setting_up import open_poll

NO_DISTRICTS = Reason(
    "no_districts", _("This budget has no districts. Put one question to the vote for all of it instead.")
)
NOTHING_TO_VOTE_ON = Reason(
    "nothing_to_vote_on",
    _("No district without a vote has a proposal with a cost. Give the proposals their costs and districts first."),
)


@dataclass(frozen=True)
class Part:
    """One district, what would be put to the vote in it, and its vote where it has one.

    too_dear_count: of the proposals, those that cost more than the district has, and so can never win.
    """

    district: District
    proposal_count: int
    cost_cents: int
    too_dear_count: int
    poll: Poll | None

    @property
    def is_ready(self) -> bool:
        return self.poll is None and self.proposal_count > 0

    @property
    def has_money_for_all(self) -> bool:
        """Whether nobody need choose: all of it can be paid."""
        return 0 < self.cost_cents <= self.district.amount_cents


def parts_of(consultation: Consultation) -> list[Part]:
    """In the order of the districts, the part for all included. Three queries."""
    eligible = eligible_for_ballot(consultation).filter(district__isnull=False).order_by()
    is_too_dear = Q(cost_cents__gt=F("district__amount_cents"))
    counted = eligible.values("district").annotate(
        count=Count("pk"), cost=Sum("cost_cents"), too_dear=Count("pk", filter=is_too_dear)
    )
    sums = {row["district"]: row for row in counted}
    polls = {poll.district_id: poll for poll in Poll.objects.filter(district__consultation=consultation)}
    nothing = {"count": 0, "cost": 0, "too_dear": 0}
    return [
        Part(district, row["count"], row["cost"], row["too_dear"], polls.get(district.pk))
        for district in District.objects.filter(consultation=consultation)
        for row in [sums.get(district.pk, nothing)]
    ]


def open_district_polls(*, consultation: Consultation, actor: Person, question: str, **rules: Any) -> list[Poll]:
    """Put the eligible proposals of each district to the vote, by the same rules and with the district's own money.

    rules: as ``open_poll`` takes them, without options. Districts that have a vote already, or nothing to vote on, are
    passed by: so it can be done again when more is ready. Raises what ``open_poll`` raises, and Conflict where there is
    nothing to set up; all or none.
    """
    parts = parts_of(consultation)
    if not parts:
        raise Conflict(NO_DISTRICTS)
    if not any(part.is_ready for part in parts):
        raise Conflict(NOTHING_TO_VOTE_ON)
    if not METHODS[rules["method"]].money:
        raise InvalidInput("no_money_method", _("Choose a method that shares out money."), field="method")
    most = rules.pop("max_choices", None)
    with transaction.atomic():
        return [
            open_poll(
                consultation=consultation,
                actor=actor,
                question=question_of(question, part.district),
                options=(options := proposals_of(part.district)),
                # Where a district has fewer proposals than one may choose, nobody is told to choose more of them.
                max_choices=min(most, len(options)) if most else None,
                district=part.district,
                **rules,
            )
            for part in parts
            if part.is_ready
        ]


def proposals_of(district: District) -> Sequence[Proposal]:
    """What is put to the vote in it."""
    return list(eligible_for_ballot(district.consultation, district).order_by("pk"))


def question_of(question: str, district: District) -> str:
    """Each vote says whose it is, wherever its question stands alone.

    >>> question_of("What shall we do?", District(name="Centro"))
    'Centro: What shall we do?'
    """
    longest = Poll._meta.get_field("question").max_length or 0
    return f"{district.name}: {question}"[:longest]
