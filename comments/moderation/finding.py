"""What the pages of moderation find by their addresses: what a person may not see is not found."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import Person
from accounts.models import User
from comments import queries
from comments.models import Comment, ModerationDecision
from comments.moderation.kinds import KINDS, Contribution, shown_texts
from consultations.models import Consultation


def target_or_404(user: Person, kind: str, pk: int) -> Contribution:
    """A contribution of a kind, with what its pages show of it."""
    if kind == "comment":
        return get_object_or_404(queries.comment_to_show(Comment.objects.visible_to(user)), pk=pk)
    found = KINDS[kind].model.objects.visible_to(user).select_related("author", "consultation__agency")
    return get_object_or_404(found.prefetch_related("consultation__phases"), pk=pk)


def consultation_or_404(user: Person, slug: str) -> Consultation:
    found = Consultation.objects.visible_to(user).select_related("agency").prefetch_related("phases")
    return get_object_or_404(found, slug=slug)


def decision_or_404(user: Person, pk: int) -> ModerationDecision:
    """For whom it concerns and for the moderators. For everybody else there is the open book."""
    found = ModerationDecision.objects.select_related(
        "consultation__agency", "comment__author", "proposal__author", "account", "moderator", "appeal"
    )
    decision = get_object_or_404(found, pk=pk)
    concerned = user.is_authenticated and decision.subject_id == user.pk
    if not (concerned or user.has_perm("consultations.moderate_consultation", decision.consultation)):
        raise Http404
    return decision


def address_of(target: Contribution) -> str:
    """Where a contribution stands."""
    if isinstance(target, Comment):
        return f"{target.get_absolute_url()}#comment-{target.pk}"
    return target.get_absolute_url()


@dataclass(frozen=True)
class Written:
    """Something that an account wrote, with its text as Markdown and where it stands."""

    target: Contribution
    text: str
    address: str


def latest_of(author: User, consultation: Consultation) -> list[Written]:
    """The last five that somebody wrote in a consultation: what a block of theirs is judged by."""
    found: list[Contribution] = []
    for kind in KINDS.values():
        theirs = kind.to_show().filter(kind.still_there(), author=author, consultation=consultation)
        found += theirs.order_by("-pk")[:5]
    newest = sorted(found, key=lambda row: row.created_at, reverse=True)[:5]
    texts = shown_texts(newest)
    return [Written(row, texts[row], address_of(row)) for row in newest]
