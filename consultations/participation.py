"""What a person did in this room, and what became of it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.participation import Deed, Section
from accounts.refusals import Text
from consultations import following
from consultations.models import CoAuthor, Proposal, Support
from consultations.querysets import ProposalQuerySet
from frontend.formats import number


def own_proposals(user: User) -> ProposalQuerySet:
    """Those that a person signs, alone or with others."""
    signed = CoAuthor.objects.filter(user=user, accepted_at__isnull=False).values("proposal")
    own = Proposal.objects.filter(Q(author=user) | Q(pk__in=signed), is_official=False)
    return own.select_related("consultation", "disposition", "merged_into", "pledge").order_by("-pk")


def own_supports(user: User) -> QuerySet[Support]:
    found = Support.objects.filter(user=user).order_by("-pk")
    return found.select_related(
        "consultation", "proposal__disposition", "proposal__merged_into", "proposal__pledge", "proposal__consultation"
    )


def support_deed(support: Support) -> Deed:
    """Of a proposal what became of it; a consultation that is a cause goes by its own name."""
    consultation, proposal = support.consultation, support.proposal
    if proposal is None:
        return Deed(consultation.title, consultation.get_absolute_url(), consultation.title, support.created_at)
    title, address = proposal.shown_title, proposal.get_absolute_url()
    return Deed(title, address, consultation.title, support.created_at, fate_of(proposal))


def fate_of(proposal: Proposal) -> Text:
    """How a proposal stands, for those who sign or support it."""
    if proposal.is_hidden:
        return gettext("A moderator has hidden it: %(reason)s") % {"reason": proposal.hidden_reason}
    if proposal.withdrawn_at:
        return gettext("It is withdrawn.")
    if proposal.held_at:
        return gettext("It waits for a moderator; then others see it.")
    if proposal.merged_into:
        facts = {"title": proposal.merged_into.shown_title}
        return gettext("It was merged with others and goes on as “%(title)s”.") % facts
    return " ".join(_steps_of(proposal))


def _steps_of(proposal: Proposal) -> list[str]:
    """What has come of one that everybody may read, first things first."""
    steps = []
    if proposal.support_count:
        people = ngettext("%(number)s person supports it", "%(number)s people support it", proposal.support_count)
        steps.append(people % {"number": number(proposal.support_count)} + ".")
    if proposal.feasibility:
        steps.append(gettext("The review found: %(what)s.") % {"what": proposal.get_feasibility_display().lower()})
    given = getattr(proposal, "disposition", None)  # of comments/dispositions/
    if given:
        facts = {"what": given.get_kind_display(), "reason": given.reason}
        steps.append(gettext("%(what)s. The agency's reason: %(reason)s") % facts)
    if hasattr(proposal, "pledge"):
        steps.append(gettext("It is being carried out."))
    return steps


SECTIONS = [
    Section(
        "proposals",
        _("Proposals"),
        _("You have made no proposal yet."),
        own_proposals,
        lambda proposal: Deed(
            proposal.title,
            proposal.get_absolute_url(),
            proposal.consultation.title,
            proposal.created_at,
            fate_of(proposal),
        ),
    ),
    Section("supports", _("What you support"), _("You support nothing yet."), own_supports, support_deed),
    Section(
        "follows",
        _("What you follow"),
        _("You follow no consultation yet. On the page of each there is a button."),
        lambda user: following.followed_by(user),
        lambda found: Deed(found.title, found.get_absolute_url(), found.agency.name, found.followed_since),
    ),
]
