"""How often a person wants e-mail, about everything or one consultation; and the signed addresses that need no log-in.

A token says who and about what, signed by the site, without an end: whoever holds the e-mail may stop the e-mails,
and may undo it. It opens nothing else.
"""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.models import MailChoice, Notice, Pace, User
from accounts.refusals import InvalidInput

SALT = "accounts.notices.unsubscribe"


@dataclass(frozen=True)
class Subscription:
    """One person's e-mails about one consultation; None: about everything."""

    person: User
    consultation_id: int | None


def address(person: User, consultation_id: int | None) -> str:
    token = signing.dumps([person.pk, consultation_id or 0], salt=SALT)
    return reverse("accounts:unsubscribe", args=[token])


def subscription_of(token: str) -> Subscription | None:
    """None for a token that is not ours, and for a person who has erased the account."""
    try:
        user_id, consultation_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=user_id, is_active=True).first()
    return Subscription(person, consultation_id or None) if person else None


def signature_of(notice: Notice) -> str:
    """Lets whoever holds the e-mail go on to what the notice leads to, without telling others what that is."""
    return signing.Signer(salt="accounts.notices.open").signature(f"{notice.pk}:{notice.user_id}")


def is_signature_of(notice: Notice, given: str) -> bool:
    return constant_time_compare(signature_of(notice), given)


def pace_of(person: User, consultation_id: int | None) -> str:
    if consultation_id is not None:
        choice = MailChoice.objects.filter(user=person, consultation_id=consultation_id).first()
        if choice is not None:
            return choice.pace
    return person.mail_pace


def way_back(found: Subscription) -> str:
    """What ``choose_pace`` is to be given to undo that the e-mails were stopped."""
    if found.consultation_id is None:
        return found.person.mail_pace if found.person.mail_pace != Pace.NEVER else Pace.DAILY
    choice = MailChoice.objects.filter(user=found.person, consultation_id=found.consultation_id).first()
    return choice.pace if choice is not None and choice.pace != Pace.NEVER else ""


def choose_pace(person: User, pace: str, consultation_id: int | None = None) -> None:
    """For one consultation, an empty pace is "as for everything". Raises InvalidInput for one that there is not."""
    if pace == "" and consultation_id is not None:
        MailChoice.objects.filter(user=person, consultation_id=consultation_id).delete()
        return
    if pace not in Pace.values:
        raise InvalidInput("no_pace", _("Choose how often you want e-mail."), field="pace")
    if consultation_id is None:
        person.mail_pace = pace
        person.save(update_fields=["mail_pace"])
    else:
        MailChoice.objects.update_or_create(user=person, consultation_id=consultation_id, defaults={"pace": pace})
