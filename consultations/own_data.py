"""What this room holds about a person."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.files.storing import discard_after_commit
from accounts.models import User
from accounts.notices.telling import forget_who
from accounts.own_data.holdings import Holding
from consultations.clock import database_now
from consultations.models import (
    Attachment,
    BroughtIn,
    CoAuthor,
    DateChange,
    DistrictReviewer,
    ProposalReviewer,
    ProposalVersion,
    Report,
    Succession,
    Version,
)


def erase_proposals(user: User, with_texts: bool) -> None:
    """Proposals that are in no vote go with their author's texts; one that people vote on stays what they vote on."""
    if not with_texts:
        return
    own = user.proposals.filter(is_official=False, options__isnull=True)
    own.update(title="—", body="", place="", answers={}, latitude=None, longitude=None)
    own.filter(withdrawn_at__isnull=True).update(withdrawn_at=database_now())
    ProposalVersion.objects.filter(proposal__in=own.values("pk")).delete()


def erase_drafts(user: User, with_texts: bool) -> None:
    user.proposal_drafts.all().delete()


def erase_invitations(user: User, with_texts: bool) -> None:
    """What was not accepted leads nowhere any more; of what was, the address goes."""
    asked = CoAuthor.objects.filter(invited_by=user).values_list("pk", flat=True)
    accepted = user.co_authorships.values_list("pk", flat=True)
    forget_who([*(f"co-author {pk} invited" for pk in asked), *(f"co-author {pk} accepted" for pk in accepted)])
    CoAuthor.objects.filter(email=user.email, user__isnull=True).delete()
    for signed in user.co_authorships.all():
        signed.email = f"{signed.pk}@erased.invalid"
        signed.save(update_fields=["email"])


def erase_attachments(user: User, with_texts: bool) -> None:
    """With the texts of their proposals go the pictures."""
    if not with_texts:
        return
    own = Attachment.objects.filter(proposal__author=user, proposal__options__isnull=True)
    discard_after_commit(list(own.values_list("file", flat=True)))
    own.delete()


def erase_follows(user: User, with_texts: bool) -> None:
    user.follows.all().delete()


def assignments_of(user: User) -> list[dict[str, Any]]:
    """Of single proposals, and of whole districts."""
    found: list[Any] = [
        ProposalReviewer.objects.filter(user=user).values("assigned_at", proposal=F("content_object")),
        DistrictReviewer.objects.filter(user=user).values("assigned_at", district=F("content_object__name")),
        BroughtIn.objects.filter(brought_by=user).values("proposal", "reason", "brought_at"),
    ]
    return [row for rows in found for row in rows]


def erase_reviews(user: User, with_texts: bool) -> None:
    """An opinion is the agency's: only whose it was goes."""
    user.reviews.update(reviewer=None)


def erase_pledge_follows(user: User, with_texts: bool) -> None:
    user.pledge_follows.all().delete()


def erase_successions(user: User, with_texts: bool) -> None:
    Succession.objects.filter(done_by=user).update(done_by=None)


def erase_carried_supports(user: User, with_texts: bool) -> None:
    user.carried_supports.all().delete()


def erase_assignments(user: User, with_texts: bool) -> None:
    ProposalReviewer.objects.filter(user=user).delete()
    DistrictReviewer.objects.filter(user=user).delete()
    BroughtIn.objects.filter(brought_by=user).update(brought_by=None)


HOLDINGS = [
    Holding(
        "proposals",
        _("Your proposals"),
        ("consultations.proposal", "consultations.proposalversion"),
        lambda user: user.proposals.values(
            "pk",
            "consultation__slug",
            "title",
            "body",
            "category",
            "district__name",
            "place",
            "latitude",
            "longitude",
            "rough_cost_cents",
            "cost_cents",
            "answers",
            "created_at",
        ),
        _("As you choose below. A proposal that is in a vote stays, under a pseudonym: people have voted on it."),
        erase_proposals,
    ),
    Holding(
        "proposal_drafts",
        _("Proposals that you have not sent"),
        ("consultations.proposaldraft",),
        lambda user: user.proposal_drafts.values("consultation__slug", "typed", "saved_at"),
        _("Erased."),
        erase_drafts,
    ),
    Holding(
        "co_authorships",
        _("The proposals that others wrote with you"),
        ("consultations.coauthor",),
        lambda user: user.co_authorships.values("proposal", "proposal__title", "accepted_at"),
        _("Stays, under a pseudonym: they are the others' too."),
        erase_invitations,
    ),
    Holding(
        "supports",
        _("What you support"),
        ("consultations.support",),
        lambda user: user.supports.values("consultation__slug", "proposal", "proposal__title", "created_at"),
        _("Stays, without your name: the number of supports is public."),
    ),
    Holding(
        "follows",
        _("The consultations that you follow"),
        ("consultations.follow",),
        lambda user: user.follows.values("consultation__slug", "since", "took_part", "stopped_at"),
        _("Erased."),
        erase_follows,
    ),
    Holding(
        "blocks",
        _("Where a moderator took your word away, and why"),
        ("consultations.block",),
        lambda user: user.blocks.values("consultation__slug", "reason", "blocked_at", "until"),
        _("Stays, without your name: it is in the open book of moderation."),
    ),
    Holding(
        "attachments",
        _("The files that you added"),
        ("consultations.attachment",),
        lambda user: Attachment.objects.filter(added_by=user).values("proposal", "title", "file_name", "added_at"),
        _("Those of your proposals as you choose below; an agency's stay."),
        erase_attachments,
    ),
    Holding(
        "date_changes",
        _("The dates that you changed for an agency"),
        ("consultations.datechange",),
        lambda user: DateChange.objects.filter(changed_by=user).values("consultation__slug", "reason", "changed_at"),
        _("Stays, without your name: the change is public."),
        is_of_work=True,
    ),
    Holding(
        "successions",
        _("The proposals that you merged or split for an agency"),
        ("consultations.succession",),
        lambda user: Succession.objects.filter(done_by=user).values("source", "result", "kind", "reason", "done_at"),
        _("Stays, without your name: it is public what became of a proposal."),
        erase_successions,
        is_of_work=True,
    ),
    Holding(
        "carried_supports",
        _("What you supported before it was merged or split"),
        ("consultations.carriedsupport",),
        lambda user: user.carried_supports.values("proposal", "proposal__title", "created_at"),
        _("Erased."),
        erase_carried_supports,
    ),
    Holding(
        "reviews",
        _("What you found of proposals for an agency"),
        ("consultations.review",),
        lambda user: user.reviews.values("proposal", "kind", "feasibility", "reason", "cost_cents", "given_at"),
        _("Stays, without your name: it is the agency's, and public."),
        erase_reviews,
        is_of_work=True,
    ),
    Holding(
        "review_assignments",
        _("The proposals that you review for an agency"),
        ("consultations.proposalreviewer", "consultations.districtreviewer", "consultations.broughtin"),
        assignments_of,
        _("Erased. That you let a proposal go on to review stays, without your name."),
        erase_assignments,
        is_of_work=True,
    ),
    Holding(
        "pledge_follows",
        _("The pledges that you follow"),
        ("consultations.pledgefollow",),
        lambda user: user.pledge_follows.values("pledge", "pledge__consultation__slug", "since"),
        _("Erased."),
        erase_pledge_follows,
    ),
    Holding(
        "reports",
        _("What you reported of milestones for an agency"),
        ("consultations.report", "consultations.pledge"),
        lambda user: Report.objects.filter(reported_by=user).values(
            "milestone__title", "status", "body", "reported_at"
        ),
        _("Stays: it is the agency's."),
        is_of_work=True,
    ),
    Holding(
        "consultations",
        _("The consultations that you opened for an agency"),
        ("consultations.consultation",),
        lambda user: user.opened_consultations.values("slug", "title", "created_at"),
        _("Stays: it is the agency's."),
        is_of_work=True,
    ),
    Holding(
        "versions",
        _("The versions of draft texts that you published for an agency"),
        ("consultations.version",),
        lambda user: Version.objects.filter(published_by=user).values("document", "number", "published_at"),
        _("Stays: it is the agency's."),
        is_of_work=True,
    ),
]
