"""Invitations: a code for one entry, by e-mail or on a printed letter. Only its keyed hash is kept.

The code of an e-mail is made when the e-mail is sent, so that it stands nowhere else; a newer one ends the older.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts import audit
from accounts.access import Person, require
from accounts.models import Letter, User
from accounts.notices.mails import NothingToSay, mail_from_text
from accounts.notices.tasks import empty_outbox
from consultations.clock import database_now
from consultations.models import Phase
from frontend.formats import when
from voting.models import ElectoralRoll, EligibleVoter
from voting.rolls import keys

DAYS_VALID = 90  # where voting has no end
LETTERS_AT_ONCE = 200


@dataclass(frozen=True)
class PrintedLetter:
    """One letter: ``reference`` and ``district`` say to the agency whose it is."""

    reference: str
    district: str
    code: str
    made_at: datetime


def invite_by_email(*, roll: ElectoralRoll, actor: Person) -> int:
    """Put an e-mail with a code into the outbox for each entry with an address, and return how many.

    Those who got one before are left out, and those whose account has taken over its entry. Raises NotPermitted.
    """
    require(actor, "consultations.change_consultation", roll.consultation)
    with transaction.atomic():
        entries = _without_account(roll).filter(email__isnull=False, code__isnull=True)
        asked = set(
            Letter.objects.filter(kind=Letter.Kind.ROLL, facts__roll=roll.pk).values_list("facts__entry", flat=True)
        )
        new = [pk for pk in entries.values_list("pk", flat=True) if pk not in asked]
        Letter.objects.bulk_create(
            [
                Letter(
                    user=None,
                    kind=Letter.Kind.ROLL,
                    consultation_id=roll.consultation_id,
                    facts={"roll": roll.pk, "entry": pk},
                )
                for pk in new
            ],
            batch_size=5_000,
        )
        _record("voting.voters_invited", roll, actor, len(new))
    if new:
        empty_outbox.enqueue()
    return len(new)


def invitation_mail(letter: Letter, now: datetime) -> EmailMultiAlternatives:
    """What the outbox sends; makes the code. Raises NothingToSay."""
    entries = _without_account(ElectoralRoll(pk=letter.facts["roll"])).filter(email__isnull=False)
    entry = entries.select_related("roll__consultation__agency").filter(pk=letter.facts["entry"]).first()
    if entry is None or not entry.email:
        raise NothingToSay("not on the roll any more, or has an account")
    ends_at = expiry_of(entry.roll, now)
    if ends_at <= now:
        raise NothingToSay("voting is over")
    [code] = _give_codes([entry], ends_at)
    with translation.override(settings.LANGUAGE_CODE):
        consultation = entry.roll.consultation
        context = {
            "consultation": consultation,
            "consultation_url": settings.SITE_URL + consultation.get_absolute_url(),
            "claim_url": claim_address(),
            "code": code,
            "until": when(ends_at),
        }
        subject = gettext("You can vote in “%(title)s”") % {"title": consultation.title}
        return mail_from_text(subject, render_to_string("voting/email/invitation.txt", context), entry.email)


def print_letters(*, roll: ElectoralRoll, actor: Person, again: bool = False) -> list[PrintedLetter]:
    """At most LETTERS_AT_ONCE letters with new codes, for entries that have none; call it again for the next ones.

    again: instead those who have got a code and have not used it; their old codes stop working.
    This is the only time that the codes can be read. Raises NotPermitted.
    """
    require(actor, "consultations.change_consultation", roll.consultation)
    with transaction.atomic():
        now = database_now()
        waiting = _without_account(roll).select_for_update().order_by("district", "reference", "pk")
        waiting = waiting.filter(code__isnull=not again)
        if not again:
            waiting = waiting.filter(email__isnull=True)
        entries = list(waiting[:LETTERS_AT_ONCE])
        codes = _give_codes(entries, expiry_of(roll, now))
        _record("voting.letters_printed", roll, actor, len(entries))
    return [PrintedLetter(e.reference, e.district, code, now) for e, code in zip(entries, codes, strict=True)]


@dataclass(frozen=True)
class Waiting:
    """Entries without an account, as the page of invitations tells them."""

    to_mail: int  # have an address, and got no code yet
    to_print: int  # have none, and got no code yet
    with_code: int  # got one and have not used it


def count_waiting(roll: ElectoralRoll) -> Waiting:
    """One query."""
    counts = _without_account(roll).aggregate(
        to_mail=models.Count("pk", filter=Q(email__isnull=False, code__isnull=True)),
        to_print=models.Count("pk", filter=Q(email__isnull=True, code__isnull=True)),
        with_code=models.Count("pk", filter=Q(code__isnull=False)),
    )
    return Waiting(**counts)


def count_taken(roll: ElectoralRoll) -> int:
    """How many entries an account has taken over by code or number."""
    return EligibleVoter.objects.filter(roll=roll, removed_at__isnull=True, user__isnull=False).count()


def expiry_of(roll: ElectoralRoll, now: datetime) -> datetime:
    """The end of the voting."""
    voting = Phase.objects.filter(consultation=roll.consultation_id, kind=Phase.Kind.VOTING).first()
    return voting.ends_at if voting and voting.ends_at else now + timedelta(days=DAYS_VALID)


def claim_address(code: str = "") -> str:
    address = settings.SITE_URL + reverse("voting:claim-entry")
    return f"{address}?code={code}" if code else address


def _without_account(roll: ElectoralRoll) -> models.QuerySet[EligibleVoter]:
    return EligibleVoter.objects.filter(roll=roll.pk, removed_at__isnull=True, user__isnull=True)


def _give_codes(entries: Sequence[EligibleVoter], expires_at: datetime) -> list[str]:
    codes = [keys.new_code() for _ in entries]
    for entry, code in zip(entries, codes, strict=True):
        entry.code, entry.code_expires_at = keys.code_key(keys.plain_code(code)), expires_at
    EligibleVoter.objects.bulk_update(entries, ["code", "code_expires_at"], batch_size=500)
    return codes


def _record(event: str, roll: ElectoralRoll, actor: Person, count: int) -> None:
    person = actor if isinstance(actor, User) else None
    audit.record(event, actor=person, on=roll, consultation_id=roll.consultation_id, count=count)
