"""Erasing an account (Ley 25.326, article 16): the person goes, what others built upon stays readable."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.agencies import LAST_OWNER
from accounts.models import Agency, Membership, Role, User
from accounts.own_data.holdings import all_holdings
from accounts.refusals import Conflict, InvalidInput


def erase_account(*, user: User, email: str, with_texts: bool) -> None:
    """Take everything about the person out of the account, and close it.

    email: the person's own, typed to confirm. with_texts: whether what they wrote goes too; otherwise it stays under a
    pseudonym. The row itself stays, empty: who has a ballot in an open poll is worked out from it at the close.
    Raises InvalidInput where ``email`` is another, Conflict for the only owner of an agency.
    """
    if email.strip().lower() != user.email:
        raise InvalidInput("other_email", _("Write your e-mail as it is in your account."), field="email")
    with transaction.atomic():
        _check_owner_left(user)
        for holding in all_holdings():
            holding.erase(user, with_texts)
        audit.record("accounts.account_erased", actor=None, on=user, with_texts=with_texts)
        with translation.override(user.language):
            user.name = gettext("Erased account %(number)s") % {"number": secrets.token_hex(3)}
        user.email = f"{secrets.token_hex(12)}@erased.invalid"
        user.password = make_password(None)
        user.is_active = False
        user.erased_at = timezone.now()
        user.last_login = None
        user.save()


def _check_owner_left(user: User) -> None:
    """Locks the agencies, so that of two owners who leave at once one stays."""
    own = Membership.objects.filter(user=user, roles__contains=[Role.OWNER.value]).values("agency")
    for agency in Agency.objects.filter(pk__in=own).order_by("pk").select_for_update():
        owners = agency.memberships.filter(roles__contains=[Role.OWNER.value], user__is_active=True)
        if not owners.exclude(user=user).exists():
            raise Conflict(LAST_OWNER)
