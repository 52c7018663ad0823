"""The open book, and one decision: for whom it concerns and for the moderators, with appeal, answer and undoing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import attempt, posted
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.models import Appeal, ModerationDecision
from comments.moderation import appealing, ledger, undoing
from comments.moderation.blocking import block_of
from comments.moderation.finding import consultation_or_404, decision_or_404, latest_of
from comments.moderation.forms import AnswerForm, AppealForm
from comments.moderation.kinds import kind_of, shown_texts
from comments.pages import number_asked
from consultations.clock import database_now


@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """The open book of a consultation's moderation: what was decided, when, on what ground, without the texts."""
    consultation = consultation_or_404(request.user, slug)
    page = ledger.decisions_of(consultation, older_than=number_asked(request, "older_than"))
    context = {
        "consultation": consultation,
        "page": page,
        "older_url": f"?older_than={page.older_than}" if page.older_than else "",
        "may_moderate": request.user.has_perm("consultations.moderate_consultation", consultation),
    }
    return render(request, "comments/decisions.html", context)


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its text, its hash and its appeal."""
    return _decision_page(request, decision_or_404(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another moderator to look again."""
    found = decision_or_404(request.user, pk)
    form = AppealForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if attempt(form, appealing.appeal, decision=found, actor=request.user, **form.cleaned_data):
            messages.success(request, _("Another moderator will look at it. We tell you what they decide."))
            return redirect(found)
    elif not appealing.may_appeal(found, request.user) and request.method != "POST":
        return redirect(found)
    return _decision_page(request, found, appeal_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant an appeal, or deny it."""
    found = decision_or_404(request.user, pk)
    require(request.user, "consultations.moderate_consultation", found.consultation)
    made = get_object_or_404(Appeal.objects.filter(decision=found))
    found.appeal = made
    made.decision = found
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            appealing.answer_appeal(appeal=made, actor=request.user, **form.cleaned_data)
        except (Conflict, InvalidInput, NotPermitted) as refusal:
            if not address_asked(request) or isinstance(refusal, NotPermitted):
                raise
            messages.warning(request, str(refusal.sentence))
            return redirect(address_asked(request))
        messages.success(request, _("The appeal is answered. Its author has been told."))
        return redirect(address_asked(request) or found.get_absolute_url())
    return _decision_page(request, found, answer_form=form)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own decision back, within a few minutes."""
    found = decision_or_404(request.user, pk)
    try:
        undoing.undo(decision=found, actor=request.user)
        messages.success(request, _("It is taken back. All is as it was before."))
    except Conflict as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect(address_asked(request) or found.get_absolute_url())


def _decision_page(
    request: HttpRequest,
    found: ModerationDecision,
    *,
    appeal_form: AppealForm | None = None,
    answer_form: AnswerForm | None = None,
) -> HttpResponse:
    target = found.target
    made = getattr(found, "appeal", None)
    may_moderate = request.user.has_perm("consultations.moderate_consultation", found.consultation)
    why_not = appealing.why_not_answer(made, request.user) if made and may_moderate else None
    is_concerned = found.subject_id == request.user.pk
    if appeal_form is None and appealing.may_appeal(found, request.user):
        appeal_form = AppealForm()
    if answer_form is None and made and not made.answered_at and may_moderate and why_not is None:
        answer_form = AnswerForm()
    whose = found.account if may_moderate and not is_concerned else None
    context = {
        "whose": whose,
        "latest": latest_of(whose, found.consultation) if whose else [],
        "decision": found,
        "consultation": found.consultation,
        "target": target,
        "text": kind_of(target).text(target) if target else "",
        "shown_text": shown_texts([target])[target] if target else "",
        "appeal": made,
        "made_block": block_of(found),
        "is_concerned": is_concerned,
        "may_moderate": may_moderate,
        "why_not_answer": why_not if made and not made.answered_at else None,
        "appeal_form": appeal_form,
        "answer_form": answer_form,
        "may_undo": may_moderate and target is not None and found.is_undoable_at(database_now(), request.user),
    }
    forms = [form for form in (appeal_form, answer_form) if form is not None and form.errors]
    status = getattr(forms[0], "refused_with", 400) if forms else 200
    return render(request, "comments/decision.html", context, status=status)
