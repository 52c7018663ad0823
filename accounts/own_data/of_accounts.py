"""What this room holds about a person."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from accounts.own_data.holdings import Holding, Row


def account(user: User) -> Iterable[Row]:
    yield {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "mail_pace": user.mail_pace,
        "mail_pace_of_consultations": dict(user.mail_choices.values_list("consultation_id", "pace")),
        "identity_verified": user.verification_level >= User.Verification.IDENTITY,
        "joined_at": user.date_joined,
        "last_login_at": user.last_login,
        "other_emails": list(EmailAddress.objects.filter(user=user, primary=False).values_list("email", flat=True)),
    }


def erase_emails(user: User, with_texts: bool) -> None:
    EmailAddress.objects.filter(user=user).delete()


def erase_memberships(user: User, with_texts: bool) -> None:
    user.groups.clear()
    user.memberships.all().delete()


def erase_notices(user: User, with_texts: bool) -> None:
    user.notices.all().delete()
    user.letters.all().delete()
    user.mail_choices.all().delete()


def erase_checks(user: User, with_texts: bool) -> None:
    user.identity_checks.all().delete()
    user.verification_level = User.Verification.EMAIL


HOLDINGS = [
    Holding(
        "account",
        _("Your account: name, e-mail, language, when you joined"),
        ("account.emailaddress",),
        account,
        _("Erased."),
        erase_emails,
    ),
    Holding(
        "memberships",
        _("The agencies that you work with, and your roles"),
        ("accounts.membership", "accounts.user_groups", "accounts.user_user_permissions"),
        lambda user: user.memberships.values("agency__name", "roles", "created_at"),
        _("Erased."),
        erase_memberships,
        is_of_work=True,
    ),
    Holding(
        "identity_checks",
        _("That an agency verified your identity or where you live, and when"),
        ("accounts.identitycheck",),
        lambda user: user.identity_checks.values("kind", "agency__name", "checked_at", "taken_back_at"),
        _("Erased."),
        erase_checks,
    ),
    Holding(
        "consents",
        _("Which versions of the terms you agreed to, and when"),
        ("accounts.consent",),
        lambda user: user.consents.values("version", "given_at"),
        _("Stays, without your name: it shows that we were allowed to publish what you wrote."),
    ),
    Holding(
        "notices",
        _("What we told you"),
        ("accounts.notice", "accounts.letter", "accounts.mailchoice"),
        lambda user: user.notices.values("kind", "url", "facts", "created_at", "read_at"),
        _("Erased."),
        erase_notices,
    ),
    Holding(
        "audit",
        _("What you did as a member of an agency, and the changes that you made"),
        ("accounts.auditentry",),
        lambda user: AuditEntry.objects.filter(actor=user).values("event", "object_type", "object_id", "at"),
        _("Stays, without your name: others rely on the record of what was done."),
    ),
]
