"""Which proposals are put to the vote."""

from consultations.models import Consultation, District, Feasibility, Proposal
from consultations.querysets import ProposalQuerySet


def eligible_for_ballot(consultation: Consultation, district: District | None = None) -> ProposalQuerySet:
    """Those that stand and have a cost; of one district where it is named, otherwise of all.

    Hidden, withdrawn, held and merged ones are not among them, nor what its review found not feasible, nor what nobody
    has put a price on: money cannot be allocated to it.
    """
    found = Proposal.objects.filter(consultation=consultation, cost_cents__gt=0).shown()
    found = found.exclude(feasibility=Feasibility.NOT_FEASIBLE)
    return found if district is None else found.filter(district=district)
