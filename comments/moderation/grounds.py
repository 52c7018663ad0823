"""The standard reason of each ground: what is published where the moderator writes no other."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models import Ground, ModerationDecision

Act = ModerationDecision.Act

# The ground says what was wrong; these say the rule, about the words and never about the person.
REMOVED: dict[str, Promise] = {
    Ground.INSULT: _("You can say the same without insulting or threatening anybody."),
    Ground.PERSONAL_DATA: _("Nobody's personal data have a place here."),
    Ground.SPAM: _("Here is no place for advertising, nor for the same thing many times."),
    Ground.OFF_TOPIC: _("Here we talk about what the consultation asks."),
}
OTHERWISE: dict[str, Promise] = {
    Act.KEPT: pgettext_lazy("reason", "We looked at it: it keeps to the rules."),
    Act.RELEASED: pgettext_lazy("reason", "It keeps to the rules."),
    Act.LOCKED: pgettext_lazy("reason", "The conversation has said what it had to say."),
    Act.UNLOCKED: pgettext_lazy("reason", "The conversation goes on."),
    Act.UNBLOCKED: pgettext_lazy("reason", "The block is lifted."),
}


def standard_reason(act: str, ground: str) -> str:
    """In the moderator's language; empty where the moderator has to find the words."""
    return str((REMOVED.get(ground, "") if act in ModerationDecision.REMOVING else OTHERWISE.get(act, "")) or "")
