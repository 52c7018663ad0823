"""Correcting what one has just said, and deleting it. The thread stands either way."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, Reason
from comments.annotations.annotating import checked_suggestion
from comments.commenting import check_in_sight, checked, conflict_over, keep_mentions, mention
from comments.live import announce_soon
from comments.models import Annotation, Comment
from comments.telling import tell_of
from consultations.clock import Act, database_now, require_phase
from frontend import markup

# Long enough to mend a slip, too short to turn around what others have agreed with.
EDIT_WINDOW = timedelta(minutes=15)

TOO_LATE_TO_EDIT = Reason(
    "too_late_to_edit",
    _("A comment can be corrected for 15 minutes after it was published. Write a reply to it, or delete it."),
)
DELETED_ALREADY = Reason("deleted_already", _("You have deleted this comment already."))


def check_may_be_edited(comment: Comment, now: datetime | None = None) -> None:
    """Raise Conflict for a comment that nobody may correct any more, its author neither."""
    if comment.is_hidden or comment.is_deleted:
        check_in_sight(comment)
    if (now or database_now()) >= comment.created_at + EDIT_WINDOW:
        raise conflict_over(comment, TOO_LATE_TO_EDIT)


def edit_comment(*, comment: Comment, actor: Person, body: str, suggestion: str | None = None) -> Comment:
    """Put ``body`` in the place of what its author wrote, within ``EDIT_WINDOW``; everybody sees that it was edited.

    suggestion: of an annotation that suggests words, other ones, for which ``body`` may then be empty as in
        ``annotate``; None leaves them as they are. Of everything else it is left aside.
    Raises NotPermitted for another person, PhaseClosed, InvalidInput as for a new one, Conflict when it is too late or
    the comment is out of sight. Locks its row. What stood there before is kept nowhere.
    """
    require(actor, "comments.change_comment", comment)
    if not comment.is_official:
        require_phase(comment.consultation, Act.COMMENT)
    assert isinstance(actor, User)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(no_key=True, of=("self",)).get(pk=comment.pk)
        now = database_now()
        check_may_be_edited(locked, now)
        quote, is_reworded = _reworded(locked, suggestion)
        if quote is not None:
            body = (body.strip() and body) or markup.as_text(quote.suggestion)
        text, meant = mention(locked, checked(body))
        if text != locked.body or meant or is_reworded:
            if quote is not None:
                quote.save(update_fields=["suggestion"])
            locked.body, locked.edited_at = text, now
            locked.save(update_fields=["body", "edited_at"])
            keep_mentions(locked, meant)
            audit.record("comments.comment_edited", actor=actor, on=locked, consultation_id=locked.consultation_id)
            tell_of(locked)
            transaction.on_commit(partial(announce_soon, locked.consultation_id))
    return locked


def _reworded(comment: Comment, suggestion: str | None) -> tuple[Annotation | None, bool]:
    """The annotation with the wording that its author suggests now, not saved, and whether it is another one; None
    where there is no wording to correct."""
    if suggestion is None:
        return None, False
    found = Annotation.objects.filter(comment=comment, purpose=Annotation.Purpose.SUGGEST).first()
    if found is None:
        return None, False
    old, found.suggestion = found.suggestion, checked_suggestion(suggestion, found.exact)
    return found, found.suggestion != old


def delete_comment(*, comment: Comment, actor: Person) -> Comment:
    """Take away one's own words, at any time; the comment's place and the answers to it stay.

    The words, a wording that they suggest, whom they mention and what people thought of them are gone from the
    database. Raises NotPermitted for another person, Conflict the second time. Locks its row.
    """
    require(actor, "comments.delete_comment", comment)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if locked.is_deleted:
            raise Conflict(DELETED_ALREADY)
        locked.body, locked.deleted_at = "", database_now()
        locked.agree_count = locked.disagree_count = 0
        locked.save(update_fields=["body", "deleted_at", "agree_count", "disagree_count"])
        Annotation.objects.filter(comment=locked).update(suggestion="")
        locked.mentions.all().delete()
        locked.reactions.all().delete()
        transaction.on_commit(partial(announce_soon, locked.consultation_id))
        audit.record("comments.comment_deleted", actor=actor, on=locked, consultation_id=locked.consultation_id)
    return locked
