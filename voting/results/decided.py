"""What is carried out: what the count said, and what the agency decided otherwise, in public and with its reason."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.models import Consultation
from voting.models import Deviation, Option, Outcome, Poll
from voting.results.gate import is_public_count

NO_OUTCOME_YET = Reason("no_outcome_yet", _("Nothing can be decided otherwise before everybody sees the outcome."))
NOT_A_BUDGET = Reason("not_a_budget", _("Only in a vote on a budget can a proposal be left out or taken in."))


def decided_winners(poll: Poll) -> list[int]:
    """Ids of the options that go ahead: those of the count in its order, then those added. Empty without an outcome.

    The caller has asked the gate.
    """
    outcome = getattr(poll, "outcome", None)
    return after(outcome, list(poll.deviations.all())) if outcome else []


def after(outcome: Outcome, deviations: Sequence[Deviation]) -> list[int]:
    """The winners of the count, with the deviations in the order in which they were decided."""
    winners = [int(option) for option in outcome.winners]
    for deviation in deviations:
        if deviation.kind == Deviation.Kind.EXCLUDED:
            winners = [option for option in winners if option != deviation.option_id]
        elif deviation.option_id not in winners:
            winners.append(deviation.option_id)
    return winners


def winners_of(consultation: Consultation) -> Iterator[tuple[int, int | None]]:
    """Proposals that go ahead with their cost, of all votes whose outcome everybody may see: for the follow-up."""
    polls = Poll.objects.filter(consultation=consultation, closed_at__isnull=False, outcome__isnull=False)
    for poll in polls.select_related("outcome").prefetch_related("deviations", "options").order_by("pk"):
        if not is_public_count(poll):
            continue
        options = {option.pk: option for option in poll.options.all()}
        for option in (options[pk] for pk in decided_winners(poll)):
            if option.proposal_id is not None:
                yield option.proposal_id, option.cost_cents


def decide_otherwise(*, poll: Poll, option: Option, kind: str, reason: str, actor: Person) -> Deviation:
    """Leave out a proposal that goes ahead, or take one in that does not; the reason is published beside the count.

    Raises NotPermitted, Conflict before everybody may see the outcome, or InvalidInput: without a reason, where the
    proposal stands already as it would, or for one that was withdrawn, of which voters were told that it can win no
    more. Locks the outcome.
    """
    require(actor, "voting.change_poll", poll)
    if not poll.shares_money:
        raise Conflict(NOT_A_BUDGET)
    if not poll.is_closed or not is_public_count(poll):
        raise Conflict(NO_OUTCOME_YET, page=poll.get_absolute_url())
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput("no_reason", _("Say why: the reason is published beside the outcome."), field="reason")
    if option.withdrawn_at is not None and kind == Deviation.Kind.ADDED:
        sentence = _("It was withdrawn from the vote: it can no longer go ahead by it.")
        raise InvalidInput("withdrawn_option", sentence, field="option")
    with transaction.atomic():
        outcome = Outcome.objects.select_for_update().get(poll=poll)
        goes_ahead = option.pk in after(outcome, list(poll.deviations.all()))
        if goes_ahead != (kind == Deviation.Kind.EXCLUDED):
            raise InvalidInput("stands_already", _("This proposal stands like that already."), field="option")
        deviation = Deviation.objects.create(poll=poll, option=option, kind=kind, reason=reason)
        audit.record(
            "voting.outcome_deviated",
            actor=actor,
            on=poll,
            consultation_id=poll.consultation_id,
            option=option.pk,
            kind=kind,
            reason=reason,
        )
    return deviation
