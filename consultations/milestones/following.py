"""Following one pledge: its reports are told to whoever wants to know."""

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from consultations.models import Pledge, PledgeFollow


def follow(*, pledge: Pledge, actor: Person) -> PledgeFollow:
    """Again is no harm. Raises NotPermitted without an account."""
    return PledgeFollow.objects.get_or_create(user=_somebody(actor, pledge), pledge=pledge)[0]


def stop_following(*, pledge: Pledge, actor: Person) -> None:
    PledgeFollow.objects.filter(user=_somebody(actor, pledge), pledge=pledge).delete()


def _somebody(actor: Person, pledge: Pledge) -> User:
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    require(actor, "consultations.view_consultation", pledge.consultation)
    return actor
