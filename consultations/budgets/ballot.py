"""Which proposals are put to the vote, and which of them could never win it."""

from django.utils.translation import gettext

from consultations.models import Consultation, District, Feasibility, Proposal
from consultations.querysets import ProposalQuerySet
from frontend.formats import money


def eligible_for_ballot(consultation: Consultation, district: District | None = None) -> ProposalQuerySet:
    """Those that stand and have a cost; of one district where it is named, otherwise of all.

    Hidden, withdrawn, held and merged ones are not among them, nor what its review found not feasible, nor what nobody
    has put a price on: money cannot be allocated to it.
    """
    found = Proposal.objects.filter(consultation=consultation, cost_cents__gt=0).shown()
    found = found.exclude(feasibility=Feasibility.NOT_FEASIBLE)
    return found if district is None else found.filter(district=district)


def too_dear(proposal: Proposal) -> str:
    """A sentence where its cost is more than all the money that it could be paid from; otherwise empty."""
    budget = getattr(proposal.consultation, "budget", None)
    if budget is None or proposal.cost_cents is None or proposal.feasibility == Feasibility.NOT_FEASIBLE:
        return ""
    if proposal.district is not None and proposal.cost_cents > proposal.district.amount_cents:
        amount = money(proposal.district.amount_cents, budget.currency)
        sentence = gettext("It costs more than the %(amount)s that “%(district)s” has: like this it cannot win.")
        return sentence % {"amount": amount, "district": proposal.district.name}
    if proposal.cost_cents > budget.amount_cents:
        amount = money(budget.amount_cents, budget.currency)
        return gettext("It costs more than the %(amount)s of the whole budget: like this it cannot win.") % {
            "amount": amount
        }
    return ""
