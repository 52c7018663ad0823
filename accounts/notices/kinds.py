"""The kinds of facts that people are told: one sentence each. A new kind is one line here."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text


@dataclass(frozen=True)
class Kind:
    """``sentence`` is filled from the notice's ``facts``. ``is_urgent``: mailed by itself, not with the digest."""

    sentence: Text
    is_urgent: bool = False


KINDS: dict[str, Kind] = {
    "reply": Kind(_("%(name)s answered your comment in “%(title)s”.")),
    "official_reply": Kind(_("%(agency)s answered you in “%(title)s”.")),
    "blocked": Kind(_("The moderators of “%(title)s” blocked your account from writing there. Reason: %(reason)s")),
    "unblocked": Kind(_("You may write in “%(title)s” again: the moderators have lifted the block.")),
    "mention": Kind(_("%(name)s mentioned you in “%(title)s”.")),
}
