"""The pages of the sealed log: where it stands, the keys that sign it, and its export."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations.pages import Crumbs, crumbs_to
from voting.log import reading as log
from voting.log.export import write_log
from voting.models import Poll, Seal, SigningKey
from voting.polls.queries import visible_poll
from voting.results.gate import ballots_withheld

SHOWN = 20  # newest heads
CHUNK = 64 * 1024


@require_safe
def poll_log(request: HttpRequest, poll_id: int) -> HttpResponse:
    """The log of a poll: its newest heads, its rules as they were frozen, what was amended, and how to check it."""
    poll = visible_poll(request.user, poll_id)
    context = {
        "poll": poll,
        "seals": Seal.objects.filter(poll=poll).order_by("-number")[:SHOWN],
        "statements": log.statements_of(poll),
        "withheld": ballots_withheld(poll, request.user) if poll.is_closed else None,
        "crumbs": crumbs_of(poll),
    }
    return render(request, "voting/poll_log.html", context)


@require_safe
def export_log(request: HttpRequest, poll_id: int) -> StreamingHttpResponse:
    """The log as a zip, after the close; the API's address too."""
    poll = visible_poll(request.user, poll_id)
    address = request.build_absolute_uri(poll.get_absolute_url())
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it has been sent
    write_log(poll, file, user=request.user, address=address, source=settings.SOURCE_URL)
    file.seek(0)
    answer = StreamingHttpResponse(_chunks(file), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="poll-{poll.pk}-log.zip"'
    return answer


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


@require_safe
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this installation."""
    return render(request, "voting/signing_keys.html", {"keys": SigningKey.objects.all()})


def crumbs_of(poll: Poll) -> Crumbs:
    return [*crumbs_to(poll.consultation), {"title": poll.question, "url": poll.get_absolute_url()}]
