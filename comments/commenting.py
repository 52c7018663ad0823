"""Saying something: about a consultation, about a proposal, in answer to somebody, or for the agency."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.models import Comment
from consultations.clock import Act, require_phase
from consultations.models import Consultation, Proposal

HIDDEN = Reason("hidden", _("A moderator has hidden what you answer."))
MAX_LENGTH = 5_000


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

    is_official: the agency speaks; allowed to editors at any time.
    Raises NotPermitted, PhaseClosed, InvalidInput for an empty or over-long text, Conflict for an answer to a hidden
    comment.
    """
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.comment_consultation", consultation)
        require_phase(consultation, Act.COMMENT)
    assert isinstance(actor, User)
    body = _checked(body)
    if answers is not None:
        if (answers.consultation_id, answers.proposal_id) != (consultation.pk, proposal.pk if proposal else None):
            raise InvalidInput("strange_answer", _("What you answer stands in another place."), field="answers")
        if answers.is_hidden:
            raise Conflict(HIDDEN)
    with transaction.atomic():
        comment = Comment.objects.create(
            consultation=consultation,
            proposal=proposal,
            root_id=(answers.root_id or answers.pk) if answers else None,
            answers=answers,
            author=actor,
            is_official=is_official,
            body=body,
        )
        if is_official:
            audit.record("comments.official_reply_made", actor=actor, on=comment, consultation_id=consultation.pk)
    return comment


def _checked(body: str) -> str:
    body = body.replace("\x00", "").strip()
    if not body:
        raise InvalidInput("empty", _("Write your comment first."), field="body")
    if len(body) > MAX_LENGTH:
        raise InvalidInput(
            "too_long", _("Your comment has more than 5,000 characters. Shorten it a little."), field="body"
        )
    return body
