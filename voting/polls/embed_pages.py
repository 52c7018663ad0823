"""A poll's count for other people's pages, which put it into a frame."""

from csp.decorators import csp_replace
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from frontend.visitors import shared_by_visitors
from voting.polls.pages import card_now, decided_in


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
@shared_by_visitors
def embedded_poll(request: HttpRequest, poll_id: int) -> HttpResponse:
    """As anybody sees it, whoever reads: on another's page nobody is logged in. Has nothing that one could press."""
    card, _now = card_now(AnonymousUser(), poll_id)
    return render(request, "voting/embedded_poll.html", {"poll": card.poll, "card": card, "decided": decided_in(card)})
