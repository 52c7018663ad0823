"""What this room holds about a person: that they voted, once a vote has closed; never how."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data.holdings import Holding, Row
from voting.models import EligibleVoter


def _entries(user: User) -> Iterable[Row]:
    """Those that the account took over, and those that wait under an e-mail of its own."""
    emails = EmailAddress.objects.filter(user=user, verified=True).values("email")
    own = EligibleVoter.objects.filter(Q(user=user) | Q(user__isnull=True, email__in=emails), removed_at__isnull=True)
    return own.values("roll__consultation__title", "email", "is_by_document", "district", "reference")


def _erase_entries(user: User, with_texts: bool) -> None:
    """The agency's list stays the agency's; nothing leads from it to the account, and an old code opens nothing."""
    user.eligibilities.update(user=None, code=None)
    user.roll_attempts.all().delete()


def _erase_choices(user: User, with_texts: bool) -> None:
    user.district_choices.update(user=None)


HOLDINGS = [
    Holding(
        "electoral_rolls",
        _("The electoral rolls that you are on"),
        ("voting.eligiblevoter", "voting.rollattempt"),
        _entries,
        _("The agency's list stays with the agency, without your account."),
        _erase_entries,
    ),
    Holding(
        "roll_changes",
        _("The electoral rolls that you loaded or changed for an agency"),
        ("voting.rollchange", "voting.rollupload"),
        lambda user: user.roll_changes.values("roll__consultation__title", "kind", "count", "made_at"),
        _("Stays, without your name: others rely on the record of what was done."),
        is_of_work=True,
    ),
    Holding(
        "districts",
        _("In which district of a budget you chose to vote"),
        ("consultations.districtchoice",),
        lambda user: user.district_choices.values("consultation__title", "district__name", "chosen_on"),
        _("Stays, without your name: nobody chooses twice."),
        _erase_choices,
    ),
    Holding(
        "paper_ballots",
        _("The votes for which you typed paper ballots"),
        ("voting.paperclerk", "voting.paperreading", "voting.paperdecision"),
        lambda user: user.paper_clerkships.values("poll", "poll__question", "appointed_at", "dismissed_at"),
        _("Stays, without your name: others rely on the record of what was done."),
        is_of_work=True,
    ),
    Holding(
        "votes",
        _("In which closed votes you took part"),
        ("voting.rollentry",),
        lambda user: user.roll_entries.values("poll", "poll__question"),
        _("Stays, without your name: turnout must add up."),
    ),
    Holding(
        "observed_polls",
        _("Which votes you may look into as an auditor"),
        ("voting.observer",),
        lambda user: user.observed_polls.values("poll", "poll__question", "accredited_at", "dismissed_at"),
        _("Stays, without your name."),
        is_of_work=True,
    ),
]
