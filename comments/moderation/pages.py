"""The pages of moderation: report, hide, restore, keep; what waits for an answer; what was decided.

Each of the first four serves comments and proposals: the address says which.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Person, require
from accounts.forms import add_refusal
from accounts.refusals import NEEDS_ACCOUNT, NOT_GRANTED, Conflict, InvalidInput, NotPermitted, Text
from comments import queries
from comments.forms import DecisionForm, ReportForm
from comments.models import Comment, ModerationDecision
from comments.moderation import moderating
from comments.moderation import queries as moderation_queries
from comments.moderation.moderating import Contribution
from comments.pages import number_asked
from comments.rights import rights_of
from consultations.models import Consultation, Proposal

Decide = Callable[..., ModerationDecision]

# What the page of each act says: its title, its button, and what is said when it is done.
WORDS: dict[str, tuple[Text, Text, Text]] = {
    "hide": (
        gettext_lazy("Hide this from everybody"),
        gettext_lazy("Hide it and publish the reason"),
        gettext_lazy("It is hidden. Its place and your reason stay in sight."),
    ),
    "restore": (
        gettext_lazy("Show this again"),
        gettext_lazy("Show it again and publish the reason"),
        gettext_lazy("It is shown again."),
    ),
    "keep": (
        gettext_lazy("Keep this as it is"),
        gettext_lazy("Keep it and publish the reason"),
        gettext_lazy("It stays as it is. Its reports are answered."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, comment_id: int | None = None, proposal_id: int | None = None) -> HttpResponse:
    """Ask the moderators for a look at a comment or a proposal."""
    target = _target_or_404(request.user, comment_id, proposal_id)
    require(request.user, "consultations.comment_consultation", target.consultation)
    if target.is_hidden:
        raise Conflict(moderating.HIDDEN_ALREADY)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            moderating.flag(target=target, actor=request.user, **form.cleaned_data)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. The moderators will look at it."))
            return redirect(_address(target))
    return _form_page(request, "comments/report.html", form, target)


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, comment_id: int | None = None, proposal_id: int | None = None) -> HttpResponse:
    """Take a contribution out of sight, with a public reason."""
    return _decide(request, _target_or_404(request.user, comment_id, proposal_id), "hide", moderating.hide)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, comment_id: int | None = None, proposal_id: int | None = None) -> HttpResponse:
    """Show a hidden contribution again, with a public reason."""
    return _decide(request, _target_or_404(request.user, comment_id, proposal_id), "restore", moderating.restore)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, comment_id: int | None = None, proposal_id: int | None = None) -> HttpResponse:
    """Answer the reports of a contribution that stays as it is, with a public reason."""
    return _decide(request, _target_or_404(request.user, comment_id, proposal_id), "keep", moderating.keep)


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What was reported and not answered, in the consultations that the person moderates."""
    moderated = moderation_queries.moderated_by(request.user)
    slug = request.GET.get("consultation", "")
    if slug:
        chosen = get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)
        require(request.user, "consultations.moderate_consultation", chosen)
    elif not moderated:
        raise NotPermitted(NOT_GRANTED if request.user.is_authenticated else NEEDS_ACCOUNT)
    shown = [found for found in moderated if not slug or found.slug == slug]
    page = moderation_queries.reported_in(shown, after=number_asked(request, "after"))
    context = {
        "page": page,
        "moderated": moderated,
        "slug": slug,
        "older_url": f"?consultation={slug}&after={page.after}" if page.after else "",
        "next": request.get_full_path(),
    }
    return render(request, "comments/moderation.html", context)


@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """The open book of a consultation's moderation: what was decided, when and why, without the texts."""
    found = Consultation.objects.visible_to(request.user).select_related("agency")
    consultation = get_object_or_404(found, slug=slug)
    page = moderation_queries.decisions_of(consultation, older_than=number_asked(request, "older_than"))
    context = {
        "consultation": consultation,
        "page": page,
        "older_url": f"?older_than={page.older_than}" if page.older_than else "",
        "may_moderate": request.user.has_perm("consultations.moderate_consultation", consultation),
    }
    return render(request, "comments/decisions.html", context)


def _decide(request: HttpRequest, target: Contribution, act: str, decide: Decide) -> HttpResponse:
    """Ask for the reason, decide, and go back to where the moderator came from."""
    require(request.user, "consultations.moderate_consultation", target.consultation)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    title, button, done = WORDS[act]
    if request.method == "POST" and form.is_valid():
        try:
            decide(target=target, actor=request.user, reason=form.cleaned_data["reason"])
        except (InvalidInput, Conflict) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, str(done))
            return redirect(_next(request) or _address(target))
    return _form_page(request, "comments/decide.html", form, target, act=act, title=title, button=button)


def _form_page(
    request: HttpRequest, template: str, form: ReportForm | DecisionForm, target: Contribution, **words: Text
) -> HttpResponse:
    is_comment = isinstance(target, Comment)
    context = {
        "form": form,
        "comment": target if is_comment else None,
        "proposal": target.proposal if isinstance(target, Comment) else target,
        "consultation": target.consultation,
        "rights": rights_of(request.user, target.consultation),
        "back": _next(request) or _address(target),
        "next": _next(request),
        **words,
    }
    return render(request, template, context, status=getattr(form, "refused_with", 400) if form.errors else 200)


def _target_or_404(user: Person, comment_id: int | None, proposal_id: int | None) -> Contribution:
    """A comment or a proposal; what a person may not see is not found."""
    if comment_id is not None:
        return get_object_or_404(queries.comment_to_show(Comment.objects.visible_to(user)), pk=comment_id)
    proposals = Proposal.objects.visible_to(user).select_related("author", "consultation__agency")
    return get_object_or_404(proposals.prefetch_related("consultation__phases"), pk=proposal_id)


def _address(target: Contribution) -> str:
    if isinstance(target, Comment):
        return f"{target.get_absolute_url()}#comment-{target.pk}"
    return target.get_absolute_url()


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, if it is a page of ours."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else ""
