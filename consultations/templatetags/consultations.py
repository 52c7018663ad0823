"""What pages of rooms below show of this one: ``{% load consultations %}``."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.agencies import agencies_to_open_for
from accounts.models import Agency, MailChoice, Pace, User
from consultations import following, queries
from consultations.clock import database_now
from consultations.models import Consultation
from frontend import markup
from frontend.kept import drawn

register = template.Library()

LONGEST_EXCERPT = 180  # characters


class Supported(NamedTuple):
    """What ``consultations/support.html`` asks of a proposal."""

    pk: int
    title: str
    support_count: int
    comment_count: int
    is_own: bool
    is_supported: bool
    is_shown: bool


@register.simple_tag(takes_context=True)
def proposal_card(
    context: template.Context, proposal: Any, fate: SafeString | str = "", winners: Collection[int] = ()
) -> SafeString:
    """One that everybody may read, or one's own that waits: ``proposals/listing.py`` fetched it, or its likes."""
    supports = context.get("supports")
    budget = getattr(context["consultation"], "budget", None)
    return drawn(
        "consultations/proposal_card.html",
        csrf_token=context.get("csrf_token", ""),
        title=proposal.title,
        url=proposal.get_absolute_url(),
        text=truncatechars(markup.plain(proposal.body), LONGEST_EXCERPT),
        author=proposal.signed_by,
        cost_cents=proposal.cost_cents,
        currency=budget.currency if budget else "",
        place=proposal.place,
        category=proposal.category,
        district=proposal.district_name or "",
        fate=fate,
        has_won=proposal.pk in winners,
        finding=proposal.feasibility,
        progress=getattr(proposal, "progress", None),
        state=gettext("Waits for a moderator") if proposal.held_at else "",
        heading=context.get("heading", ""),
        anchor=f"proposal-{proposal.pk}",
        supports=supports,
        here=context["request"].get_full_path() if supports else "",
        proposal=_supported(proposal) if supports else None,
    )


def _supported(proposal: Any) -> Supported:
    return Supported(
        proposal.pk,
        proposal.title,
        proposal.support_count,
        proposal.comment_count,
        proposal.is_own,
        proposal.is_supported,
        proposal.is_shown,
    )


@register.inclusion_tag("consultations/of_agency.html", takes_context=True)
def consultations_of(context: template.Context, agency: Agency) -> dict[str, Any]:
    """The consultations of an agency that the reader may see, the most urgent first, with a link to all of them."""
    now = database_now()
    user = context["request"].user
    found = Consultation.objects.visible_to(user).listed().filter(agency=agency).with_times().for_cards()
    shown = found.by_urgency(now)[: queries.CARDS_ON_FRONT_PAGE]
    may_open = agencies_to_open_for(user).filter(pk=agency.pk).exists()
    cards = [queries.card(consultation, now) for consultation in shown]
    return {"cards": cards, "agency": agency, "may_open": may_open}


@register.inclusion_tag("consultations/followed_by.html", takes_context=True)
def followed_by(context: template.Context, person: User) -> dict[str, Any]:
    """What a person follows, with how often e-mail tells of each."""
    chosen = dict(MailChoice.objects.filter(user=person).values_list("consultation_id", "pace"))
    rows = [{"consultation": found, "pace": chosen.get(found.pk, "")} for found in following.followed_by(person)]
    return {"rows": rows, "paces": Pace.choices, "csrf_token": context.get("csrf_token")}
