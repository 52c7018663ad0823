"""Saying something: about a consultation, about a proposal, in answer to somebody, or for the agency."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason, Refusal
from comments.models import Comment
from consultations.clock import Act, database_now, require_phase
from consultations.models import Consultation, Proposal
from consultations.permissions import is_held_at_first

HIDDEN = Reason("hidden", _("A moderator has hidden what you answer."))
HELD = Reason("held", _("What you answer waits for a moderator. It can be answered once it is published."))
HELD_PROPOSAL = Reason("held_proposal", _("This proposal waits for a moderator. Comments begin once it is published."))
LOCKED = Reason("locked", _("A moderator has locked this conversation: it can be read, and not be answered any more."))
HIDDEN_PROPOSAL = Reason("hidden_proposal", _("A moderator has hidden this proposal."))
SAID_ALREADY = Reason("said_already", _("You have just said exactly this here."))
TOO_FAST = Reason("too_fast", _("You have written ten comments within a minute. Wait a moment, then send this one."))

MAX_LENGTH = 5_000
MOST_AT_ONCE = 10
A_MOMENT = timedelta(minutes=1)


class SaidAlready(Conflict):
    """The same words by the same person in the same place a moment ago: a button pressed twice."""

    title = _("It was received already")

    def __init__(self, comment: Comment):
        super().__init__(SAID_ALREADY)
        self.comment = comment


class TooFast(Refusal):
    """Somebody writes faster than anybody reads."""

    status = 429
    title = _("A little slower")


def add_comment(
    *,
    consultation: Consultation,
    actor: Person,
    body: str,
    proposal: Proposal | None = None,
    answers: Comment | None = None,
    is_official: bool = False,
) -> Comment:
    """Comment on a consultation, or on a ``proposal`` of it, or in answer to a comment of the same place.

    is_official: the agency speaks; allowed to editors at any time. Where the consultation looks before others do, what
        citizens write is held until a moderator releases it.
    Raises NotPermitted, PhaseClosed, InvalidInput for an empty or over-long text or a place elsewhere, Conflict for an
    answer to something hidden, held or locked, SaidAlready for the same once more, TooFast. Locks the author's row, so
    that two requests at once are two.
    """
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.comment_consultation", consultation)
        require_phase(consultation, Act.COMMENT)
    assert isinstance(actor, User)
    body = _checked(body)
    _check_place(consultation, proposal, answers)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        now = database_now()
        comment = Comment(
            consultation=consultation,
            proposal=proposal,
            root_id=(answers.root_id or answers.pk) if answers else None,
            answers=answers,
            author=actor,
            is_official=is_official,
            body=body,
            created_at=now,
            held_at=now if not is_official and is_held_at_first(consultation, actor) else None,
        )
        _check_pace(comment, now)
        comment.save()
        if is_official:
            audit.record("comments.official_reply_made", actor=actor, on=comment, consultation_id=consultation.pk)
    return comment


def _check_place(consultation: Consultation, proposal: Proposal | None, answers: Comment | None) -> None:
    if proposal is not None:
        if proposal.consultation_id != consultation.pk:
            raise InvalidInput("strange_proposal", _("That proposal belongs to another consultation."), "proposal")
        if proposal.is_hidden:
            raise Conflict(HIDDEN_PROPOSAL)
        if proposal.held_at:
            raise Conflict(HELD_PROPOSAL)
    if answers is not None:
        if (answers.consultation_id, answers.proposal_id) != (consultation.pk, proposal.pk if proposal else None):
            raise InvalidInput("strange_answer", _("What you answer stands in another place."), field="answers")
        if answers.is_hidden:
            raise Conflict(HIDDEN)
        if answers.held_at:
            raise Conflict(HELD)
        if (answers.root or answers).locked_at:
            raise Conflict(LOCKED)


def _check_pace(comment: Comment, now: datetime) -> None:
    """Refuse what its author has just said, and more than anybody writes. Reads the author's last few comments."""
    last = Comment.objects.filter(author=comment.author_id).order_by("-pk")[:MOST_AT_ONCE]
    recent = [said for said in last if said.created_at > now - A_MOMENT]
    for said in recent:
        if (said.body, _place(said)) == (comment.body, _place(comment)):
            raise SaidAlready(said)
    if len(recent) == MOST_AT_ONCE:
        raise TooFast(TOO_FAST)


def _place(comment: Comment) -> tuple[int, int | None, int | None]:
    return comment.consultation_id, comment.proposal_id, comment.answers_id


def _checked(body: str) -> str:
    body = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body:
        raise InvalidInput("empty", _("Write your comment first."), field="body")
    if len(body) > MAX_LENGTH:
        raise InvalidInput(
            "too_long", _("Your comment has more than 5,000 characters. Shorten it a little."), field="body"
        )
    return body
