"""The pages of electoral rolls: what everybody sees of one, loading and changing it, inviting, and taking an entry."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from consultations.models import Consultation
from frontend.formats import number
from voting.log.receipts import qr_code
from voting.models import ElectoralRoll, RollUpload
from voting.rolls import changing, claiming, inviting, keys, loading
from voting.rolls.forms import ClaimForm, ConfirmForm, ListForm, RemovalForm, RuleForm
from voting.rolls.words import encoding_words, fault_of_line


@require_safe
def roll(request: HttpRequest, slug: str) -> HttpResponse:
    """How many are on a roll, its hash, and what was changed and why. Nobody's name, to nobody."""
    consultation = _consultation(request, slug)
    found = _roll_of(consultation)
    may_change = request.user.has_perm("consultations.change_consultation", consultation)
    if found is None and not may_change:
        raise Http404
    context = _context(consultation, found) | {
        "may_change": may_change,
        "rule": RuleForm(initial={"takes_numbers": found.takes_numbers}) if found and may_change else None,
        "changes": list(found.changes.all()) if found else [],
        "weights": list(changing.weights_of(found).items()) if found and found.is_weighted else [],
        "digest": bytes(found.digest).hex() if found else "",
        "taken": inviting.count_taken(found) if found and may_change else 0,
    }
    return render(request, "voting/rolls/roll.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def load_roll(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload or paste a list. Nothing is on the roll before the next page is confirmed."""
    consultation = _to_change(request, slug)
    form = ListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = attempt(form, loading.stage, consultation=consultation, content=form.content(), actor=request.user)
        if upload:
            return redirect("voting:confirm-upload", slug)
    context = _context(consultation, _roll_of(consultation))
    return answer_form(request, "voting/rolls/load_roll.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_upload(request: HttpRequest, slug: str) -> HttpResponse:
    """What was understood of a list and what was not; then it is loaded."""
    consultation = _to_change(request, slug)
    upload = RollUpload.objects.select_related("consultation").filter(consultation=consultation).first()
    if upload is None:
        return redirect("voting:roll", slug)
    found = _roll_of(consultation)
    form = ConfirmForm(posted(request), needs_reason=found is not None, initial={"upload": upload.pk})
    if request.method == "POST" and form.is_valid():
        seen = RollUpload(pk=form.cleaned_data["upload"], consultation=consultation)
        reason = form.cleaned_data.get("reason", "")
        change = attempt(form, loading.load, upload=seen, actor=request.user, reason=reason)
        if change:
            words = ngettext(
                "%(count)s person is on the roll now.", "%(count)s people are on the roll now.", change.size
            )
            messages.success(request, words % {"count": number(change.size)})
            return redirect("voting:roll", slug)
    known = loading.count_known(upload)
    report = loading.Report(**upload.faults)
    context = _context(consultation, found) | {
        "upload": upload,
        "known_count": known,
        "new_count": upload.count - known,
        "fault_count": sum(report.counts.values()),
        "fault_kinds": [(fault_of_line(code), count) for code, count in report.counts.items()],
        "faults": [(line, fault_of_line(code)) for line, code in report.faults],
        "encoding": encoding_words(report.encoding),
        "ignored": report.ignored,
        "shown": (shown := loading.shown_of(upload)),
        "is_weighted": any(voter.weight != 1 for voter in shown),
        "voted": consultation.polls.filter(ballots__isnull=False).exists() if found else False,
    }
    return answer_form(request, "voting/rolls/confirm_upload.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_voters(request: HttpRequest, slug: str) -> HttpResponse:
    """Take people off the roll, with a public reason."""
    consultation = _to_change(request, slug)
    found = _existing_roll(consultation)
    form = RemovalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        people = form.cleaned_data["people"]
        count = attempt(
            form,
            changing.remove_voters,
            roll=found,
            fingerprints=[keys.document_key(consultation.pk, entry.document) for entry in people if entry.document],
            emails=[entry.email for entry in people if entry.email],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
        if count:
            words = ngettext("%(count)s person was removed.", "%(count)s people were removed.", count)
            messages.success(request, words % {"count": number(count)})
            return redirect(found)
    return answer_form(request, "voting/rolls/remove_voters.html", form, **_context(consultation, found))


@require_POST
def change_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether a document number alone is enough."""
    consultation = _to_change(request, slug)
    found = _existing_roll(consultation)
    form = RuleForm(request.POST)
    form.full_clean()
    changing.set_takes_numbers(roll=found, takes_numbers=form.cleaned_data["takes_numbers"], actor=request.user)
    messages.success(request, gettext("Your changes are saved."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_voters(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has no account tied yet: invitations by e-mail, and letters to print."""
    consultation = _to_change(request, slug)
    found = _existing_roll(consultation)
    if request.method == "POST":
        count = inviting.invite_by_email(roll=found, actor=request.user)
        words = ngettext("%(count)s e-mail is on its way.", "%(count)s e-mails are on their way.", count)
        messages.success(request, words % {"count": number(count)})
        return redirect("voting:invite-voters", slug)
    context = _context(consultation, found) | {
        "waiting": inviting.count_waiting(found),
        "at_once": inviting.LETTERS_AT_ONCE,
    }
    return render(request, "voting/rolls/invite_voters.html", context)


@never_cache
@require_POST
def print_letters(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters themselves, to print: the only time that their codes can be read."""
    consultation = _to_change(request, slug)
    found = _existing_roll(consultation)
    letters = inviting.print_letters(roll=found, actor=request.user, again="again" in request.POST)
    if not letters:
        messages.info(request, gettext("There is no letter to print: everybody has a code or an account."))
        return redirect("voting:invite-voters", slug)
    context = _context(consultation, found) | {
        "letters": [(letter, qr_code(inviting.claim_address(letter.code))) for letter in letters],
        "claim_address": inviting.claim_address(),
        "until": inviting.expiry_of(found, letters[0].made_at),
    }
    return render(request, "voting/rolls/letters.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_entry(request: HttpRequest) -> HttpResponse:
    """Prove that one is on a roll. ``?code=``: as a letter's QR code fills it in; ``?next=``: where to go on."""
    if not request.user.is_authenticated:
        raise NotPermitted(NEEDS_ACCOUNT)
    form = ClaimForm(posted(request), initial={"code": request.GET.get("code", "")[:40]})
    if request.method == "POST" and form.is_valid():
        found = attempt(form, claiming.claim_entry, typed=form.cleaned_data["code"], user=request.user)
        if found:
            messages.success(request, gettext("You are on the roll, and you can vote."))
            return redirect(_next(request) or found.consultation.get_absolute_url())
    return answer_form(request, "voting/rolls/claim_entry.html", form, email=request.user.email)


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user).select_related("agency"), slug=slug)


def _to_change(request: HttpRequest, slug: str) -> Consultation:
    consultation = _consultation(request, slug)
    require(request.user, "consultations.change_consultation", consultation)
    return consultation


def _roll_of(consultation: Consultation) -> ElectoralRoll | None:
    found = ElectoralRoll.objects.filter(consultation=consultation).first()
    if found:
        found.consultation = consultation
    return found


def _existing_roll(consultation: Consultation) -> ElectoralRoll:
    found = _roll_of(consultation)
    if found is None:
        raise Http404
    return found


def _context(consultation: Consultation, found: ElectoralRoll | None) -> dict[str, Any]:
    crumbs = [
        {"title": gettext("Consultations"), "url": reverse("consultations:consultations")},
        {"title": consultation.title, "url": consultation.get_absolute_url()},
    ]
    return {"consultation": consultation, "roll": found, "crumbs": crumbs}


def _next(request: HttpRequest) -> str:
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else ""
