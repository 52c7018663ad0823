"""The table of opinions that anybody can take away."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Consultation
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.tables import Column, Extract, Table, Type


def _reviews(consultation: Consultation, user: Person) -> Extract:
    """Of settled reviews alone: an opinion is public once the required ones are in."""
    in_sight = consultation.reviews.filter(
        proposal__hidden_at__isnull=True, proposal__withdrawn_at__isnull=True, proposal__held_at__isnull=True
    )
    return Extract(in_sight.exclude(proposal__feasibility="").order_by("pk"))


REVIEWS = Table(
    name="reviews",
    title=_("Opinions on the proposals"),
    description=_(
        "What the agency's readers found of each proposal whose review is settled, and what an editor decided where "
        "two readers differed. A corrected opinion stays: the newest of a kind stands."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_reviews,
    columns=[
        Column("id", Type.INTEGER, _("Number of the opinion, in the order in which they were given.")),
        Column("proposal", Type.INTEGER, _("Number of the proposal."), "proposal_id"),
        Column("kind", Type.TEXT, _("first, second (reader), or decision.")),
        Column("feasibility", Type.TEXT, _("feasible, with_changes or not_feasible.")),
        Column("reason", Type.TEXT, _("The public reason.")),
        Column("cost_cents", Type.INTEGER, _("Cost in cents of the budget's currency; empty if none was given.")),
        Column("office", Type.TEXT, _("The office that would carry it out; empty if none was named.")),
        Column("given_at", Type.DATETIME, _("When it was given, in UTC.")),
    ],
)
