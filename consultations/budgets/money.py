"""The money that a budget consultation decides about: writing it, and when it is fixed."""

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Conflict, Reason
from consultations.models import Budget, Consultation

BUDGET_BEGUN_BALLOTS = Reason("budget_voted_on", _("People have voted on this money, so the amount is fixed."))
BUDGET_WITH_POLL = Reason("budget_with_poll", _("A vote allocates this money, so it cannot be taken away."))


def write_budget(consultation: Consultation, budget_cents: int | None, currency: str) -> None:
    """None leaves it, 0 takes it away. Raises Conflict for what people have voted on."""
    if budget_cents is None:
        return
    old = Budget.objects.filter(consultation=consultation).first()
    if (old.amount_cents, old.currency) == (budget_cents, currency) if old else budget_cents == 0:
        return
    polls = consultation.polls.all()
    if polls.filter(ballots__isnull=False).exists():
        raise Conflict(BUDGET_BEGUN_BALLOTS)
    if budget_cents == 0 and polls.filter(method="greedy").exists():
        raise Conflict(BUDGET_WITH_POLL)
    if budget_cents:
        new = {"amount_cents": budget_cents, "currency": currency}
        Budget.objects.update_or_create(consultation=consultation, defaults=new)
    else:
        Budget.objects.filter(consultation=consultation).delete()
