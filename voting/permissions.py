"""Who may do what with polls. The whole policy of this room.

Who takes part in the consultation votes; who may change the consultation sets up its polls. Nobody may see a count
before its time, whatever the role: that is not a permission but the results gate (``results/gate.py``).
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Person, Rule, granted_on, why_not
from accounts.refusals import Reason, Remedy
from voting.districts.where import why_not_here
from voting.rolls.eligible import entry_of

NOT_OBSERVER = Reason("not_observer", _("Only observers whom the agency has accredited may see this."))
NOT_CLERK = Reason("not_clerk", _("Only clerks whom the agency has appointed type paper ballots. Ask its editors."))
NOT_ON_ROLL = Reason(
    "not_on_roll",
    _("You are not on the roll of this vote. If you got a code, or are on it with another e-mail, prove it here."),
    Remedy(_("I am on the roll"), "voting:claim-entry"),
)


def voter(user: Person, poll: Any) -> Reason | None:
    """A participant of the consultation; where the poll has a roll, somebody who is on it; in a district, who votes
    there."""
    reason = why_not(user, "consultations.vote_consultation", poll.consultation)
    if reason:
        return reason
    if poll.electoral_roll_id is not None and entry_of(poll, user) is None:
        return NOT_ON_ROLL
    return why_not_here(poll, user)


def observer(user: Person, poll: Any) -> Reason | None:
    """Somebody whom the agency has accredited for this poll."""
    accredited = user.is_authenticated and poll.observers.filter(user=user.pk, dismissed_at__isnull=True).exists()
    return None if accredited else NOT_OBSERVER


def clerk(user: Person, poll: Any) -> Reason | None:
    """Somebody whom the agency has appointed to type paper ballots into this poll."""
    appointed = user.is_authenticated and poll.clerks.filter(user=user.pk, dismissed_at__isnull=True).exists()
    return None if appointed else NOT_CLERK


RULES: dict[str, Rule] = {
    "voting.view_poll": granted_on("consultations.view_consultation", "consultation"),
    "voting.vote_poll": voter,
    "voting.observe_poll": observer,
    "voting.enter_paper_poll": clerk,
    "voting.change_poll": granted_on("consultations.change_consultation", "consultation"),
}
