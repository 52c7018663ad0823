"""The pages of comments: a thread, writing a comment, replying. Moderation has its own: ``moderation_pages.py``."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import add_refusal
from accounts.parking import keeps_what_was_typed, parked
from accounts.refusals import NEEDS_ACCOUNT, Conflict, Refusal
from comments import queries
from comments.commenting import HIDDEN, SaidAlready, add_comment
from comments.forms import CommentForm
from comments.models import Comment
from comments.rights import rights_of
from consultations.models import Consultation, Proposal


@require_safe
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """A thread on its own page, with the comment that was asked for in sight."""
    found = comment_or_404(request, comment_id)
    root = found.root or found
    rights = rights_of(request.user, found.consultation)
    reader = queries.Reader(request.user, rights.may_moderate)
    after, before = number_asked(request, "after"), number_asked(request, "before")
    if after is not None:
        page = queries.replies_after(root, after, reader)
    elif before is not None:
        page = queries.replies_before(root, before, reader)
    elif found.pk != root.pk:
        page = queries.replies_around(root, found, reader)
    else:
        page = queries.replies_after(root, None, reader)
    address = reverse("comments:comment", args=[root.pk])
    context = {
        "root": root,
        "asked": found,
        "page": page,
        "consultation": found.consultation,
        "proposal": found.proposal,
        "rights": rights,
        "later_url": f"{address}?after={page.after}" if page.after else "",
        "earlier_url": f"{address}?before={page.before}" if page.before else "",
    }
    return render(request, "comments/comment.html", context)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin a thread. The address says where: ``?consultation=<id>`` or ``?proposal=<id>``."""
    proposal_id = number_asked(request, "proposal")
    if proposal_id is not None:
        proposals = Proposal.objects.visible_to(request.user).select_related("consultation__agency")
        proposal = get_object_or_404(proposals.prefetch_related("consultation__phases"), pk=proposal_id)
        return _write(request, proposal.consultation, proposal, answers=None)
    consultations = Consultation.objects.visible_to(request.user).select_related("agency").prefetch_related("phases")
    consultation = get_object_or_404(consultations, pk=number_asked(request, "consultation"))
    return _write(request, consultation, None, answers=None)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Answer a comment."""
    answers = comment_or_404(request, comment_id)
    return _write(request, answers.consultation, answers.proposal, answers)


def _write(
    request: HttpRequest, consultation: Consultation, proposal: Proposal | None, answers: Comment | None
) -> HttpResponse:
    """The form of a comment. What somebody wrote is shown again whatever the refusal: no text is lost."""
    rights = rights_of(request.user, consultation)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        initial=parked(request),
        rights=rights,
        consultation=consultation,
        is_reply=answers is not None,
    )
    status = 200
    refused: Refusal | None = None
    if request.method == "POST":
        if form.is_valid():
            try:
                return _add(request, form, consultation, proposal, answers)
            except Refusal as refusal:
                if refusal.reason == NEEDS_ACCOUNT:
                    raise
                refused = refusal
                add_refusal(form, refusal)
        status = refused.status if refused else 400
    elif answers is not None and answers.is_hidden:
        raise Conflict(HIDDEN)
    elif not rights.may_write:
        assert rights.refusal is not None
        raise rights.refusal
    context = {
        "form": form,
        "rights": rights,
        "refused": refused,
        "consultation": consultation,
        "proposal": proposal,
        "answers": answers,
        "next": request.get_full_path(),
    }
    return render(request, "comments/write.html", context, status=status)


def _add(
    request: HttpRequest,
    form: CommentForm,
    consultation: Consultation,
    proposal: Proposal | None,
    answers: Comment | None,
) -> HttpResponse:
    try:
        said = add_comment(
            consultation=consultation,
            proposal=proposal,
            answers=answers,
            actor=request.user,
            body=form.cleaned_data["body"],
            is_official=form.is_official,
        )
        if said.held_at:
            messages.success(
                request, _("We have it. A moderator reads it before the others do; so far only you see it.")
            )
        else:
            messages.success(request, _("Your reply is published.") if answers else _("Your comment is published."))
    except SaidAlready as already:
        said = already.comment
        messages.info(request, _("It was received already: here it is."))
    return redirect(address_of(said))


def address_of(said: Comment) -> str:
    """Where a comment stands: its place for one that begins a thread, its thread's page for a reply."""
    place = said.get_absolute_url() if said.root_id else place_of(said).get_absolute_url()
    return f"{place}#comment-{said.pk}"


def place_of(said: Comment) -> Proposal | Consultation:
    """What a comment is about."""
    return said.proposal or said.consultation


def comment_or_404(request: HttpRequest, comment_id: int) -> Comment:
    """A comment with what its page shows; what a person may not see is not found."""
    return get_object_or_404(queries.comment_to_show(Comment.objects.visible_to(request.user)), pk=comment_id)


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A number from the address; None where it is missing. What is no number is not found."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
