"""A comment's words as somebody types them: to correct them, or to quote some of them in an answer."""

from django.utils.translation import gettext

from comments import mentions
from comments.models import Comment
from frontend import markup


def as_typed(comment: Comment) -> str:
    """What its author would type: with the names of those whom it mentions. One query, if it mentions anybody."""
    return mentions.with_names(comment.body, _names(comment))


def quotation_of(comment: Comment, words: str = "") -> str:
    """A Markdown quotation of a comment for the beginning of an answer: of ``words`` of it, else of all that it says.

    Words that do not stand in it are not put into its author's mouth: then all of it is quoted. Quotations in it are
    left out. Whom it mentions is named, and not mentioned again.
    """
    said = mentions.with_names(comment.body, _names(comment), sign="")
    words = " ".join(words.split())
    if words and words in markup.plain(said):
        return markup.quotation(words)
    own = "\n".join(line for line in said.splitlines() if not line.lstrip().startswith(">"))
    return markup.quotation(own)


def _names(comment: Comment) -> dict[int, str]:
    if not mentions.MARK.search(comment.body):
        return {}
    nobody = gettext("Former account")
    found = comment.mentions.select_related("user")
    return {mention.position: mention.user.name if mention.user else nobody for mention in found}
