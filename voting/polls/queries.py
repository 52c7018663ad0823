"""What the pages of polls read: all the polls of a consultation in a constant number of queries."""

import json
from datetime import datetime

from django.db.models import IntegerField, Model, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Person, why_not
from accounts.prepared import prepared
from consultations.models import Consultation, Proposal
from voting import methods
from voting.ballots import pipeline
from voting.ballots.closing import close_if_due
from voting.models import PaperBatch, Poll
from voting.rolls.eligible import ENTRY_OF_POLL, remember_entry, with_entry


def poll_or_404(user: Person, poll_id: int) -> Poll:
    """A poll with all that its page shows of it; what a person may not see is not found."""
    found = _with_its_page(user, pk=poll_id)
    if not found:
        raise Http404
    return remember_entry(found[0], user)


@prepared
def _with_its_page(user: Person, *, pk: int) -> QuerySet[Poll]:
    found = with_entry(for_cards(Poll.objects.visible_to(user).filter(pk=pk)), user)
    return found.select_related("consultation__agency", "consultation__budget").prefetch_related("consultation__phases")


def visible_poll(user: Person, poll_id: int) -> Poll:
    """A poll for a page that shows nothing of its count; what a person may not see is not found."""
    return get_object_or_404(Poll.objects.visible_to(user).select_related("consultation", "phase"), pk=poll_id)


def _columns(model: type[Model], names: set[str]) -> list[str]:
    """In the order of the model, as ``from_db`` wants them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


_POLL = _columns(
    Poll,
    {
        "id",
        "method",
        "max_choices",
        "max_points",
        "rules",
        "consultation_id",
        "phase_id",
        "closed_at",
        "disclosure",
        "electoral_roll_id",
        "district_id",
    },
)
_CONSULTATION = _columns(Consultation, {"id", "slug", "visibility", "eligibility", "published_at", "agency_id"})
_TO_CAST_IN = f"""
    SELECT {", ".join(f"poll.{name}" for name in _POLL)}, {", ".join(f"consultation.{name}" for name in _CONSULTATION)},
        ARRAY(SELECT (id::text, kind, COALESCE(cost_cents, 0)) FROM voting_option option
            WHERE option.poll_id = poll.id ORDER BY position),
        ({ENTRY_OF_POLL}), (SELECT key FROM voting_pollsecret secret WHERE secret.poll_id = poll.id)
    FROM voting_poll poll JOIN consultations_consultation consultation ON consultation.id = poll.consultation_id
    WHERE poll.id = %s
"""  # noqa: S608


def poll_to_cast_in(user: Person, poll_id: int) -> Poll:
    """A poll with what casting asks of it, and no more; what a person may not see is not found.

    One query, written out: making it from models, and options one by one, costs more than the rest of a cast.
    """
    key = user.pk if user.is_authenticated else 0
    row = pipeline.one_row((_TO_CAST_IN, [key, key, poll_id]))
    if row is None:
        raise Http404
    poll = Poll.from_db("default", _POLL, row[: len(_POLL)])
    poll.rules = json.loads(poll.rules)  # the cursor leaves JSON as it stands
    poll.consultation = Consultation.from_db("default", _CONSULTATION, row[len(_POLL) : -3])
    poll.known_options = [methods.Option(id=pk, kind=kind, cost=int(cost)) for pk, kind, cost in row[-3]]
    if user.is_authenticated:
        poll.known_entry = (user.pk, row[-2])
    poll.known_secret = None if row[-1] is None else bytes(row[-1])
    if why_not(user, "voting.view_poll", poll):
        raise Http404
    return poll


def polls_in(consultation: Consultation, user: Person, now: datetime) -> list[Poll]:
    """The polls of a consultation, those whose time is over closed. Two queries while none is due."""
    polls = _polls_in(user, consultation=consultation.pk)
    if [poll for poll in polls if close_when_due(poll, now)]:
        polls = _polls_in(user, consultation=consultation.pk)
    for poll in polls:
        poll.consultation = consultation
        remember_entry(poll, user)
    return polls


@prepared
def _polls_in(user: Person, *, consultation: int) -> QuerySet[Poll]:
    found: QuerySet[Poll] = with_entry(for_cards(Poll.objects.filter(consultation=consultation)), user)
    return found


def for_cards(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """With all that a card shows; ``spoilt_found``: of its paper."""
    found = polls.select_related("phase", "outcome", "secret", "tally", "electoral_roll", "district")
    return found.annotate(spoilt_found=_spoilt()).prefetch_related("options")


def _spoilt() -> Subquery:
    cast = PaperBatch.objects.filter(poll=OuterRef("pk"), cast_at__isnull=False).order_by().values("poll")
    return Subquery(cast.values(number=Sum("spoilt_count")), output_field=IntegerField(null=True))


def close_when_due(poll: Poll, now: datetime) -> bool:
    """Close a poll whose time is over at ``now``; True if it is closed by that. No query for one that is not due."""
    if poll.is_closed or poll.phase.ends_at is None or now < poll.phase.ends_at:
        return False
    return close_if_due(poll).is_closed


def polls_with(proposal: Proposal) -> QuerySet[Poll]:
    """The polls in which a proposal is an option."""
    return for_cards(Poll.objects.filter(options__proposal=proposal))
