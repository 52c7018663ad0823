"""Letters that this room sends beside notices, each in the language of who gets it; and the look of allauth's.

A letter is written in the transaction of its deed and sent by the worker (``notices/sending.py``). Log-in codes are
allauth's: somebody waits for them at the screen, so they are sent at once.
"""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.models import Agency, Letter, Membership, User
from accounts.notices.mails import NothingToSay, mail_from_text
from accounts.notices.tasks import empty_outbox
from accounts.refusals import Reason, Refusal
from frontend.formats import in_full_minutes, when

logger = logging.getLogger(__name__)

NO_MAIL = Reason(
    "mail_fails",
    _(
        "Our e-mail does not work right now. Wait a few minutes and try again. If you were creating an account, log in "
        "then with the password that you chose, and we send you the code."
    ),
)


class MailFails(Refusal):
    """The mail server does not answer, or does not take a letter for which somebody waits at the screen."""

    status = 503
    title = _("The e-mail could not be sent")


def tell_member(agency: Agency, user: User, actor: Person) -> None:
    """Write to somebody that they are a member now. The address need not be confirmed: it is how they come in."""
    facts = {"agency": agency.pk, "actor": actor.name if isinstance(actor, User) else ""}
    Letter.objects.create(user=user, kind=Letter.Kind.MEMBER, facts=facts)
    empty_outbox.enqueue()


def member_letter(letter: Letter, user: User) -> tuple[str, str]:
    """Subject and text: in which roles, and how to log in. Raises NothingToSay to whom is no member any more."""
    found = Membership.objects.filter(agency=letter.facts["agency"], user=user).select_related("agency").first()
    if found is None:
        raise NothingToSay("no member any more")
    context = {
        "user": user,
        "agency": found.agency,
        "actor_name": letter.facts["actor"],
        "role_labels": found.role_labels,
        "agency_url": settings.SITE_URL + found.agency.get_absolute_url(),
        "login_url": settings.SITE_URL + reverse("account_request_login_code"),
    }
    subject = gettext("You work with %(agency)s now") % {"agency": found.agency.name}
    return subject, render_to_string("accounts/email/tell_member.txt", context)


TOO_MANY = "too_many_login_attempts"  # allauth says so of three quite different things


class AccountAdapter(DefaultAccountAdapter):
    """allauth's letters in the frame of ours, their HTML made of their text; and its limits, which say their end."""

    # A message on the page to which three wrong codes lead.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        TOO_MANY: _("That code was wrong three times and is of no use any more. Ask for another one."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == TOO_MANY:  # raised where codes are asked for by e-mail: three in a minute
            return ValidationError(gettext("Too many attempts. Wait a minute and try again."), code=code)
        return super().validation_error(code, *args)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            until = self._may_log_in_again(request, **credentials)
            if until is None:
                raise
            words = gettext("Too many wrong attempts. You can try again {when}.").format(when=when(until))
            raise ValidationError(words, code=refused.code) from None

    def send_account_already_exists_mail(self, email: str) -> None:
        """To who signs up once more: after as long as a new account takes, whose password is hashed."""
        match = self.request.resolver_match
        if match is not None and match.url_name == "account_signup":
            make_password(self.request.POST.get("password1", ""))
        super().send_account_already_exists_mail(email)

    def _may_log_in_again(self, request: HttpRequest, **credentials: Any) -> datetime | None:
        """When the last of the limits on wrong passwords that are used up has room again."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        which = {"app": "allauth.account", "action": "login_failed"}
        untils = []
        for rate in ratelimit.get_rates(**which):
            attempts = cache.get(ratelimit.get_cache_key(request, **which, rate=rate, key=key), [])
            if len(attempts) >= rate.amount:
                untils.append(attempts[rate.amount - 1] + rate.duration)
        return in_full_minutes(datetime.fromtimestamp(max(untils), UTC)) if untils else None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # of which smtplib's are a kind; they name addresses, which belong into no log
            logger.error("%s could not be sent: %s", template_prefix, type(error).__name__)
            raise MailFails(NO_MAIL) from None

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Of a change that is made already: it stands also where nobody can be told of it."""
        with suppress(MailFails):  # the log has it
            told = {**(context or {}), "timestamp": when(timezone.now())}
            super().send_notification_mail(template_prefix, user, told, email)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        plain = super().render_mail(template_prefix, email, context, headers)
        mail = mail_from_text(plain.subject, str(plain.body), plain.to[0])
        mail.from_email, mail.to = plain.from_email, plain.to
        mail.extra_headers |= {**(headers or {}), "Auto-Submitted": "auto-generated"}
        return mail
