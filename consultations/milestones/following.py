"""Following one commitment: its reports are told to whoever wants to know."""

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from consultations.models import Commitment, CommitmentFollow


def follow(*, commitment: Commitment, actor: Person) -> CommitmentFollow:
    """Again is no harm. Raises NotPermitted without an account."""
    return CommitmentFollow.objects.get_or_create(user=_somebody(actor, commitment), commitment=commitment)[0]


def stop_following(*, commitment: Commitment, actor: Person) -> None:
    CommitmentFollow.objects.filter(user=_somebody(actor, commitment), commitment=commitment).delete()


def _somebody(actor: Person, commitment: Commitment) -> User:
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    require(actor, "consultations.view_consultation", commitment.consultation)
    return actor
