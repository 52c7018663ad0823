"""The one letter of this room that goes to an address and not to an account: an invitation to sign a proposal."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from consultations.models import CoAuthor


def invite_after_commit(invitation: CoAuthor, actor: User) -> None:
    """A mail server that is down must not lose the invitation: ``robust`` logs the failure and goes on."""

    def send() -> None:  # not a partial: to log a failure Django asks for its __qualname__
        invite(invitation, actor)

    transaction.on_commit(send, robust=True)


def invite(invitation: CoAuthor, actor: User) -> None:
    """In the language of who invites: of the other we know nothing, and must not show that we do."""
    proposal = invitation.proposal
    with translation.override(actor.language):
        context = {
            "actor": actor,
            "proposal": proposal,
            "consultation": proposal.consultation,
            "url": settings.SITE_URL + reverse("consultations:answer-invitation", args=[proposal.pk]),
        }
        subject = gettext("%(name)s asks you to sign a proposal together") % {"name": actor.name}
        text = render_to_string("consultations/email/invite_co_author.txt", context)
    send_mail(" ".join(subject.split()), text, None, [invitation.email])
