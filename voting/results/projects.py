"""The proposals that a consultation's polls decided for, with the money that each was given, for the follow-up."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from consultations.models import Consultation
from voting.models import Poll
from voting.results.gate import count_withheld


def won_projects(consultation: Consultation) -> Iterable[tuple[int, int | None]]:
    """Ids of proposals in the order in which they won, with their cost; of polls whose count everybody may see. Two
    queries."""
    anybody = AnonymousUser()
    polls = Poll.objects.filter(consultation=consultation, outcome__isnull=False)
    for poll in polls.select_related("outcome", "phase").prefetch_related("options").order_by("pk"):
        if not poll.is_closed or count_withheld(poll, anybody) is not None:
            continue
        options = {option.pk: option for option in poll.options.all()}
        for pk in poll.outcome.winners:
            option = options.get(int(pk))
            if option is not None and option.proposal_id is not None:
                yield option.proposal_id, option.cost_cents
