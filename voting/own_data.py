"""What this room holds about a person: that they voted, once a vote has closed; never how."""

from django.utils.translation import gettext_lazy as _

from accounts.own_data.holdings import Holding

HOLDINGS = [
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
        lambda user: user.observed_polls.values("poll", "poll__question", "accredited_at"),
        _("Stays, without your name."),
    ),
]
