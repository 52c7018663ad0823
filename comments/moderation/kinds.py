"""Every kind of contribution that can be reported and decided about. A new kind is one line in ``KINDS``.

Reports, queue, decisions, undoing and patterns walk this table, and so does a test that reports and decides one of each
(``tests/comments/test_every_kind.py``). A kind whose rows are in a table of their own also needs a column of its name
in ``Flag`` and ``ModerationDecision``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from comments import queries
from comments.annotations.cards import annotation_of
from comments.models import Comment, ModerationDecision
from comments.quoting import in_markdown
from consultations.models import Proposal
from consultations.page_facts import with_photos

Contribution = Comment | Proposal
Subject = ModerationDecision.Subject


@dataclass(frozen=True)
class Kind:
    """``name``: the column in ``Flag`` and ``ModerationDecision``. ``text``: what a moderator takes out of sight.

    gone: the field that says when its author took it back. show: with what its card needs.
    """

    name: str
    model: type[Any]
    subject: Callable[[Any], Subject]
    text: Callable[[Any], str]
    gone: str
    show: Callable[[QuerySet[Any]], QuerySet[Any]]

    def still_there(self, prefix: str = "") -> Q:
        return Q(**{f"{prefix}{self.gone}__isnull": True})

    def to_show(self) -> QuerySet[Any]:
        """With what the pages of moderation show of it."""
        return self.show(self.model.objects.select_related("author", "consultation__agency"))


def _comment_subject(comment: Comment) -> Subject:
    return Subject.OFFICIAL_REPLY if comment.is_official else Subject.COMMENT


def _comment_text(comment: Comment) -> str:
    """What it says; of an annotation that suggests other words, those too, on a line of their own."""
    annotation = annotation_of(comment)
    return "\n\n".join(filter(None, [comment.body, annotation.suggestion if annotation else ""]))


def _proposal_text(proposal: Proposal) -> str:
    """Title, an empty line, body; with its category and place if it has them, each on a line of its own at the end."""
    parts = [proposal.title, proposal.body, "\n".join(filter(None, [proposal.category, proposal.place]))]
    return "\n\n".join(filter(None, parts))


def _comments_to_show(rows: QuerySet[Any]) -> QuerySet[Any]:
    return queries.with_quotes(queries.to_show(rows, queries.ANYBODY)).select_related(
        "consultation__agency", "proposal"
    )


def _proposals_to_show(rows: QuerySet[Any]) -> QuerySet[Any]:
    return with_photos(rows.prefetch_related("consultation__custom_fields"))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("comment", Comment, _comment_subject, _comment_text, "deleted_at", _comments_to_show),
        Kind(
            "proposal", Proposal, lambda proposal: Subject.PROPOSAL, _proposal_text, "withdrawn_at", _proposals_to_show
        ),
    )
}


def kind_of(target: Contribution) -> Kind:
    return next(kind for kind in KINDS.values() if isinstance(target, kind.model))


def shown_texts(targets: Iterable[Contribution | None]) -> dict[Contribution, str]:
    """Their texts as Markdown to be shown: a comment's with the names of those whom it mentions. One query, or none."""
    found = [target for target in targets if target is not None]
    comments = in_markdown(target for target in found if isinstance(target, Comment))
    return {
        target: comments[target.pk] if isinstance(target, Comment) else kind_of(target).text(target) for target in found
    }


def on(target: Contribution) -> dict[str, Contribution]:
    """The column and the value that say that a flag or a decision is about ``target``."""
    return {kind_of(target).name: target}
