"""Setting up a poll, while nobody has voted in it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, PhaseClosed, Reason
from consultations.clock import database_now
from consultations.locks import lock_poll
from consultations.models import Consultation, District, Phase, Proposal
from voting.districts.ordering import new_seed
from voting.methods import METHODS
from voting.methods.rules import Rules
from voting.models import ElectoralRoll, Option, Poll, PollSecret
from voting.polls.rule_checks import FEWEST_OPTIONS, settle

CLOSED = Reason("closed", _("This vote is closed, and its outcome is decided."))
VOTING_OVER = Reason("voting_over", _("Voting is over in this consultation, so no question can be added."))
TO_THE_VOTE = _("Back to the vote")
HAS_BALLOTS = Reason("has_ballots", _("People have voted already, so the question and its options are fixed."))
WITHOUT_COST = _("Money is shared out among proposals that have a cost. Put only those to the vote.")
AS_BY_DEFAULT = Rules()
FIXED_OPTIONS = (Option.Kind.FOR, Option.Kind.AGAINST, Option.Kind.ABSTAIN)


def open_poll(
    *,
    consultation: Consultation,
    question: str,
    method: str,
    actor: Person | None,
    options: Sequence[str | Proposal] = (),
    results_policy: str = Poll.ResultsPolicy.AFTER_CLOSE,
    max_choices: int | None = None,
    max_points: int = 1,
    rules: Rules = AS_BY_DEFAULT,
    disclosure: str = Poll.Disclosure.PUBLISHED,
    embargo_until: datetime | None = None,
    is_binding: bool = False,
    district: District | None = None,
) -> Poll:
    """Put a question to the vote in the consultation's voting phase.

    options: labels, or proposals of the consultation; none for for/against/abstain, which has its own three.
    district: of the budget, whose money it allocates; None: all of it. A district's poll may have one option.
    ``actor`` None is the operator at the command line.
    Raises NotPermitted, PhaseClosed once voting is over (but for the operator), or InvalidInput without a voting phase,
    with fewer than two options, with one twice, or in a vote on money with one that has no cost.
    """
    if actor is not None:
        require(actor, "consultations.change_consultation", consultation)
    phase = consultation.phases.filter(kind=Phase.Kind.VOTING).first()
    if phase is None:
        raise InvalidInput("no_voting_phase", _("Add a voting phase with its dates first."), field="phases")
    if actor is not None and phase.ends_at is not None and phase.ends_at <= database_now():
        raise PhaseClosed(VOTING_OVER)
    _check_options(consultation, method, options, district)
    settled = settle(method, len(options), max_choices, max_points, rules)
    _check_results(results_policy, embargo_until, is_binding)
    with transaction.atomic():
        # With a lock, so that no roll is loaded meanwhile that this poll would not have.
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        poll = Poll.objects.create(
            consultation=consultation,
            electoral_roll=ElectoralRoll.objects.filter(consultation=consultation).first(),
            phase=phase,
            district=district,
            order_seed=new_seed() if _is_shuffled(method, options) else b"",
            question=question,
            method=method,
            max_choices=settled.max_choices,
            max_points=settled.max_points,
            rules=settled.rules.as_json(),
            results_policy=results_policy,
            disclosure=disclosure,
            embargo_until=embargo_until,
            is_binding=is_binding,
        )
        PollSecret.objects.create(poll=poll)
        _write_options(poll, options)
        audit.record(
            "voting.poll_opened",
            actor=actor,
            on=poll,
            consultation_id=consultation.pk,
            question=question,
            method=method,
        )
    return poll


def change_poll(
    *,
    poll: Poll,
    question: str,
    method: str,
    actor: Person,
    options: Sequence[str | Proposal] = (),
    results_policy: str,
    max_choices: int | None = None,
    max_points: int = 1,
    rules: Rules = AS_BY_DEFAULT,
    disclosure: str = Poll.Disclosure.PUBLISHED,
    embargo_until: datetime | None = None,
    is_binding: bool = False,
) -> Poll:
    """Change a poll in which nobody has voted.

    Raises NotPermitted, InvalidInput, or Conflict after a first ballot or the close.
    """
    require(actor, "voting.change_poll", poll)
    _check_options(poll.consultation, method, options, poll.district)
    settled = settle(method, len(options), max_choices, max_points, rules)
    _check_results(results_policy, embargo_until, is_binding)
    with transaction.atomic():
        lock_poll(poll.pk)
        if poll.ballots.exists():
            raise Conflict(HAS_BALLOTS)
        if Poll.objects.filter(pk=poll.pk, closed_at__isnull=False).exists():
            raise Conflict(CLOSED)
        old = {"question": poll.question, "method": poll.method, "results_policy": poll.results_policy}
        poll.question, poll.method = question, method
        poll.max_choices, poll.max_points, poll.rules = (
            settled.max_choices, settled.max_points, settled.rules.as_json()
        )  # fmt: skip
        poll.results_policy, poll.embargo_until = results_policy, embargo_until
        poll.disclosure, poll.is_binding = disclosure, is_binding
        poll.order_seed = (poll.order_seed or new_seed()) if _is_shuffled(method, options) else b""
        poll.save(
            update_fields=[
                "question", "method", "max_choices", "max_points", "rules", "results_policy", "embargo_until",
                "disclosure", "is_binding", "order_seed",
            ]
        )  # fmt: skip
        poll.options.all().delete()
        _write_options(poll, options)
        audit.record(
            "voting.poll_changed",
            actor=actor,
            on=poll,
            consultation_id=poll.consultation_id,
            old=old,
            new={"question": question, "method": method, "results_policy": results_policy},
        )
    return poll


def _is_shuffled(method: str, options: Sequence[str | Proposal]) -> bool:
    """In a budget, whoever stands at the head of a long list would have an advantage."""
    return METHODS[method].money and any(isinstance(option, Proposal) for option in options)


def _check_options(
    consultation: Consultation, method: str, options: Sequence[str | Proposal], district: District | None
) -> None:
    if method == Poll.Method.FOR_AGAINST_ABSTAIN:
        return
    fewest = 1 if district else FEWEST_OPTIONS.get(Poll.Method(method), 2)
    if len(options) < fewest:
        sentence = _("Give at least two options.") if fewest > 1 else _("Give at least one option.")
        raise InvalidInput("too_few_options", sentence, field="options")
    if len({option.pk if isinstance(option, Proposal) else option.strip().lower() for option in options}) < len(
        options
    ):
        raise InvalidInput("option_twice", _("Two options are the same."), field="options")
    elsewhere = [o for o in options if district and not (isinstance(o, Proposal) and o.district_id == district.pk)]
    if elsewhere:
        raise InvalidInput("other_district", _("In a district's vote the options are its own proposals."), "options")
    strangers = [o for o in options if isinstance(o, Proposal) and o.consultation_id != consultation.pk]
    if strangers:
        raise InvalidInput("strange_proposal", _("A proposal of another consultation cannot be an option."), "options")
    if METHODS[method].money and not hasattr(consultation, "budget"):
        raise InvalidInput("no_budget", _("Say first how much money there is to allocate."), field="method")
    if METHODS[method].money and any(not isinstance(o, Proposal) or o.cost_cents is None for o in options):
        raise InvalidInput("option_without_cost", WITHOUT_COST, field="options")


def _check_results(policy: str, embargo_until: datetime | None, is_binding: bool) -> None:
    if (policy == Poll.ResultsPolicy.EMBARGO) != (embargo_until is not None):
        raise InvalidInput("embargo_end", _("Say until when the results are under embargo."), field="embargo_until")
    if is_binding and policy in (Poll.ResultsPolicy.LIVE, Poll.ResultsPolicy.AFTER_VOTING):
        sentence = _("A vote that binds the agency shows no count before its close. Choose another moment.")
        raise InvalidInput("binding_and_early", sentence, field="results_policy")


def _write_options(poll: Poll, options: Sequence[str | Proposal]) -> None:
    if poll.method == Poll.Method.FOR_AGAINST_ABSTAIN:
        rows = [Option(poll=poll, position=n, kind=kind, label=kind.value) for n, kind in enumerate(FIXED_OPTIONS, 1)]
    else:
        rows = [
            Option(
                poll=poll,
                position=n,
                label=option.title if isinstance(option, Proposal) else option.strip(),
                proposal=option if isinstance(option, Proposal) else None,
                cost_cents=option.cost_cents if isinstance(option, Proposal) else None,
            )
            for n, option in enumerate(options, start=1)
        ]
    Option.objects.bulk_create(rows)
