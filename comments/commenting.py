"""Saying something: about a consultation, about a proposal, in answer to somebody, or for the agency."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.live import announce_soon
from comments.mentions import neighbours_of, participants_of, with_marks
from comments.models import Annotation, Comment, Mention
from comments.telling import tell_of
from consultations.clock import Act, database_now, require_phase
from consultations.following import follow_by_taking_part
from consultations.limits import DAY, HOUR, Limit, require_pace
from consultations.models import Consultation, Document, Proposal, Question
from consultations.permissions import is_held_at_first
from frontend.typed import tidied

HIDDEN = Reason("hidden", _("A moderator has hidden what you answer."))
DELETED = Reason("deleted", _("Whoever wrote this comment has deleted it."))
HELD = Reason("held", _("What you answer waits for a moderator. It can be answered once it is published."))
HELD_PROPOSAL = Reason("held_proposal", _("This proposal waits for a moderator. Comments begin once it is published."))
LOCKED = Reason("locked", _("A moderator has locked this conversation: it can be read, and not be answered any more."))
HIDDEN_PROPOSAL = Reason("hidden_proposal", _("A moderator has hidden this proposal."))
SAID_ALREADY = Reason("said_already", _("You have just said exactly this here."))

MAX_LENGTH = 5_000
A_MOMENT = timedelta(minutes=1)
PACE = (
    Limit(10, A_MOMENT, _("You have written ten comments within a minute. Wait a moment, then send this one.")),
    Limit(60, HOUR, _("You have written {most} comments within an hour. You can send the next one {when}.")),
    Limit(200, DAY, _("You have written {most} comments within a day. You can send the next one {when}.")),
)


class SaidAlready(Conflict):
    """The same words by the same person in the same place a moment ago: a button pressed twice."""

    title = _("It was received already")

    def __init__(self, comment: Comment):
        super().__init__(SAID_ALREADY)
        self.comment = comment


def add_comment(
    *,
    consultation: Consultation,
    actor: Person,
    body: str,
    proposal: Proposal | None = None,
    question: Question | None = None,
    document: Document | None = None,
    answers: Comment | None = None,
    annotation: Annotation | None = None,
    is_official: bool = False,
) -> Comment:
    """Comment on a consultation, or on a ``proposal``, ``question`` or ``document`` of it, or answer a comment there.

    annotation: which words of the document it is about, not saved yet; ``annotations/annotating.py`` makes it.
    is_official: the agency speaks; allowed to editors at any time. Where the consultation looks before others do, what
        citizens write is held until a moderator releases it.
    "@" and a name mentions somebody of the thread, or where it begins one, somebody who speaks in the same place.
        Whom it answers and whom it mentions are told.
    Raises NotPermitted, PhaseClosed, InvalidInput for an empty or over-long text or a place elsewhere, Conflict for an
    answer to something out of sight or in a locked thread, SaidAlready for the same once more, TooFast. Locks the
    author's row, so that two requests at once are two.
    """
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.comment_consultation", consultation)
        require_phase(consultation, Act.COMMENT)
    assert isinstance(actor, User)
    body = checked(body)
    _check_place(consultation, proposal, question, document, answers)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        now = database_now()
        comment = Comment(
            consultation=consultation,
            proposal=proposal,
            question=question,
            document=document,
            root_id=(answers.root_id or answers.pk) if answers else None,
            answers=answers,
            author=actor,
            is_official=is_official,
            body=body,
            created_at=now,
            held_at=now if not is_official and is_held_at_first(consultation, actor) else None,
        )
        comment.body, meant = mention(comment, body)
        _check_pace(comment, annotation, now)
        comment.save()
        if annotation is not None:
            annotation.comment = comment
            annotation.save(force_insert=True)
        keep_mentions(comment, meant)
        tell_of(comment)
        transaction.on_commit(partial(announce_soon, consultation.pk))
        if not is_official:
            follow_by_taking_part(consultation=consultation, person=actor)
        else:
            audit.record("comments.official_reply_made", actor=actor, on=comment, consultation_id=consultation.pk)
    return comment


def check_in_sight(comment: Comment) -> None:
    """Raise Conflict for a comment that others cannot read: hidden, deleted by its author, or held."""
    if comment.is_hidden:
        raise conflict_over(comment, HIDDEN)
    if comment.held_at:
        raise conflict_over(comment, HELD)
    if comment.is_deleted:
        raise conflict_over(comment, DELETED)


def check_answerable(comment: Comment) -> None:
    """Raise Conflict for a comment that nobody may answer, whoever they are."""
    check_in_sight(comment)
    if (comment.root or comment).locked_at:
        raise conflict_over(comment, LOCKED)


def conflict_over(comment: Comment, reason: Reason) -> Conflict:
    """A refusal whose page leads to where the comment stands."""
    return Conflict(reason, page=comment.get_absolute_url(), page_label=_("Go to the conversation"))


def mention(comment: Comment, body: str) -> tuple[str, list[User]]:
    """What to store for what was typed, and whom it mentions, in the order of the marks."""
    if "@" not in body:
        return body, []
    people = participants_of(comment.root, comment.proposal) if comment.root else neighbours_of(comment)
    return with_marks(body, people)


def keep_mentions(comment: Comment, people: list[User]) -> None:
    """Put ``people`` in the place of those whom the comment mentioned."""
    comment.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(comment=comment, position=position, user=user) for position, user in enumerate(people, start=1)
    )


def _check_place(
    consultation: Consultation,
    proposal: Proposal | None,
    question: Question | None,
    document: Document | None,
    answers: Comment | None,
) -> None:
    if proposal is not None:
        if proposal.consultation_id != consultation.pk:
            raise InvalidInput("strange_proposal", _("That proposal belongs to another consultation."), "proposal")
        if proposal.is_hidden:
            raise Conflict(HIDDEN_PROPOSAL)
        if proposal.held_at:
            raise Conflict(HELD_PROPOSAL)
    if question is not None and (question.consultation_id != consultation.pk or proposal is not None):
        raise InvalidInput("strange_question", _("That question belongs to another consultation."), "question")
    if document is not None and document.consultation_id != consultation.pk:
        raise InvalidInput("strange_document", _("That text belongs to another consultation."), "document")
    if answers is not None:
        place = (consultation.pk, *(thing.pk if thing else None for thing in (proposal, question, document)))
        if (answers.consultation_id, answers.proposal_id, answers.question_id, answers.document_id) != place:
            raise InvalidInput("strange_answer", _("What you answer stands in another place."), field="answers")
        check_answerable(answers)


def _check_pace(comment: Comment, annotation: Annotation | None, now: datetime) -> None:
    """Refuse what its author has just said, and more than anybody writes; of officials by the minute alone."""
    own = Comment.objects.filter(author=comment.author_id)
    recent = own.filter(created_at__gt=now - A_MOMENT).select_related("annotation").order_by("-pk")
    for said in recent[:10]:
        quoted = getattr(said, "annotation", None)
        if (said.body, _place(said), _words(quoted)) == (comment.body, _place(comment), _words(annotation)):
            raise SaidAlready(said)
    require_pace(own, PACE[:1] if comment.is_official else PACE)


def _place(comment: Comment) -> tuple[int | None, ...]:
    return (
        comment.consultation_id,
        comment.proposal_id,
        comment.question_id,
        comment.document_id,
        comment.answers_id,
    )


def _words(annotation: Annotation | None) -> tuple[int | str, ...]:
    """Which words an annotation is about, and what it says to do with them."""
    if annotation is None:
        return ()
    return (annotation.article_id, annotation.start, annotation.end, annotation.purpose, annotation.suggestion)


def checked(body: str) -> str:
    """What somebody typed, tidied. Raises InvalidInput for nothing, and for too much."""
    body = tidied(body)
    if not body:
        raise InvalidInput("empty", _("Write your comment first."), field="body")
    if len(body) > MAX_LENGTH:
        raise InvalidInput(
            "too_long", _("Your comment has more than 5,000 characters. Shorten it a little."), field="body"
        )
    return body
