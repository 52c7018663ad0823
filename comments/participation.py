"""What a person did in this room, and what became of it."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.participation import Deed, Section
from accounts.refusals import Text
from comments import mentions
from comments.annotations.cards import annotation_of
from comments.dispositions.fates import with_fates
from comments.models import Comment, Disposition
from comments.queries import with_mentioned, with_quotes
from frontend.markup import plain

EXCERPT = 140  # characters


def fate_of(comment: Comment) -> Text:
    """How a comment stands, for its author."""
    if comment.is_hidden:
        return gettext("A moderator has hidden it: %(reason)s") % {"reason": comment.hidden_reason}
    if comment.held_at:
        return gettext("It waits for a moderator; then others see it.")
    if comment.fate:  # type: ignore[attr-defined]
        return what_became_of_it(comment.fate["kind"], comment.fate["reason"])  # type: ignore[attr-defined]
    if comment.is_answered:  # type: ignore[attr-defined]
        return gettext("The agency has answered it.")
    return ""


def own_comments(user: User) -> QuerySet[Comment]:
    answers = Comment.objects.filter(answers=OuterRef("pk"), is_official=True, hidden_at__isnull=True)
    own = user.comments.filter(is_official=False, deleted_at__isnull=True)
    return (
        with_quotes(with_fates(with_mentioned(own)))
        .select_related("consultation", "proposal", "document", "annotation__article__version")
        .annotate(is_answered=Exists(answers))
        .order_by("-pk")
    )


def deed_of(comment: Comment) -> Deed:
    words = plain(mentions.in_markdown(comment))
    annotation = annotation_of(comment)
    if annotation is not None:  # the words that it is about come first
        words = f"“{_short(annotation.exact)}” {words}"
    title = _short(words)
    where = str(comment.proposal or comment.document or comment.consultation)
    return Deed(title, comment.get_absolute_url(), where, comment.created_at, fate_of(comment))


def _short(words: str) -> str:
    return words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"


def what_became_of_it(kind: str, reason: str) -> str:
    facts = {"what": Disposition.Kind(kind).label, "reason": reason}
    return gettext("%(what)s. The agency's reason: %(reason)s") % facts


SECTIONS = [Section("comments", _("Comments"), _("You have not commented yet."), own_comments, deed_of)]
