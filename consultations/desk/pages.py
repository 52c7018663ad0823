"""The pages of the desk, in the order of ``urls.py``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import require
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted, Reason
from consultations.clock import State, database_now
from consultations.desk import numbers as measured
from consultations.desk import tasks
from consultations.queries import consultation_or_404
from consultations.running.pages import crumbs_to_manage
from consultations.sentences import state_sentence

NO_WORK = Reason("no_work", _("The desk is for people who work for an agency here. Ask its owner to give you a role."))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What needs the official today, and the consultations that they help to run."""
    if not isinstance(request.user, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    if not request.user.has_work:
        raise NotPermitted(NO_WORK)
    now = database_now()
    mine = tasks.work_of(request.user, now)
    context = {
        "tasks": tasks.tasks_of(mine),
        "rows": [_row(consultation, mine) for consultation in mine.consultations],
        "may_open": mine.may_open,
        "now": now,
    }
    return render(request, "consultations/desk.html", context)


@require_safe
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """What people did in a consultation, day by day."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.measure_consultation", found)
    context = {
        "consultation": found,
        "crumbs": crumbs_to_manage(found),
        "numbers": measured.numbers_of(found, request.user, database_now()),
    }
    return render(request, "consultations/numbers.html", context)


def _row(consultation: Any, mine: tasks.Mine) -> dict[str, Any]:
    state = consultation.state_at(mine.now)
    return {
        "consultation": consultation,
        "state": state,
        "when": state_sentence(consultation, mine.now, short=True) if state != State.DRAFT else "",
    }
