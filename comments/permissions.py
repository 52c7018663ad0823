"""Who may do what with comments, flags and moderation. The whole policy of this room.

Nearly everything follows from the consultation: who takes part comments, reacts and flags, who moderates it hides and
answers flags, who replies for the agency replies officially. One's own words one may correct while one takes part, and
delete whatever happened since. When comments are received is the clock's matter.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Person, Rule, granted_on, why_not
from accounts.refusals import NEEDS_ACCOUNT, Reason
from comments.models import Comment

NOT_YOURS = Reason("not_yours", _("Somebody else wrote this comment."))


def author(user: Person, comment: Comment) -> Reason | None:
    """Whoever wrote it, logged in."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    return None if comment.author_id == user.pk else NOT_YOURS


def author_who_takes_part(user: Person, comment: Comment) -> Reason | None:
    """Whoever wrote it and still may: for the agency where it was said for the agency."""
    reason = author(user, comment)
    if reason:
        return reason
    act = "reply" if comment.is_official else "comment"
    return why_not(user, f"consultations.{act}_consultation", comment.consultation)


def official(user: Person, contribution: Any) -> Reason | None:
    """Who moderates the consultation, or replies for its agency: they put marks on contributions."""
    if user.has_perm("consultations.moderate_consultation", contribution.consultation):
        return None
    return why_not(user, "consultations.reply_consultation", contribution.consultation)


RULES: dict[str, Rule] = {
    "comments.view_comment": granted_on("consultations.view_consultation", "consultation"),
    "comments.reply_comment": granted_on("consultations.comment_consultation", "consultation"),
    "comments.react_comment": granted_on("consultations.comment_consultation", "consultation"),
    "comments.change_comment": author_who_takes_part,
    "comments.delete_comment": author,
    "comments.flag_comment": granted_on("consultations.comment_consultation", "consultation"),
    "comments.hide_comment": granted_on("consultations.moderate_consultation", "consultation"),
    "comments.mark_comment": official,
    "comments.mark_proposal": official,
    "comments.answer_flag": granted_on("consultations.moderate_consultation", "consultation"),
}
