"""The pages of moderation about one contribution: report it, decide about it, mark it, block its author.

Each serves comments and proposals: the address says which. The queue and the open book are in ``book_pages.py`` and
``queue_pages.py``, decisions and appeals in ``decision_pages.py``.
"""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import add_refusal, attempt, posted
from accounts.refusals import Conflict, InvalidInput, TooFast
from comments.models import Comment
from comments.moderation import blocking, marking, moderating
from comments.moderation.acts import DEEDS, arguments_of
from comments.moderation.finding import address_of, target_or_404
from comments.moderation.forms import BlockForm, MarkForm, ReportForm
from comments.moderation.kinds import Contribution, shown_texts
from comments.rights import rights_of

BLOCK_PAGES = {"comment": "comments:block-author", "proposal": "comments:block-author-of-proposal"}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask the moderators for a look at a contribution."""
    target = target_or_404(request.user, kind, pk)
    require(request.user, "consultations.comment_consultation", target.consultation)
    moderating.check_to_be_seen(target)
    form = ReportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            moderating.flag(target=target, actor=request.user, **form.cleaned_data)
        except (InvalidInput, TooFast) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. The moderators will look at it."))
            return redirect(address_of(target))
    return _form_page(request, "comments/report.html", form, target)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, kind: str, pk: int, act: str) -> HttpResponse:
    """Hide, restore, keep, release, refuse, lock or unlock. Goes back to where the moderator came from.

    From the queue (``next``) a decision that came second is told there, and the queue shows what is left.
    """
    target = target_or_404(request.user, kind, pk)
    require(request.user, "consultations.moderate_consultation", target.consultation)
    deed = DEEDS[act]
    form = deed.form(posted(request), act=deed.act)
    if request.method == "POST" and form.is_valid():
        try:
            deed.use_case(target=target, actor=request.user, **arguments_of(form))
        except Conflict as refusal:
            if address_asked(request):
                messages.warning(request, str(refusal.sentence))
                return redirect(address_asked(request))
            add_refusal(form, refusal)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, str(deed.done))
            return redirect(address_asked(request) or address_of(target))
    words = {"act": act, "title": deed.title, "button": deed.button}
    if act == "hide" and target.author_id:
        words["block_url"] = reverse(BLOCK_PAGES[kind], args=[pk])
    return _form_page(request, "comments/decide.html", form, target, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Put an official's mark on a contribution, or take it off."""
    target = target_or_404(request.user, kind, pk)
    require(request.user, f"comments.mark_{kind}", target)
    form = MarkForm(posted(request), initial={"mark": target.mark})
    if request.method == "POST" and form.is_valid():
        try:
            marking.mark(target=target, actor=request.user, mark=form.cleaned_data["mark"])
        except (Conflict, InvalidInput) as refusal:
            if address_asked(request):
                messages.warning(request, str(refusal.sentence))
                return redirect(address_asked(request))
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The mark is changed."))
            return redirect(address_asked(request) or address_of(target))
    words = {"act": "mark", "title": _("Mark this"), "button": _("Save the mark")}
    return _form_page(request, "comments/decide.html", form, target, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def block_author(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Keep the author of a contribution from writing in its consultation."""
    target = target_or_404(request.user, kind, pk)
    require(request.user, "consultations.moderate_consultation", target.consultation)
    if target.author is None:
        raise Conflict(blocking.NO_ACCOUNT)
    form = BlockForm(posted(request), act=moderating.Act.BLOCKED)
    if request.method == "POST" and form.is_valid():
        deed = {"consultation": target.consultation, "user": target.author, "actor": request.user}
        if attempt(form, blocking.block, **deed, until=form.until(), **arguments_of(form)):
            messages.success(request, _("The account is blocked. Its owner has been told why."))
            return redirect(address_asked(request) or address_of(target))
    words = {
        "act": "block",
        "title": _("Block its author in this consultation"),
        "hint": _("They can go on reading and voting. They are told why and until when, and can appeal."),
        "button": _("Block the account and publish the reason"),
    }
    return _form_page(request, "comments/decide.html", form, target, **words)


def _form_page(request: HttpRequest, template: str, form: Form, target: Contribution, **words: Any) -> HttpResponse:
    is_comment = isinstance(target, Comment)
    context = {
        "form": form,
        "comment": target if is_comment else None,
        "proposal": target.proposal if isinstance(target, Comment) else target,
        "consultation": target.consultation,
        "shown_text": shown_texts([target])[target],
        "rights": rights_of(request.user, target.consultation),
        "back": address_asked(request) or address_of(target),
        "next": address_asked(request),
        **words,
    }
    return render(request, template, context, status=getattr(form, "refused_with", 400) if form.errors else 200)
