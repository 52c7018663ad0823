"""Accounts and who gets into them, where allauth leaves something to us."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from frontend.typed import as_name


def person_with(email: str, name: str = "") -> User:
    """The person with this e-mail; where there is none an account without a password: they log in by a code."""
    email = email.strip().lower()
    confirmed = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    if confirmed:
        return confirmed.user
    with transaction.atomic():
        person, is_new = User.objects.get_or_create(
            email=email, defaults={"name": as_name(name) or email.split("@")[0][:80], "password": make_password(None)}
        )
        if is_new:  # allauth confirms by a code only an address that it knows
            EmailAddress.objects.create(user=person, email=email, verified=False, primary=True)
    return person


def forget_a_strangers_password(request: HttpRequest, email_address: EmailAddress, **signal: Any) -> None:
    """Where a log-in code confirms an address for the first time, drop the password that was set before.

    Whoever signed up with this address may have been somebody else, who waits until its owner confirms it.
    """
    match = request.resolver_match
    if match is not None and match.url_name == "account_confirm_login_code":
        email_address.user.set_unusable_password()
        email_address.user.save(update_fields=["password"])


def write_nothing(**what_happened: object) -> None:
    """Stands where Django would write down when somebody logged in."""
