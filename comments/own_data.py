"""What this room holds about a person."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices.telling import forget_who
from accounts.own_data.holdings import Holding
from comments.models import Annotation, Appeal, Disposition, Placement
from consultations.clock import database_now


def erase_comments(user: User, with_texts: bool) -> None:
    """Their words go; that somebody said something there stays, so that answers have what they answer."""
    own = user.comments.filter(is_official=False).values_list("pk", flat=True)
    forget_who(f"comment {pk}" for pk in own)  # of telling.py
    if with_texts:
        Annotation.objects.filter(comment__author=user, comment__is_official=False).update(suggestion="")
        user.comments.filter(is_official=False, deleted_at__isnull=True).update(body="", deleted_at=database_now())


def erase_explanations(user: User, with_texts: bool) -> None:
    user.flags.update(explanation="")


def appeals_of(user: User) -> QuerySet[Appeal]:
    """Those about what the person wrote, or about their account."""
    about = Q(decision__comment__author=user) | Q(decision__proposal__author=user) | Q(decision__account=user)
    return Appeal.objects.filter(about)


def erase_appeals(user: User, with_texts: bool) -> None:
    appeals_of(user).update(words="…")


HOLDINGS = [
    Holding(
        "comments",
        _("Your comments"),
        ("comments.comment",),
        lambda user: user.comments.values(
            "pk",
            "consultation__slug",
            "proposal",
            "root",
            "body",
            "created_at",
            "document",
            "annotation__exact",
            "annotation__suggestion",
        ),
        _("As you choose below."),
        erase_comments,
    ),
    Holding(
        "reactions",
        _("With which comments you agree or disagree"),
        ("comments.reaction",),
        lambda user: user.reactions.values("comment", "value"),
        _("Stays, without your name: the numbers are public."),
    ),
    Holding(
        "mentions",
        _("Where somebody named you"),
        ("comments.mention",),
        lambda user: user.mentions.values("comment", "comment__consultation__slug"),
        _("Stays, with the pseudonym in place of your name."),
    ),
    Holding(
        "flags",
        _("What you reported to the moderators, and why"),
        ("comments.flag",),
        lambda user: user.flags.values("comment", "proposal", "ground", "explanation", "created_at"),
        _("That somebody reported it stays, without your name or your words."),
        erase_explanations,
    ),
    Holding(
        "moderation",
        _("What you decided as a moderator"),
        ("comments.moderationdecision",),
        lambda user: user.moderation_decisions.values("act", "reason", "decided_at"),
        _("Stays: it is the agency's decision. Your name was never public there."),
        is_of_work=True,
    ),
    Holding(
        "dispositions",
        _("What you said for an agency about what became of contributions"),
        ("comments.disposition",),
        lambda user: Disposition.objects.filter(given_by=user).values(
            "comment", "proposal", "kind", "reason", "given_at"
        ),
        _("Stays: it is the agency's answer. Your name was never public there."),
        is_of_work=True,
    ),
    Holding(
        "placements",
        _("Which annotations you placed by hand"),
        ("comments.placement",),
        lambda user: Placement.objects.filter(settled_by=user).values("annotation", "version", "settled_at"),
        _("Stays: it is the agency's deed. Your name was never public there."),
        is_of_work=True,
    ),
    Holding(
        "appeals",
        _("What you asked another moderator to look at again"),
        ("comments.appeal",),
        lambda user: appeals_of(user).values("decision", "words", "made_at", "outcome", "answer", "answered_at"),
        _("That somebody appealed stays, without your words."),
        erase_appeals,
    ),
]
