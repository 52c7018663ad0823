"""Agreeing to the terms, and who has to before taking part."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.legal import CURRENT, version_numbered
from accounts.models import Consent, User
from accounts.refusals import InvalidInput, Reason, Remedy

NEEDS_CONSENT = Reason(
    "needs_consent",
    _("Before you take part, read the terms of use and say that you agree."),
    Remedy(_("Read them and agree"), "accounts:agree"),
)


def needs_consent(user: User) -> bool:
    """Whether the terms have changed since the person agreed, or they never did. Costs no query."""
    return user.terms_version < CURRENT.number


def agree(*, user: User, version: int) -> None:
    """Record that the person agrees to ``version``. Twice is once.

    Raises InvalidInput for a version that is not the current one.
    """
    if version_numbered(version) != CURRENT:
        raise InvalidInput("old_version", _("The terms have changed meanwhile. Read the new ones."), field="agrees")
    with transaction.atomic():
        Consent.objects.get_or_create(user=user, version=version)
        user.terms_version = version
        user.save(update_fields=["terms_version"])
