"""The pages by which an agency runs a published consultation, in the order of ``urls.py``."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import Conflict
from consultations.clock import State, database_now
from consultations.models import Consultation, Phase
from consultations.pages import crumbs_to
from consultations.queries import consultation_or_404
from consultations.running import answered, answering, closing, dates, listing
from consultations.running.forms import CloseEarlyForm, ClosingForm, ExtendForm
from consultations.sentences import state_sentence

Crumbs = list[dict[str, str]]


def crumbs_to_manage(consultation: Consultation) -> Crumbs:
    manage_url = reverse("consultations:manage", args=[consultation.slug])
    return [*crumbs_to(consultation), {"title": gettext("Manage"), "url": manage_url}]


@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that one can do with a consultation, for whoever may do any of it."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.measure_consultation", found)
    now = database_now()
    state = found.state_at(now)
    may = {
        name: request.user.has_perm(f"consultations.{name}_consultation", found)
        for name in ("change", "publish", "moderate", "reply", "audit")
    }
    phases = found.phases.all()
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "state": state,
        "sentence": state_sentence(found, now),
        "may": may,
        "votes_to_come": any(
            phase.kind == Phase.Kind.VOTING and (phase.ends_at is None or phase.ends_at > now) for phase in phases
        ),
        "has_proposals": any(phase.kind in (Phase.Kind.PROPOSALS, Phase.Kind.REVIEW) for phase in phases),
    }
    return render(request, "consultations/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, slug: str) -> HttpResponse:
    """A later end for a phase, with its public reason."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.publish_consultation", found)
    if not found.is_published:
        raise Conflict(dates.NOT_PUBLISHED, page=found.get_absolute_url())
    now = database_now()
    begun = [phase for phase in found.phases.all() if phase.starts_at <= now]
    phases = [phase for phase in found.phases.all() if phase.ends_at is not None]
    if not phases:
        raise Conflict(dates.NO_END, page=found.get_absolute_url())
    # What is over is offered only where nothing came after it: it would run into what has begun.
    offered = [phase for phase in phases if phase.starts_at > now or phase == begun[-1]] or phases[-1:]
    form = ExtendForm(posted(request), phases=offered, now=now)
    extend_phase = partial(attempt, form, dates.extend_phase, consultation=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and extend_phase(**form.cleaned_data):
        messages.success(request, gettext("The new dates hold, and stand on the page with your reason."))
        return redirect(found)
    return answer_form(request, "consultations/extend.html", form, consultation=found, crumbs=crumbs_to_manage(found))


@require_POST
def set_listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of the lists, or back: ``is_listed`` says which. Undone by the same button."""
    found = consultation_or_404(request.user, slug)
    is_listed = request.POST.get("is_listed") == "yes"
    listing.set_listed(consultation=found, actor=request.user, is_listed=is_listed)
    if is_listed:
        messages.success(request, gettext("It is in the lists again."))
    else:
        messages.success(request, gettext("It is out of the lists. Whoever has its address still reads it."))
    return redirect("consultations:manage", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """While it is open: end it now, with a reason. Once it is closed: the closing words."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.publish_consultation", found)
    state = found.state_at(database_now())
    if state not in (State.OPEN, State.CLOSED):
        raise Conflict(closing.NOT_OPEN, page=found.get_absolute_url())
    is_open = state == State.OPEN
    form_class, use_case = (
        (CloseEarlyForm, closing.close_early) if is_open else (ClosingForm, closing.write_closing_words)
    )
    form = form_class(posted(request), consultation=found)
    close_it = partial(attempt, form, use_case, consultation=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and close_it(**form.cleaned_data):
        closed = gettext("The consultation is closed.")
        messages.success(request, closed if is_open else gettext("Your closing words stand on its page."))
        return redirect(found)
    return answer_form(
        request,
        "consultations/close.html",
        form,
        consultation=found,
        is_open=is_open,
        crumbs=crumbs_to_manage(found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Call a closed consultation answered, or take that back; before, what is still owed."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.publish_consultation", found)
    if request.method == "POST":
        if request.POST.get("take_back"):
            answering.take_back_answer(consultation=found, actor=request.user)
            messages.success(request, gettext("It is not called answered any more."))
        else:
            answering.answer_consultation(consultation=found, actor=request.user)
            messages.success(request, gettext("It is answered. Whoever follows it is told."))
        return redirect(found)
    now = database_now()
    answers = answered.answers_of(found)
    context = {
        "consultation": found,
        "crumbs": crumbs_to_manage(found),
        "answers": answers,
        "is_answered": found.is_answered_at(now),
        "is_closed": found.state_at(now) == State.CLOSED,
        "has_words": bool(found.closing_words or found.report_url),
        "missing": answering.what_is_missing(found, answers),
        "desk_url": answered.desk_of(found),
    }
    return render(request, "consultations/answer_consultation.html", context)
