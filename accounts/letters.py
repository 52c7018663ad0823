"""E-mails that this room sends, each in the language of who gets it. Log-in codes are allauth's."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.access import Person
from accounts.models import Agency, Membership, User


def tell_member_after_commit(agency: Agency, user: User, actor: Person) -> None:
    """A mail server that is down must not lose the membership: ``robust`` logs the failure and goes on."""

    def send() -> None:  # not a partial: to log a failure Django asks for its __qualname__
        tell_member(agency, user, actor)

    transaction.on_commit(send, robust=True)


def tell_member(agency: Agency, user: User, actor: Person) -> None:
    """Tell somebody that they are a member now, in which roles, and how to log in."""
    membership = Membership.objects.filter(agency=agency, user=user).first()
    if membership is None:  # removed again meanwhile
        return
    with translation.override(user.language):
        context = {
            "user": user,
            "agency": agency,
            "actor": actor,
            "role_labels": membership.role_labels,
            "agency_url": settings.SITE_URL + agency.get_absolute_url(),
            "login_url": settings.SITE_URL + reverse("account_request_login_code"),
        }
        subject = gettext("You work with %(agency)s now") % {"agency": agency.name}
        text = render_to_string("accounts/email/tell_member.txt", context)
    send_mail(" ".join(subject.split()), text, None, [user.email])
