"""What a person did in this room, and what became of it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.participation import Deed, Section
from accounts.refusals import Text
from consultations import following
from consultations.models import Proposal


def fate_of(proposal: Proposal) -> Text:
    """How a proposal stands, for its author."""
    if proposal.is_hidden:
        return gettext("A moderator has hidden it: %(reason)s") % {"reason": proposal.hidden_reason}
    if proposal.withdrawn_at:
        return gettext("You have withdrawn it.")
    if proposal.held_at:
        return gettext("It waits for a moderator; then others see it.")
    given = getattr(proposal, "disposition", None)  # of comments/dispositions/
    if given:
        facts = {"what": given.get_kind_display(), "reason": given.reason}
        return gettext("%(what)s. The agency's reason: %(reason)s") % facts
    return ""


SECTIONS = [
    Section(
        "proposals",
        _("Proposals"),
        _("You have made no proposal yet."),
        lambda user: (
            user.proposals.filter(is_official=False).select_related("consultation", "disposition").order_by("-pk")
        ),
        lambda proposal: Deed(
            proposal.title,
            proposal.get_absolute_url(),
            proposal.consultation.title,
            proposal.created_at,
            fate_of(proposal),
        ),
    ),
    Section(
        "follows",
        _("What you follow"),
        _("You follow no consultation yet. On the page of each there is a button."),
        lambda user: following.followed_by(user),
        lambda found: Deed(found.title, found.get_absolute_url(), found.agency.name, found.followed_since),
    ),
]
