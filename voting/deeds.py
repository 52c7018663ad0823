"""What the audit trail's events of this room mean. Casting a ballot is none: nothing orders voters."""

from django.utils.translation import gettext_lazy as _

from consultations.history.deeds import Deed, Group
from voting.models import Deviation, Poll

# What codes among the details are called.
CHOICES = {
    "method": dict(Poll.Method.choices),
    "results_policy": dict(Poll.ResultsPolicy.choices),
    "kind": dict(Deviation.Kind.choices),
}

DEEDS = (
    Deed("voting.poll_opened", Group.VOTES, _("Set up a vote"), ("question", "method")),
    Deed("voting.poll_changed", Group.VOTES, _("Changed a vote"), ("question", "method", "results_policy")),
    Deed("voting.voting_extended", Group.VOTES, _("Extended the voting by a public amendment"), ("reason",)),
    Deed("voting.amount_changed", Group.VOTES, _("Changed how much money a vote shares out, in public"), ("reason",)),
    Deed("voting.option_withdrawn", Group.VOTES, _("Withdrew a proposal from the vote, in public"), ("reason",)),
    Deed("voting.clerk_appointed", Group.VOTES, _("Appointed a clerk for paper ballots")),
    Deed("voting.clerk_dismissed", Group.VOTES, _("Ended a clerk's work on paper ballots")),
    Deed("voting.paper_rule_stated", Group.VOTES, _("Said how paper ballots are kept from counting twice"), ("rule",)),
    Deed("voting.paper_announced", Group.VOTES, _("Announced a batch of paper ballots"), ("place", "count")),
    Deed("voting.paper_cast", Group.VOTES, _("Put a batch of paper ballots into the log"), ("place", "count")),
    Deed("voting.outcome_deviated", Group.VOTES, _("Decided otherwise than the count"), ("kind", "reason")),
    Deed("voting.roll_changed", Group.VOTES, _("Changed the electoral roll"), ("count", "reason")),
    Deed("voting.roll_rule_changed", Group.VOTES, _("Changed a rule of the electoral roll")),
    Deed("voting.voters_invited", Group.VOTES, _("Invited people on the electoral roll by e-mail"), ("count",)),
    Deed("voting.letters_printed", Group.VOTES, _("Printed letters for the electoral roll"), ("count",)),
    Deed("voting.observer_accredited", Group.VOTES, _("Accredited an observer")),
    Deed("voting.observer_dismissed", Group.VOTES, _("Ended an observer's accreditation")),
    Deed("voting.election_imported", Group.VOTES, _("Brought in an election from a file")),
)
