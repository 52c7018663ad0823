"""Agreeing and disagreeing with what somebody said, and taking it back."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from comments.commenting import check_in_sight
from comments.models import Comment, Reaction
from consultations.clock import Act, require_phase

OWN_COMMENT = Reason("own_comment", _("This is your own comment: what others think of it counts."))

COUNTS = {1: "agree_count", -1: "disagree_count"}


def react(*, comment: Comment, actor: Person, value: int) -> Comment:
    """Agree (1) or disagree (-1) with a comment, or take it back (0). The same once more changes nothing.

    Gives the comment with its counts of now. Raises NotPermitted, PhaseClosed, InvalidInput for another value, Conflict
    for one's own comment and for one that is out of sight. Locks the comment's row, so that the counts are those of its
    reactions whoever presses at the same time. Nothing is recorded in the audit trail: who agrees with whom is nobody's
    business, and the row itself is the record.
    """
    require(actor, "comments.react_comment", comment)
    require_phase(comment.consultation, Act.COMMENT)
    assert isinstance(actor, User)
    if value not in (1, -1, 0):
        raise InvalidInput("strange_reaction", _("Agree, disagree or take it back."), field="value")
    if comment.author_id == actor.pk:
        raise Conflict(OWN_COMMENT)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(no_key=True, of=("self",)).get(pk=comment.pk)
        check_in_sight(locked)
        own = Reaction.objects.filter(comment=locked, user=actor)
        before = own.values_list("value", flat=True).first() or 0
        if value != before:
            if value:
                Reaction.objects.update_or_create(comment=locked, user=actor, defaults={"value": value})
            else:
                own.delete()
            _count(locked, before, -1)
            _count(locked, value, 1)
        locked.refresh_from_db(fields=["agree_count", "disagree_count"])
    return locked


def _count(comment: Comment, value: int, change: int) -> None:
    if value:
        name = COUNTS[value]
        Comment.objects.filter(pk=comment.pk).update(**{name: F(name) + change})
