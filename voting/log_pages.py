"""The pages of the sealed log: where it stands, the keys that sign it, and its export."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from voting import log
from voting.models import Poll, Seal, SigningKey
from voting.queries import visible_poll

SHOWN = 20  # newest heads


@require_safe
def poll_log(request: HttpRequest, poll_id: int) -> HttpResponse:
    """The log of a poll: its newest heads, its rules as they were frozen, what was amended, and how to check it."""
    poll = visible_poll(request.user, poll_id)
    context = {
        "poll": poll,
        "seals": Seal.objects.filter(poll=poll).order_by("-number")[:SHOWN],
        "statements": log.statements_of(poll),
        "crumbs": crumbs_of(poll),
    }
    return render(request, "voting/poll_log.html", context)


@require_safe
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this installation."""
    return render(request, "voting/signing_keys.html", {"keys": SigningKey.objects.all()})


def crumbs_of(poll: Poll) -> list[dict[str, str]]:
    return [
        {"title": gettext("Consultations"), "url": reverse("consultations:consultations")},
        {"title": poll.consultation.title, "url": poll.consultation.get_absolute_url()},
        {"title": poll.question, "url": poll.get_absolute_url()},
    ]
