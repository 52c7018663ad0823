"""The official's way to a published consultation: choose a recipe, go through the steps, look it over, publish."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.agencies import NO_AGENCY, agencies_to_open_for
from accounts.forms import answer_form, attempt
from accounts.models import Agency
from accounts.parking import keeps_for_members, parked_as_sent, require_session
from accounts.refusals import NEEDS_ACCOUNT, Conflict, InvalidInput, NotPermitted
from consultations import opening, queries
from consultations.budgets.step import MoneyForm
from consultations.clock import database_now
from consultations.models import Consultation
from consultations.opening import overview
from consultations.opening.asking import TakingPartForm
from consultations.opening.copying import consultations_to_copy, contents_of
from consultations.opening.forms import NewConsultationForm, SilentForm, StepForm, WhatForm, WhoForm
from consultations.opening.planning import EXACT, PLAN, WhenForm
from consultations.opening.recipes import RECIPES, default_start
from consultations.opening.steps import REVIEW, STEPS, has_money, shown_steps, step_after
from consultations.pages import crumbs_to

FORMS: dict[str, type[StepForm]] = {
    form.step: form for form in (WhatForm, TakingPartForm, WhoForm, WhenForm, MoneyForm)
}
FILES = "files"  # not a step: it saves by itself. The steps lead there, so that leaving for it saves too
COPIES_OFFERED = 30


@keeps_for_members
@require_http_methods(["GET", "HEAD", "POST"])
def create_consultation(request: HttpRequest) -> HttpResponse:
    """Choose a recipe, or an earlier consultation to copy; then the first step, whose leaving makes the draft.

    The address says what was chosen: ``?recipe=questions`` or ``?copy=<slug>``.
    """
    agencies = agencies_to_open_for(request.user)
    if not agencies:
        raise NotPermitted(NO_AGENCY if request.user.is_authenticated else NEEDS_ACCOUNT)
    source = consultations_to_copy(request.user).filter(slug=request.GET.get("copy", "")).first()
    recipe = RECIPES.get(source.recipe if source else request.GET.get("recipe", ""))
    if recipe is None and source is None:
        return _choose(request)
    form = NewConsultationForm(
        _sent(request),
        agencies=agencies,
        begins_with=_beginning(source, recipe, agencies),
        recipe=None if source else recipe,
    )
    if _is_to_be_saved(request, form) and form.is_valid():
        start = default_start(database_now())
        contents = contents_of(source, start) if source else recipe.contents(start) if recipe else {}
        made = attempt(form, opening.create_consultation, actor=request.user, **form.arguments(), **contents)
        if made:
            messages.success(
                request, gettext("The draft is saved. From here on every step is saved when you leave it.")
            )
            return redirect(_address(made, _going_to(request, made, "what")))
    context = {"recipe": recipe, "source": source, "steps": shown_steps(None, "what"), "crumbs": crumbs_to()}
    return answer_form(request, "consultations/opening/new.html", form, step=STEPS[0], **context)


def _choose(request: HttpRequest) -> HttpResponse:
    context = {
        "recipes": RECIPES.values(),
        "copies": consultations_to_copy(request.user)[:COPIES_OFFERED],
        "crumbs": crumbs_to(),
        "nothing_chosen": request.method == "POST",
    }
    return render(
        request, "consultations/opening/choose.html", context, status=400 if request.method == "POST" else 200
    )


def _beginning(source: Consultation | None, recipe: Any, agencies: QuerySet[Agency]) -> dict[str, Any]:
    """What the first step is filled in with."""
    if source:
        return {"agency": source.agency_id, "title": source.title, "summary": source.summary, "body": source.body}
    is_internal = recipe.visibility == Consultation.Visibility.PRIVATE
    community = agencies.filter(kind=Agency.Kind.COMMUNITY).first() if is_internal else None
    return {"agency": community.pk if community else None, "body": recipe.text()}


@require_safe
def change_consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """The last step: everything at a glance, what is missing, and the button that publishes."""
    found = _to_change(request, slug)
    now = database_now()
    checks = overview.checks_of(found, now)
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "steps": shown_steps(found, REVIEW),
        "step": STEPS[-1],
        "parts": overview.parts_of(found),
        "checks": checks,
        "is_ready": not any(check.is_needed for check in checks),
        "what_publishing_does": overview.what_publishing_does(found, now),
        "has_money_step": has_money(found),
    }
    return render(request, "consultations/opening/review.html", context)


@keeps_for_members
@require_http_methods(["GET", "HEAD", "POST"])
def change_step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One step: shown, and saved on leaving. Refuses to go unseen over what another editor has saved meanwhile."""
    require_session(request)
    found = _to_change(request, slug)
    form = _form(request, found, step)
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "steps": shown_steps(found, step),
        "step": next(known for known in STEPS if known.code == step),
    }
    if _is_to_be_saved(request, form) and form.is_valid():
        known = {"known_version": form.known_version()}
        if attempt(
            form, opening.change_consultation, consultation=found, actor=request.user, **form.arguments(), **known
        ):
            if found.is_published:
                messages.success(request, gettext("Your changes are saved."))
            return redirect(_after(request, found, form))
        if form.has_error(NON_FIELD_ERRORS, opening.CHANGED_MEANWHILE.code):
            context["fields_that_differ"] = form.fields_that_differ()
            form.know(opening.version_of(found, step))
    return answer_form(request, f"consultations/opening/{step.replace('-', '_')}.html", form, **context)


@require_POST
def publish_consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a draft to those who may see it; what is not ready goes back to be looked over."""
    found = queries.consultation_or_404(request.user, slug)
    try:
        opening.publish_consultation(consultation=found, actor=request.user)
    except InvalidInput as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(_address(found, REVIEW))
    messages.success(request, gettext("The consultation is published."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw a draft away; asks first, since it does not come back."""
    found = queries.consultation_or_404(request.user, slug)
    require(request.user, "consultations.publish_consultation", found)
    if request.method == "POST":
        opening.delete_draft(consultation=found, actor=request.user)
        messages.success(request, gettext("The draft is deleted."))
        return redirect("consultations:desk")
    if found.is_published:
        raise Conflict(opening.WAS_PUBLISHED, page=found.get_absolute_url())
    return render(request, "consultations/opening/delete.html", {"consultation": found, "crumbs": crumbs_to(found)})


def _to_change(request: HttpRequest, slug: str) -> Consultation:
    found = queries.consultation_or_404(request.user, slug)
    require(request.user, "consultations.change_consultation", found)
    return found


def _form(request: HttpRequest, found: Consultation, step: str) -> StepForm:
    if step not in FORMS:
        raise Http404
    sent = _sent(request)
    if step == WhenForm.step:
        mode = request.GET.get("mode", "")
        return WhenForm(sent, consultation=found, now=database_now(), mode=mode)
    if step == MoneyForm.step:
        return MoneyForm(sent, request.FILES, consultation=found)
    return FORMS[step](sent, consultation=found)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What a step is bound to: what is sent now, or was sent by this person after their session had ended."""
    kept = parked_as_sent(request)  # none any more once the form is sent
    return request.POST if request.method == "POST" else kept


def _is_to_be_saved(request: HttpRequest, form: SilentForm) -> bool:
    """Whether the person presses a button that saves. Who only looks at what they typed, in a preview or after logging
    in again, has a form that judges nothing."""
    is_saved = request.method == "POST" and "preview" not in request.POST
    if form.is_bound and not is_saved:
        form.keep_silent()
    return is_saved


def _after(request: HttpRequest, found: Consultation, form: StepForm) -> str:
    """Where to go once a step is saved: back to the row whose button was pressed, or to the step that was asked for."""
    if isinstance(form, TakingPartForm | MoneyForm) and form.deed.verb:
        return f"{_address(found, form.step)}#{form.anchor}"
    if isinstance(form, WhenForm) and request.POST.get("go") in (PLAN, EXACT):
        return f"{_address(found, form.step)}?{urlencode({'mode': request.POST['go']})}"
    return _address(found, _going_to(request, found, form.step))


def _going_to(request: HttpRequest, found: Consultation, step: str) -> str:
    asked = request.POST.get("go", "")
    if asked in FORMS or asked in (REVIEW, FILES):
        return asked
    return REVIEW if found.is_published else step_after(found, step)


def _address(consultation: Consultation, step: str) -> str:
    if step == FILES:
        return reverse("consultations:files", args=[consultation.slug])
    if step == REVIEW:
        return reverse("consultations:change-consultation", args=[consultation.slug])
    return reverse("consultations:change-step", args=[consultation.slug, step])
