"""The money that a poll shares out, read anew."""

from consultations.models import Budget, District
from voting.models import Poll


def money_now(poll: Poll) -> int | None:
    """As it stands in the database at this moment: of the poll's district, else of all the budget."""
    if poll.district_id is not None:
        return District.objects.values_list("amount_cents", flat=True).get(pk=poll.district_id)
    return Budget.objects.filter(consultation=poll.consultation_id).values_list("amount_cents", flat=True).first()
