"""Who may do what with polls. The whole policy of this room.

Who takes part in the consultation votes; who may change the consultation sets up its polls. Nobody may see a count
before its time, whatever the role: that is not a permission but the results gate (``gate.py``).
"""

from accounts.access import Rule, granted_on

RULES: dict[str, Rule] = {
    "voting.view_poll": granted_on("consultations.view_consultation", "consultation"),
    "voting.vote_poll": granted_on("consultations.vote_consultation", "consultation"),
    "voting.change_poll": granted_on("consultations.change_consultation", "consultation"),
}
