"""The public reason that every act of a moderator carries."""

from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from frontend.typed import one_line

LONGEST = 300


def checked_reason(reason: str) -> str:
    """On one line, without what cannot be kept. Raises InvalidInput where it is missing or too long."""
    reason = one_line(reason)
    if not reason:
        raise InvalidInput("no_reason", _("Write the reason. Everybody will read it."), field="reason")
    if len(reason) > LONGEST:
        raise InvalidInput("long_reason", _("The reason has more than 300 characters."), field="reason")
    return reason
