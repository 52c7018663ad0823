"""Tying an account to its entry on a roll: by the code of an invitation, or where the roll allows, by number."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require, why_not
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, Conflict, InvalidInput, NotPermitted, Reason
from consultations.clock import database_now
from consultations.limits import DAY, HOUR, Limit, require_pace
from voting.models import ElectoralRoll, EligibleVoter, RollAttempt
from voting.rolls import keys
from voting.rolls.documents import identity_of

WRONG_ONES = (
    Limit(5, HOUR, _("{most} wrong codes within an hour are too many. You can try again {when}.")),
    Limit(15, DAY, _("{most} wrong codes within a day are too many. You can try again {when}.")),
)
HAS_ENTRY = Reason(
    "has_entry", _("Your account is on this roll already with another entry, and nobody is on it twice.")
)
KEPT_FOR = timedelta(days=2)


def claim_entry(*, typed: str, user: Person) -> ElectoralRoll:
    """Tie the account to the entry whose code, or document number, was typed; return the roll. Twice is once.

    Raises NotPermitted; InvalidInput for what is no code, is used, has expired, or is on no roll that takes numbers;
    Conflict where the account has another entry; TooFast after a few wrong ones. Locks the account's row and the entry.
    """
    if not isinstance(user, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    fault: InvalidInput | None = None
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        RollAttempt.objects.filter(user=user, created_at__lt=database_now() - KEPT_FOR).delete()
        require_pace(RollAttempt.objects.filter(user=user), WRONG_ONES)
        try:
            return _claim(typed, user)
        except InvalidInput as refused:
            RollAttempt.objects.create(user=user, created_at=database_now())
            fault = refused
    raise fault  # after the attempt is written


def _claim(typed: str, user: User) -> ElectoralRoll:
    code = keys.plain_code(typed)
    if code:
        return _take(_by_code(code, user), user)
    identity = identity_of(typed)
    if identity is None:
        raise InvalidInput(
            "no_code", _("This is no code. It has 16 letters and digits, in groups of four."), field="code"
        )
    return _take(_by_number(identity, user), user)


def _by_code(code: str, user: User) -> EligibleVoter:
    entry = _locked().filter(code=keys.code_key(code)).first()
    if entry is None:
        sentence = _("We do not know this code. It may be of another site, or a newer one was sent to you meanwhile.")
        raise InvalidInput("unknown_code", sentence, field="code")
    if entry.user_id not in (None, user.pk):
        raise InvalidInput("code_used", _("This code was used already, by another account."), field="code")
    if _is_anothers_by_email(entry, user):
        sentence = _("Another account has confirmed the e-mail of this entry, and votes with it. Log in with that one.")
        raise InvalidInput("email_taken", sentence, field="code")
    if entry.user_id is None and entry.code_expires_at is not None and entry.code_expires_at <= database_now():
        raise InvalidInput("code_expired", _("This code has expired. Ask the agency for a new one."), field="code")
    return entry


def _by_number(identity: str, user: User) -> EligibleVoter:
    """On any roll that takes numbers, of a consultation that the person sees; the newest first."""
    rolls = ElectoralRoll.objects.filter(takes_numbers=True).select_related("consultation").order_by("-pk")
    marks = [
        keys.document_key(roll.consultation_id, identity)
        for roll in rolls
        if why_not(user, "consultations.view_consultation", roll.consultation) is None
    ]
    entries = list(_locked().filter(fingerprint__in=marks, is_by_document=True, roll__takes_numbers=True))
    own = [entry for entry in entries if entry.user_id == user.pk]
    free = [entry for entry in entries if entry.user_id is None and not _is_anothers_by_email(entry, user)]
    if free or own:
        return (free or own)[0]
    if entries:
        sentence = _("Another account has this number already. If the number is yours, tell the agency.")
        raise InvalidInput("number_taken", sentence, field="code")
    sentence = _(
        "This number is on no roll that takes a number alone. For the others you need the code of your letter."
    )
    raise InvalidInput("number_not_on_roll", sentence, field="code")


def _is_anothers_by_email(entry: EligibleVoter, user: User) -> bool:
    """Whoever took such an entry over would see what that account has chosen, and could vote in its place: an official
    with a letter printed again, or a neighbour who knows the number."""
    if entry.user_id is not None or not entry.email:
        return False
    confirmed = EmailAddress.objects.filter(email__iexact=entry.email, verified=True)
    return confirmed.exclude(user=user).exists()


def _locked() -> models.QuerySet[EligibleVoter]:
    found = EligibleVoter.objects.filter(removed_at__isnull=True).select_related("roll__consultation__agency")
    return found.select_for_update(of=("self",)).order_by("-pk")


def _take(entry: EligibleVoter, user: User) -> ElectoralRoll:
    require(user, "consultations.view_consultation", entry.roll.consultation)
    if entry.user_id is None:
        entry.user = user
        try:
            with transaction.atomic():
                entry.save(update_fields=["user"])
        except IntegrityError:
            raise Conflict(HAS_ENTRY) from None
    return entry.roll
