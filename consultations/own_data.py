"""What this room holds about a person."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data.holdings import Holding
from consultations.clock import database_now


def erase_proposals(user: User, with_texts: bool) -> None:
    """Proposals that are in no vote go with their author's texts; one that people vote on stays what they vote on."""
    if not with_texts:
        return
    own = user.proposals.filter(is_official=False, options__isnull=True)
    own.update(title="—", body="", place="", answers={}, latitude=None, longitude=None)
    own.filter(withdrawn_at__isnull=True).update(withdrawn_at=database_now())


HOLDINGS = [
    Holding(
        "proposals",
        _("Your proposals"),
        ("consultations.proposal",),
        lambda user: user.proposals.values(
            "pk", "consultation__slug", "title", "body", "category", "place", "cost_cents", "answers", "created_at"
        ),
        _("As you choose below. A proposal that is in a vote stays, under a pseudonym: people have voted on it."),
        erase_proposals,
    ),
    Holding(
        "consultations",
        _("The consultations that you opened for an agency"),
        ("consultations.consultation",),
        lambda user: user.opened_consultations.values("slug", "title", "created_at"),
        _("Stays: it is the agency's."),
    ),
]
