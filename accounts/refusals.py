"""Why somebody is refused: one small class for each kind of reason.

Every refusal carries a ``code`` for the API, a translated ``sentence`` for the person, and where there is one a
``remedy``: what would help, and the address where to do it. ``config/errors.py`` turns them into pages and problem
details.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Remedy:
    """What would help. ``url_name`` is a URL, ``args`` what stands in it; the page adds where to come back to."""

    label: Text
    url_name: str
    args: tuple[str | int, ...] = ()

    @property
    def address(self) -> str:
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True)
class Reason:
    """Why a permission does not hold. ``code`` is stable, in snake_case; ``sentence`` is for the person."""

    code: str
    sentence: Text
    remedy: Remedy | None = None


LOG_IN = Remedy(_("Log in or create an account"), "account_login")
CONFIRM_EMAIL = Remedy(_("Confirm my e-mail"), "account_email")

NEEDS_ACCOUNT = Reason("needs_account", _("You need to log in for this."), LOG_IN)
NOT_GRANTED = Reason("not_granted", _("Your account has no permission for this. Ask the agency that runs it."))


class Refusal(Exception):
    """A person asked for something that the rules do not allow. Not a programming error."""

    status = 403
    title: Text = _("That is not possible")

    def __init__(self, reason: Reason, *, page: str = "", page_label: Text = ""):
        """``page``: address of what it is about, which says more (such as when). The refusal's own page leads there.

        page_label: what the way there is called; empty where it leads to the consultation.
        """
        super().__init__(reason.code)
        self.reason = reason
        self.page = page
        self.page_label = page_label

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def sentence(self) -> Text:
        return self.reason.sentence


class NotPermitted(Refusal):
    """The person may not do this to this object, whatever the time."""

    status = 403
    title = _("You cannot do this")


class PhaseClosed(Refusal):
    """The person may do this, but not now."""

    status = 409
    title = _("Not at this time")


class Conflict(Refusal):
    """Somebody else, or an earlier request, was first."""

    status = 409


class InvalidInput(Refusal):
    """What was handed in has a fault that the person can mend. ``field`` names where it is, if it is in one place."""

    status = 400
    title = _("Something is not right yet")

    def __init__(self, code: str, sentence: Text, field: str = ""):
        super().__init__(Reason(code, sentence))
        self.field = field


class TooFast(Refusal):
    """Somebody sends more than anybody can. ``until``: when they may send the next one."""

    status = 429
    title = _("A little slower")

    def __init__(self, reason: Reason, until: datetime):
        super().__init__(reason)
        self.until = until
