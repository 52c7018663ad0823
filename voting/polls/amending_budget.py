"""Changing a budget's vote while people vote: less money (or more) to share out, and a project that can no longer win.

Both in public, with a reason, in the log of each poll concerned. Ballots that were cast stand as they are.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.locks import limit_lock_waiting, lock_poll
from consultations.models import Budget, District
from voting.ballots.locks import lock_fold
from voting.methods import METHODS
from voting.models import Option, Poll
from voting.polls.amending import LOCK_WAIT_MS, OVER, amend
from voting.rolls.changing import checked_reason, retried

NO_MONEY = Reason("shares_no_money", _("This vote shares out no money. Change it in its form, before anybody votes."))
WITHDRAWN_ALREADY = Reason("option_withdrawn", _("This proposal was withdrawn from the vote already."))


def change_amount(*, poll: Poll, amount_cents: int, reason: str, actor: Person) -> None:
    """Share out another amount: of the poll's district, else of the whole budget and all polls that share it out.

    Raises NotPermitted; InvalidInput without a reason or where nothing changes; Conflict once voting is over. Takes the
    locks of the polls concerned: no ballot is checked against an amount that is no more.
    """
    require(actor, "voting.change_poll", poll)
    reason = checked_reason(reason)
    if not poll.shares_money:
        raise Conflict(NO_MONEY)

    def change() -> None:
        with transaction.atomic():
            limit_lock_waiting(LOCK_WAIT_MS)
            polls = _locked(poll)
            now = database_now()
            old = polls[0].money_cents
            if amount_cents == old:
                raise InvalidInput("same_amount", _("That is the amount as it is."), field="amount_cents")
            for each in polls:
                _require_open(each)
                amend(each, {"budget": {"from": old, "to": amount_cents}}, reason, now)
            _write_amount(poll, amount_cents, old or 0)
            audit.record(
                "voting.amount_changed",
                actor=actor,
                on=poll,
                consultation_id=poll.consultation_id,
                old=str(old),
                new=str(amount_cents),
                reason=reason,
            )

    retried(change)


def withdraw_option(*, option: Option, reason: str, actor: Person) -> None:
    """Let a project of a budget no longer win, because it cannot be carried out, say. It is not chosen from now on.

    Raises NotPermitted, InvalidInput without a reason, Conflict once voting is over or where it was withdrawn.
    """
    poll = option.poll
    require(actor, "voting.change_poll", poll)
    reason = checked_reason(reason)
    if not poll.shares_money:
        raise Conflict(NO_MONEY)

    def change() -> None:
        with transaction.atomic():
            limit_lock_waiting(LOCK_WAIT_MS)
            lock_poll(poll.pk)
            lock_fold(poll.pk)
            found = _polls().get(pk=poll.pk)
            _require_open(found)
            now = database_now()
            if Option.objects.filter(pk=option.pk, withdrawn_at__isnull=False).exists():
                raise Conflict(WITHDRAWN_ALREADY)
            amend(found, {"withdrawn": [str(option.pk)]}, reason, now)
            Option.objects.filter(pk=option.pk).update(withdrawn_at=now)
            audit.record(
                "voting.option_withdrawn",
                actor=actor,
                on=poll,
                consultation_id=poll.consultation_id,
                option=option.pk,
                reason=reason,
            )

    retried(change)


def _polls():  # type: ignore[no-untyped-def]
    return Poll.objects.select_related("consultation__budget", "phase", "district")


def _locked(poll: Poll) -> list[Poll]:
    """The polls that share out this money, locked: the district's own, or all that are of no district."""
    of_district = poll.district_id is not None
    ids = [poll.pk]
    if not of_district:
        money = [code for code, method in METHODS.items() if method.money]
        others = Poll.objects.filter(consultation=poll.consultation_id, district__isnull=True, method__in=money)
        ids = list(others.order_by("pk").values_list("pk", flat=True))
    for poll_id in ids:
        lock_poll(poll_id)
        lock_fold(poll_id)
    return list(_polls().filter(pk__in=ids).order_by("pk"))


def _require_open(poll: Poll) -> None:
    ends_at = poll.phase.ends_at
    if poll.is_closed or (ends_at is not None and ends_at <= database_now()):
        raise Conflict(OVER)


def _write_amount(poll: Poll, amount_cents: int, old: int) -> None:
    """The district's, and with it the sum; or the sum alone."""
    budget = Budget.objects.select_for_update().get(consultation=poll.consultation_id)
    if poll.district_id is not None:
        District.objects.filter(pk=poll.district_id).update(amount_cents=amount_cents)
        budget.amount_cents += amount_cents - old
    else:
        budget.amount_cents = amount_cents
    budget.save(update_fields=["amount_cents"])
