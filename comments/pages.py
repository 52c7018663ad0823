"""The pages of comments: a thread, writing, answering, correcting, deleting, agreeing.

Moderation has its own: ``moderation/pages.py``.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.addresses import address_asked
from accounts.forms import add_refusal, attempt, posted
from accounts.parking import keeps_for_members, keeps_what_was_typed, parked, require_session
from accounts.refusals import NEEDS_ACCOUNT, Refusal
from comments import queries, quoting, reacting
from comments.annotations.cards import Standing, address_in, annotation_of, says_more, standing_of
from comments.annotations.reading import standings
from comments.cards import Cards
from comments.commenting import SaidAlready, add_comment, check_answerable
from comments.forms import CommentForm, EditForm
from comments.mentions import mentionable, participants_of
from comments.models import Annotation, Comment
from comments.quoting import as_typed
from comments.revising import check_may_be_edited, delete_comment, edit_comment
from comments.rights import rights_of
from consultations.models import Consultation, Document, Proposal, Question
from frontend.comment_words import comment_words
from frontend.visitors import shared_by_visitors


@require_safe
@shared_by_visitors
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """A thread on its own page, with the comment that was asked for in sight."""
    found = comment_or_404(request, comment_id)
    rights = rights_of(request.user, found.consultation)
    reader = queries.Reader(request.user, rights.may_moderate)
    root = found if found.root_id is None else queries.root_of(found, reader)
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
    cards = Cards(request.user, found.consultation, rights, is_open=rights.may_write, marked=found)
    is_locked = root.locked_at is not None
    context = {
        "root": cards.of(root, is_locked=is_locked),
        "replies": [cards.of(reply, is_locked=is_locked) for reply in page.replies],
        "page": page,
        "live": cards.live(queries.name_of_place(root), root) if found.consultation.is_published else None,
        "consultation": found.consultation,
        "proposal": found.proposal,
        "question": found.question,
        "document": found.document,
        "standings": standings_of(root),
        "next": f"{request.get_full_path()}#comment-{found.pk}",
        "rights": rights,
        "later_url": f"{address}?after={page.after}" if page.after else "",
        "earlier_url": f"{address}?before={page.before}" if page.before else "",
    }
    return render(request, "comments/comment.html", context)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin a thread. The address says where: ``?consultation=<id>``, ``?proposal=<id>`` or ``?question=<id>``."""
    proposal_id = number_asked(request, "proposal")
    if proposal_id is not None:
        proposals = Proposal.objects.visible_to(request.user).select_related("consultation__agency")
        proposal = get_object_or_404(proposals.prefetch_related("consultation__phases"), pk=proposal_id)
        return _write(request, proposal.consultation, proposal=proposal)
    question_id = number_asked(request, "question")
    if question_id is not None:
        question = question_or_404(request, question_id)
        return _write(request, question.consultation, question=question)
    consultations = Consultation.objects.visible_to(request.user).select_related("agency").prefetch_related("phases")
    consultation = get_object_or_404(consultations, pk=number_asked(request, "consultation"))
    return _write(request, consultation)


@keeps_what_was_typed
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Answer a comment. ``?quote=`` puts what it says in front of the answer, ``?quote=<words>`` those words of it."""
    answers = comment_or_404(request, comment_id)
    place = {"proposal": answers.proposal, "question": answers.question, "document": answers.document}
    return _write(request, answers.consultation, **place, answers=answers)  # type: ignore[arg-type]


def _write(
    request: HttpRequest,
    consultation: Consultation,
    *,
    proposal: Proposal | None = None,
    question: Question | None = None,
    document: Document | None = None,
    answers: Comment | None = None,
) -> HttpResponse:
    """The form of a comment. What somebody wrote is shown again whatever the refusal: no text is lost."""
    rights = rights_of(request.user, consultation)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        initial=_quotation(request, answers) | parked(request),
        rights=rights,
        consultation=consultation,
        is_reply=answers is not None,
    )
    status = 200
    refused: Refusal | None = None
    if request.method == "POST":
        if form.is_valid():
            try:
                place = {"proposal": proposal, "question": question, "document": document}
                return _add(request, form, consultation, **place, answers=answers)
            except Refusal as refusal:
                if refusal.reason == NEEDS_ACCOUNT:
                    raise
                refused = refusal
                add_refusal(form, refusal)
        status = refused.status if refused else 400
    else:
        if answers is not None:
            check_answerable(answers)
        if not rights.may_write:
            assert rights.refusal is not None
            raise rights.refusal
    thread = answers.root or answers if answers else None
    context = {
        "form": form,
        "rights": rights,
        "refused": refused,
        "consultation": consultation,
        "proposal": proposal,
        "question": question,
        "document": document,
        "answers": answers,
        "people": mentionable(participants_of(thread, proposal), request.user) if thread else [],
        "next": request.get_full_path(),
    }
    return render(request, "comments/write.html", context, status=status)


def _quotation(request: HttpRequest, answers: Comment | None) -> dict[str, str]:
    """What a reply's form begins with where a quotation is asked for."""
    if answers is None or "quote" not in request.GET:
        return {}
    return {"body": quoting.quotation_of(answers, request.GET["quote"])}


def _add(request: HttpRequest, form: CommentForm, consultation: Consultation, **place: Any) -> HttpResponse:
    try:
        said = add_comment(
            consultation=consultation,
            **place,
            actor=request.user,
            body=form.cleaned_data["body"],
            is_official=form.is_official,
        )
        if said.held_at:
            messages.success(
                request, _("We have it. A moderator reads it before the others do; so far only you see it.")
            )
        else:
            done = _("Your reply is published.") if place["answers"] else _("Your comment is published.")
            messages.success(request, f"{done} {_('You can correct it for 15 minutes.')}")
    except SaidAlready as already:
        said = already.comment
        messages.info(request, _("It was received already: here it is."))
    return redirect(address_of(said))


@keeps_for_members
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Correct one's own comment, for a while after it was published. What comes too late is shown again, to be kept."""
    require_session(request)
    found = comment_or_404(request, comment_id)
    require(request.user, "comments.change_comment", found)
    if request.method != "POST":
        check_may_be_edited(found)
    annotation = annotation_of(found)
    suggests = annotation is not None and annotation.purpose == Annotation.Purpose.SUGGEST
    typed = {"body": as_typed(found) if says_more(found) else ""}
    if annotation is not None:
        typed["suggestion"] = annotation.suggestion
    form = EditForm(posted(request), initial=typed | parked(request), suggests=suggests)
    if request.method == "POST" and form.is_valid():
        corrected = attempt(form, edit_comment, comment=found, actor=request.user, **form.cleaned_data)
        if corrected:
            messages.success(request, _("Your comment is corrected."))
            return redirect(address_of(found))
    context = {
        "answer_count": found.answered_by.count() if found.root_id else found.replies.count(),
        "people": mentionable(participants_of(found.root or found, found.proposal), request.user),
    }
    return _own_comment_page(request, "comments/edit.html", found, form=form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take one's own words away; asks first, since they do not come back."""
    found = comment_or_404(request, comment_id)
    require(request.user, "comments.delete_comment", found)
    if request.method == "POST":
        delete_comment(comment=found, actor=request.user)
        messages.success(request, _("Your comment is deleted. Its place and the answers to it stay."))
        return redirect(address_of(found))
    return _own_comment_page(request, "comments/delete.html", found)


@require_POST
def react(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Agree or disagree, or take it back. A script that asks for it gets the comment's new buttons alone."""
    found = comment_or_404(request, comment_id)
    value = {"1": 1, "-1": -1, "0": 0}.get(request.POST.get("value", ""), 2)
    reacting.react(comment=found, actor=request.user, value=value)
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect(address_asked(request, address_of(found)))
    fresh = comment_or_404(request, comment_id)
    card = Cards(request.user, fresh.consultation, rights_of(request.user, fresh.consultation)).of(fresh)
    return render(request, "components/comment_reactions.html", {"card": card, "words": comment_words()})


def _own_comment_page(request: HttpRequest, template: str, found: Comment, **context: Any) -> HttpResponse:
    form = context.get("form")
    context |= {
        "comment": found,
        "consultation": found.consultation,
        "proposal": found.proposal,
        "question": found.question,
        "document": found.document,
        "rights": rights_of(request.user, found.consultation),
        "back": address_of(found),
    }
    status = getattr(form, "refused_with", 400) if form is not None and form.errors else 200
    return render(request, template, context, status=status)


def address_of(said: Comment) -> str:
    """Where a comment stands: its place for one that begins a thread, its thread's page for a reply."""
    annotation = annotation_of(said)
    if annotation is not None:
        return address_in(annotation, annotation.article.version)
    place = said.get_absolute_url() if said.root_id else queries.address_of_place(said.place)
    return f"{place}#comment-{said.pk}"


def standings_of(root: Comment) -> list[Standing]:
    """Where the words of an annotation stand in each version, the newest first; empty for other comments."""
    annotation = annotation_of(root)
    if annotation is None or root.is_hidden or root.is_deleted:
        return []
    return [standing_of(placement, annotation, placement.version) for placement in standings(annotation)]


def comment_or_404(request: HttpRequest, comment_id: int) -> Comment:
    """A comment with what its page shows; what a person may not see is not found."""
    found = queries.comment_with_page(request.user, comment_id)
    if found is None:
        raise Http404
    return found


def question_or_404(request: HttpRequest, question_id: int) -> Question:
    """A question of a consultation that the person may see."""
    consultations = Consultation.objects.visible_to(request.user)
    found = Question.objects.filter(consultation__in=consultations.values("pk")).select_related("consultation__agency")
    return get_object_or_404(found.prefetch_related("consultation__phases"), pk=question_id)


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A number from the address; None where it is missing. What is no number is not found."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
