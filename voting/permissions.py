"""Who may do what with polls. The whole policy of this room.

Who takes part in the consultation votes; who may change the consultation sets up its polls. Nobody may see a count
before its time, whatever the role: that is not a permission but the results gate (``results/gate.py``).
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Person, Rule, granted_on
from accounts.refusals import Reason

NOT_OBSERVER = Reason("not_observer", _("Only observers whom the agency has accredited may see this."))


def observer(user: Person, poll: Any) -> Reason | None:
    """Somebody whom the agency has accredited for this poll."""
    accredited = user.is_authenticated and poll.observers.filter(user=user.pk).exists()
    return None if accredited else NOT_OBSERVER


RULES: dict[str, Rule] = {
    "voting.view_poll": granted_on("consultations.view_consultation", "consultation"),
    "voting.vote_poll": granted_on("consultations.vote_consultation", "consultation"),
    "voting.observe_poll": observer,
    "voting.change_poll": granted_on("consultations.change_consultation", "consultation"),
}
