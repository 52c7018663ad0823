"""The pages of paper ballots: what everybody sees of them, what editors arrange, and where clerks type."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from accounts.forms import add_refusal, answer_form, attempt, posted
from accounts.refusals import InvalidInput
from frontend.formats import number
from voting.log.pages import crumbs_of
from voting.methods import Choices
from voting.models import EligibleVoter, PaperBatch, PaperClerk, Poll
from voting.paper import appointing, entering
from voting.paper.forms import BatchForm, ClerkForm, DecisionForm, FileForm, MarkForm, ReadingForm, RuleForm
from voting.paper.reading_files import read_file
from voting.polls import queries
from voting.polls.ballot_forms import control_of, numbers_in, typed_in, words_of
from voting.rolls import keys
from voting.rolls.documents import identity_of

ACTS = {"clerk": ClerkForm, "rule": RuleForm, "batch": BatchForm, "mark": MarkForm}


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Who types, in which batches, by which rule; and the forms of those who may. ``act`` says which one is sent."""
    poll = _poll(request, poll_id)
    may_change = request.user.has_perm("voting.change_poll", poll)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = ACTS.get(act, ClerkForm)(posted(request))
    if request.method == "POST" and form.is_valid() and _do(request, poll, act, form):
        return redirect("voting:paper", poll.pk)
    context: dict[str, Any] = {
        "poll": poll,
        "act": act,
        "forms": {name: form if name == act else kind() for name, kind in ACTS.items()},
        "clerks": poll.clerks.select_related("user").order_by("pk"),
        "batches": [
            _state_of(batch) for batch in poll.paper_batches.prefetch_related("readings", "decisions__decided_by")
        ],
        "marked": poll.paper_voters.count(),
        "may_change": may_change,
        "is_clerk": request.user.has_perm("voting.enter_paper_poll", poll),
        "crumbs": crumbs_of(poll),
    }
    return answer_form(request, "voting/paper/paper.html", form, **context)


def _do(request: HttpRequest, poll: Poll, act: str, form: Any) -> bool:
    """Raises NotPermitted, as each act asks."""
    given = form.cleaned_data
    deeds = {
        "clerk": lambda: attempt(form, appointing.appoint_clerk, poll=poll, actor=request.user, **given),
        "rule": lambda: attempt(form, appointing.state_rule, poll=poll, actor=request.user, **given),
        "batch": lambda: attempt(form, entering.add_batch, poll=poll, actor=request.user, **given),
        "mark": lambda: attempt(form, _mark, request=request, poll=poll, typed=given["person"]),
    }
    if act not in deeds:
        return False
    deeds[act]()
    if form.errors:
        return False
    messages.success(request, gettext("Your changes are saved."))
    return True


def _mark(*, request: HttpRequest, poll: Poll, typed: str) -> None:
    require(request.user, "voting.enter_paper_poll", poll)
    entries = EligibleVoter.objects.filter(roll=poll.electoral_roll_id, removed_at__isnull=True)
    identity = identity_of(typed)
    if identity:
        entries = entries.filter(fingerprint=keys.document_key(poll.consultation_id, identity))
    else:
        entries = entries.filter(email=typed.strip().lower())
    entry = entries.first()
    if entry is None:
        raise InvalidInput("nobody_there", gettext("Nobody on the roll has this e-mail or number."), field="person")
    appointing.mark_paper_voter(poll=poll, entry=entry, actor=request.user)


@require_POST
def dismiss_clerk(request: HttpRequest, poll_id: int, pk: int) -> HttpResponse:
    """End one clerk's work."""
    poll = _poll(request, poll_id)
    require(request.user, "voting.change_poll", poll)
    clerk = get_object_or_404(PaperClerk, poll=poll, pk=pk)
    clerk.poll = poll
    appointing.dismiss_clerk(clerk=clerk, actor=request.user)
    return redirect("voting:paper", poll.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def type_ballot(request: HttpRequest, poll_id: int, number: int) -> HttpResponse:
    """Type the next ballot of a batch. Nothing is shown of what somebody else has typed."""
    batch = _batch(request, poll_id, number)
    if "file" in request.FILES or request.POST.get("act") == "file":
        return _read_file(request, batch)
    form = ReadingForm(posted(request), initial={"number": _next(batch, request)})
    if request.method == "POST" and form.is_valid():
        choices = _choices(form, batch.poll, request)
        given = form.cleaned_data
        if choices is not None:
            attempt(form, entering.read_ballot, batch=batch, actor=request.user, choices=choices, **given)
        if not form.errors:
            words = gettext("Ballot %(number)s is typed.") % {"number": given["number"]}
            messages.success(request, words)
            return redirect("voting:type-paper", poll_id, number)
    return _answer(request, "voting/paper/type.html", form, batch, file_form=FileForm())


def _read_file(request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """All that one clerk has typed elsewhere, or nothing of it."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        read = partial(attempt, form, read_file, batch=batch, actor=request.user)
        if count := read(content=form.cleaned_data["file"].read()):
            words = ngettext("%(number)s ballot is typed.", "%(number)s ballots are typed.", count)
            messages.success(request, words % {"number": number(count)})
            return redirect("voting:paper", batch.poll_id)
    initial = ReadingForm(initial={"number": _next(batch, request)})
    answer = _answer(request, "voting/paper/type.html", initial, batch, file_form=form)
    answer.status_code = getattr(form, "refused_with", 400)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, poll_id: int, number: int) -> HttpResponse:
    """The third look at the next ballot that two have read differently."""
    batch = _batch(request, poll_id, number)
    differing = entering.differences_of(batch)
    form = DecisionForm(posted(request), initial={"number": differing[0] if differing else None})
    if request.method == "POST" and form.is_valid():
        choices = _choices(form, batch.poll, request)
        given = form.cleaned_data
        if choices is not None:
            attempt(form, entering.decide_ballot, batch=batch, actor=request.user, choices=choices, **given)
        if not form.errors:
            return redirect("voting:decide-paper", poll_id, number)
    shown = form["number"].value()
    readings = batch.readings.filter(number=shown or 0).select_related("clerk").order_by("turn")
    poll = batch.poll
    names = {str(option.pk): str(option) for option in poll.options.all()}
    said = [
        (
            reading.clerk.name,
            reading.is_spoilt,
            [f"{names.get(pk, pk)} {words_of(poll, reading.choices, pk)}".strip() for pk in reading.choices],
        )
        for reading in readings
    ]
    return _answer(request, "voting/paper/decide.html", form, batch, said=said, left=len(differing), shown=shown)


@require_POST
def cast_paper(request: HttpRequest, poll_id: int, number: int) -> HttpResponse:
    """Put a whole batch into the log."""
    batch = _batch(request, poll_id, number)
    entering.cast_batch(batch=batch, actor=request.user)
    messages.success(request, gettext("The ballots of this batch are in the log."))
    return redirect("voting:paper", poll_id)


def _poll(request: HttpRequest, poll_id: int) -> Poll:
    visible = Poll.objects.visible_to(request.user).select_related(
        "consultation__agency", "consultation__budget", "phase", "district", "electoral_roll"
    )
    return get_object_or_404(visible, pk=poll_id)


def _batch(request: HttpRequest, poll_id: int, number: int) -> PaperBatch:
    poll = _poll(request, poll_id)
    require(request.user, "voting.enter_paper_poll", poll)
    batch = get_object_or_404(PaperBatch, poll=poll, number=number)
    batch.poll = poll
    return batch


def _state_of(batch: PaperBatch) -> dict[str, Any]:
    if batch.cast_at is not None:
        return {"batch": batch, "cast": batch.ballot_count - (batch.spoilt_count or 0)}
    missing, differing = entering.missing_of(batch), entering.differences_of(batch)
    return {"batch": batch, "missing": len(missing), "differing": len(differing),
            "is_ready": not missing and not differing}  # fmt: skip


def _next(batch: PaperBatch, request: HttpRequest) -> int | None:
    """The first ballot that two have not typed, nor this clerk."""
    own = set(batch.readings.filter(clerk=request.user.pk).values_list("number", flat=True))
    return next((number for number in entering.missing_of(batch) if number not in own), None)


def _choices(form: ReadingForm, poll: Poll, request: HttpRequest) -> Choices | None:
    """What was ticked; nothing where it is spoilt. None, with the fault in the form, for what is no number."""
    if form.cleaned_data["is_spoilt"]:
        return {}
    try:
        return numbers_in(typed_in(poll, request.POST))
    except InvalidInput as fault:
        add_refusal(form, fault)
        return None


def _answer(request: HttpRequest, template: str, form: ReadingForm, batch: PaperBatch, **more: Any) -> HttpResponse:
    poll = batch.poll
    typed = typed_in(poll, request.POST) if request.method == "POST" else {}
    options = [
        {
            "id": option.pk,
            "label": str(option),
            "is_chosen": str(option.pk) in typed,
            "value": typed.get(str(option.pk), ""),
        }
        for option in queries.for_cards(Poll.objects.filter(pk=poll.pk)).get().options.all()
    ]
    context = {
        "batch": batch, "poll": poll, "options": options, "control": control_of(poll), "anchor": "paper",
        "is_multiple": poll.ballot_kind == "several", "crumbs": crumbs_of(poll), **more,
    }  # fmt: skip
    return answer_form(request, template, form, **context)
