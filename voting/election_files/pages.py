"""A budget poll as an election file, for whoever may see its single ballots."""

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import Person
from consultations.open_data.streaming import nothing
from voting.ballots.closing import close_if_due
from voting.election_files.exporting import PabulibFile
from voting.election_files.exporting import export_pabulib as export
from voting.models import Poll


@require_safe
def export_pabulib(request: HttpRequest, poll_id: int) -> HttpResponseBase:
    """The Pabulib file of a poll."""
    poll = close_if_due(budget_poll_or_404(request.user, poll_id))
    return answer_with(export(poll=poll, reader=request.user), request)


def budget_poll_or_404(user: Person, poll_id: int) -> Poll:
    """A poll that the person may see, with all that its file says of it."""
    polls = Poll.objects.visible_to(user).select_related(
        "phase", "consultation__budget", "consultation__agency", "district", "electoral_roll"
    )
    return get_object_or_404(polls, pk=poll_id)


def answer_with(file: PabulibFile, request: HttpRequest) -> HttpResponseBase:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{file.filename}"',
        "Cache-Control": "private, no-cache",
        "X-Accel-Buffering": "no",  # nginx would keep it back
    }
    if request.method == "HEAD":
        return StreamingHttpResponse(nothing(), headers=headers)
    return StreamingHttpResponse(file.read(), headers=headers)
