"""Letters that this room sends beside notices, each in the language of who gets it; and the look of allauth's.

A letter is written in the transaction of its deed and sent by the worker (``notices/sending.py``). Log-in codes are
allauth's: somebody waits for them at the screen, so they are sent at once.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from accounts.access import Person
from accounts.models import Agency, Letter, Membership, User
from accounts.notices.mails import NothingToSay, mail_from_text
from accounts.notices.tasks import empty_outbox


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


class AccountAdapter(DefaultAccountAdapter):
    """allauth's letters, in the same frame as ours: their HTML is made of their text."""

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
