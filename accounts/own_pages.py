"""The pages on which a person sees to what is theirs: terms, participation, data, the end of the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consent
from accounts.addresses import address_asked
from accounts.forms import AgreeForm, EraseForm, answer_form, attempt, posted
from accounts.legal import CURRENT, DOCUMENTS, VERSIONS, text_of, version_numbered
from accounts.own_data import taking
from accounts.own_data.erasing import erase_account as erase
from accounts.own_data.holdings import all_holdings
from accounts.pages import Crumbs, require_account
from accounts.participation import all_sections, first_of, page_of


def crumbs_to_account() -> Crumbs:
    return [{"title": gettext("My account"), "url": reverse("accounts:change-profile")}]


@require_safe
def legal(request: HttpRequest, document: str, version: int = CURRENT.number) -> HttpResponse:
    """The terms of use, or the statement on privacy; also as they were."""
    found = version_numbered(version)
    if document not in DOCUMENTS or found is None:
        raise Http404
    titles = {"terms": gettext("Terms of use"), "privacy": gettext("Privacy")}
    context = {
        "title": titles[document],
        "document": document,
        "text": text_of(document, version, get_language() or "es-ar"),
        "version": found,
        "is_current": found == CURRENT,
        "earlier": [other for other in VERSIONS if other != found],
    }
    return render(request, "accounts/legal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """Say that one agrees to the terms as they are now, and go on with what one was about to do."""
    user = require_account(request)
    form = AgreeForm(posted(request), initial={"version": CURRENT.number, "next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        attempt(form, consent.agree, user=user, version=form.cleaned_data["version"])
        if not form.errors:
            messages.success(request, gettext("Thank you. You can take part now."))
            return redirect(address_asked(request, "/"))
    return answer_form(
        request, "accounts/agree.html", form, version=CURRENT, has_agreed=not consent.needs_consent(user)
    )


@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    """What one wrote, supported, voted and follows, and what became of it."""
    user = require_account(request)
    wanted, number = request.GET.get("section", ""), request.GET.get("page", "")
    sections = [section for section in all_sections() if not wanted or section.name == wanted]
    if not sections:
        raise Http404
    context = {
        "sections": [
            (section, page_of(section, user, number) if wanted else first_of(section, user)) for section in sections
        ],
        "wanted": wanted,
    }
    return render(request, "accounts/participation.html", context)


@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """What we hold about a person, to take away."""
    require_account(request)
    return render(request, "accounts/own_data.html", {"holdings": all_holdings(), "crumbs": crumbs_to_account()})


@never_cache
@require_safe
def own_data_file(request: HttpRequest) -> HttpResponse:
    """All of it as one file."""
    text = taking.own_data_file(require_account(request))
    headers = {"Content-Disposition": 'attachment; filename="asamblea-mis-datos.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    """The end of the account. Says first what becomes of each thing."""
    user = require_account(request)
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        attempt(form, erase, user=user, **form.cleaned_data)
        if not form.errors:
            logout(request)
            messages.success(request, gettext("Your account is erased. Thank you for having taken part."))
            return redirect("/")
    return answer_form(
        request, "accounts/erase_account.html", form, holdings=all_holdings(), crumbs=crumbs_to_account()
    )
