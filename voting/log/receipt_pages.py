"""The pages of receipts: one voter's own, and where anybody checks a number."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consultations.forms import WholeNumberField
from voting.log.pages import crumbs_of
from voting.log.receipts import Receipt, entry_numbered, file_of, fingerprint_of, qr_code, receipt_of
from voting.polls.queries import visible_poll

LARGEST = 2**31 - 1


class NumberForm(forms.Form):
    """The number on a receipt."""

    number = WholeNumberField(label=_("Number on the receipt"), min_value=0, max_value=LARGEST, required=False)
    number.is_optional = False  # type: ignore[attr-defined]  # the page is empty without it


@require_safe
def receipt(request: HttpRequest, poll_id: int, ballot_id: UUID) -> HttpResponse:
    """Whoever has the address sees where the ballot stands: received, or sealed with its number. Never its choices."""
    found = _found(request, poll_id, ballot_id)
    context = {
        "receipt": found,
        "poll": found.poll,
        "crumbs": crumbs_of(found.poll),
        "qr_code": qr_code(_address(request, found)),
        "address": _address(request, found),
    }
    return render(request, "voting/receipt.html", context)


@require_safe
def receipt_file(request: HttpRequest, poll_id: int, ballot_id: UUID) -> JsonResponse:
    """The same to keep: what ``verify.py --receipt`` checks."""
    found = _found(request, poll_id, ballot_id)
    answer = JsonResponse(file_of(found, _address(request, found)), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{found.number or "received"}.json"'
    return answer


@require_safe
def check_number(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Whether an entry has the number that a receipt says, and its fingerprint to compare."""
    poll = visible_poll(request.user, poll_id)
    form = NumberForm(request.GET if "number" in request.GET else None)
    number = form.cleaned_data["number"] if form.is_bound and form.is_valid() else None
    leaf = entry_numbered(poll, number) if number is not None else None
    context = {
        "poll": poll,
        "form": form,
        "number": number,
        "leaf": leaf,
        "fingerprint": fingerprint_of(leaf) if leaf else "",
        "crumbs": crumbs_of(poll),
    }
    return render(request, "voting/check_number.html", context, status=400 if form.errors else 200)


def _found(request: HttpRequest, poll_id: int, ballot_id: UUID) -> Receipt:
    found = receipt_of(visible_poll(request.user, poll_id), ballot_id)
    if found is None:
        raise Http404
    return found


def _address(request: HttpRequest, found: Receipt) -> str:
    return request.build_absolute_uri(reverse("voting:receipt", args=[found.poll.pk, found.ballot.pk]))
