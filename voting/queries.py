"""What the pages of polls read: all the polls of a consultation in a constant number of queries."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Person, why_not
from consultations.models import Consultation, Proposal
from voting.closing import close_if_due
from voting.models import Poll


def poll_or_404(user: Person, poll_id: int) -> Poll:
    """A poll with all that its page shows of it; what a person may not see is not found."""
    found = for_cards(Poll.objects.visible_to(user))
    return get_object_or_404(
        found.select_related("consultation__agency", "consultation__budget").prefetch_related("consultation__phases"),
        pk=poll_id,
    )


def visible_poll(user: Person, poll_id: int) -> Poll:
    """A poll for a page that shows nothing of its count; what a person may not see is not found."""
    return get_object_or_404(Poll.objects.visible_to(user).select_related("consultation", "phase"), pk=poll_id)


def poll_to_cast_in(user: Person, poll_id: int) -> Poll:
    """A poll with what casting asks of it, and no more; what a person may not see is not found. One query."""
    polls = Poll.objects.select_related("consultation").defer("consultation__body")
    found = get_object_or_404(polls, pk=poll_id)
    if why_not(user, "voting.view_poll", found):
        raise Http404
    return found


def polls_in(consultation: Consultation, now: datetime) -> list[Poll]:
    """The polls of a consultation, those whose time is over closed. Two queries while none is due."""
    found = for_cards(consultation.polls.all())
    polls = list(found)
    if [poll for poll in polls if close_when_due(poll, now)]:
        polls = list(found.all())
    for poll in polls:
        poll.consultation = consultation
    return polls


def for_cards(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """With all that a card shows."""
    return polls.select_related("phase", "outcome", "secret", "tally").prefetch_related("options")


def close_when_due(poll: Poll, now: datetime) -> bool:
    """Close a poll whose time is over at ``now``; True if it is closed by that. No query for one that is not due."""
    if poll.is_closed or poll.phase.ends_at is None or now < poll.phase.ends_at:
        return False
    return close_if_due(poll).is_closed


def polls_with(proposal: Proposal) -> QuerySet[Poll]:
    """The polls in which a proposal is an option."""
    return for_cards(Poll.objects.filter(options__proposal=proposal))
