"""Following a consultation: by the button on its page, or by taking part. What followers are told: ``announcing.py``.

Who proposes, comments or supports follows, unless they have stopped before. Who votes does not: a row with a person
and a time, written by a cast, would tell who voted and in which order.
"""

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.access import Person, require
from accounts.models import User
from accounts.notices import unsubscribing
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from consultations.models import Consultation, Follow


def follow(*, consultation: Consultation, actor: Person) -> Follow:
    """Tell ``actor`` from now on. Again is no harm. Raises NotPermitted without an account."""
    person = _somebody(actor, consultation)
    kept = {"stopped_at": None, "took_part": False}
    return Follow.objects.update_or_create(user=person, consultation=consultation, defaults=kept)[0]


def stop_following(*, consultation: Consultation, actor: Person) -> None:
    """Tell nothing of the consultation any more, but what is said to the person themselves."""
    person = _somebody(actor, consultation)
    Follow.objects.update_or_create(user=person, consultation=consultation, defaults={"stopped_at": timezone.now()})


def follow_by_taking_part(*, consultation: Consultation, person: User) -> None:
    """In the transaction of a deed that is public by name. Changes nothing for who follows or has stopped already."""
    Follow.objects.bulk_create([Follow(user=person, consultation=consultation, took_part=True)], ignore_conflicts=True)


def choose_mail(*, consultation: Consultation, actor: Person, pace: str) -> None:
    """How often e-mail tells of this consultation; empty: as of everything. Raises InvalidInput."""
    unsubscribing.choose_pace(_somebody(actor, consultation), pace, consultation.pk)


def followers(consultation: Consultation) -> QuerySet[Follow, int]:
    """Ids of those to tell: active accounts."""
    found = Follow.objects.filter(consultation=consultation, stopped_at__isnull=True, user__is_active=True)
    return found.order_by("user_id").values_list("user_id", flat=True)


def followed_by(person: User) -> QuerySet[Consultation]:
    """What the person follows and may see, the latest first."""
    seen = Consultation.objects.visible_to(person).filter(follows__user=person, follows__stopped_at__isnull=True)
    return seen.annotate(followed_since=F("follows__since")).select_related("agency").order_by("-followed_since")


def _somebody(actor: Person, consultation: Consultation) -> User:
    if not isinstance(actor, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    require(actor, "consultations.view_consultation", consultation)
    return actor
