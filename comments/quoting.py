"""A comment's words with the names of those whom it mentions: to correct, to quote, to show them elsewhere."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext

from comments import mentions
from comments.models import Comment, Mention
from frontend import markup


def as_typed(comment: Comment) -> str:
    """What its author would type: with the names of those whom it mentions. One query, if it mentions anybody."""
    return mentions.with_names(comment.body, _names([comment])[comment.pk])


def in_markdown(comments: Iterable[Comment]) -> dict[int, str]:
    """What each says, by id, to be rendered: a name in it is a name, whatever signs it has. One query, or none."""
    comments = list(comments)
    names = _names(comments)
    return {
        comment.pk: mentions.with_names(
            comment.body, {position: markup.as_text(name) for position, name in names[comment.pk].items()}
        )
        for comment in comments
    }


def quotation_of(comment: Comment, words: str = "") -> str:
    """A Markdown quotation of a comment for the beginning of an answer: of ``words`` of it, else of all that it says.

    Words that do not stand in it are not put into its author's mouth: then all of it is quoted. Quotations in it are
    left out. Whom it mentions is named, and not mentioned again.
    """
    said = mentions.with_names(comment.body, _names([comment])[comment.pk], sign="")
    words = " ".join(words.split())
    if words and words in markup.plain(said):
        return markup.quotation(words)
    own = "\n".join(line for line in said.splitlines() if not line.lstrip().startswith(">"))
    return markup.quotation(own)


def _names(comments: Iterable[Comment]) -> dict[int, dict[int, str]]:
    """For each comment: position -> name of today."""
    names: dict[int, dict[int, str]] = defaultdict(dict)
    marked = [comment.pk for comment in comments if mentions.MARK.search(comment.body)]
    if marked:
        nobody = gettext("Former account")
        for mention in Mention.objects.filter(comment__in=marked).select_related("user"):
            names[mention.comment_id][mention.position] = mention.user.name if mention.user else nobody
    return names
