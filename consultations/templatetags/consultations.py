"""What pages of rooms below show of this one: ``{% load consultations %}``."""

from typing import Any

from django import template

from accounts.agencies import agencies_to_open_for
from accounts.models import Agency, MailChoice, Pace, User
from consultations import following, queries
from consultations.clock import database_now
from consultations.models import Consultation

register = template.Library()


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
