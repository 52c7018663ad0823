"""What a person is told, in the product, and how much of it by e-mail; in the order of ``accounts/urls.py``."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import answer_form, posted
from accounts.models import Notice, Pace
from accounts.notices import reading, sight, unsubscribing
from accounts.notices.forms import PaceForm
from accounts.pages import require_account
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Everything that the person was told, the newest first."""
    person = require_account(request)
    page = reading.page_of(person, request.GET.get("page"))
    context = {"page": page, "lines": reading.lines_of(person, page)}
    return render(request, "accounts/notices/notices.html", context)


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark all of them read."""
    reading.mark_read(require_account(request))
    return redirect("accounts:notices")


@require_safe
@never_cache
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go on to what it leads to.

    Its person, or whoever holds the e-mail, without an account. Only for its person it counts as read: what follows
    links in somebody's e-mail is often a program. Changes nothing else, so it may be a GET: a link is what one opens.
    """
    notice = get_object_or_404(Notice, pk=pk)
    if request.user.is_authenticated and request.user.pk == notice.user_id:
        reading.mark_read(require_account(request), notice)
    elif not unsubscribing.is_signature_of(notice, request.GET.get("s", "")):
        if not request.user.is_authenticated:
            raise NotPermitted(NEEDS_ACCOUNT)
        raise Http404
    return redirect(notice.url)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """How often the person wants e-mail: about everything, and about each consultation that they follow."""
    person = require_account(request)
    form = PaceForm(posted(request), initial={"pace": person.mail_pace})
    if request.method == "POST" and form.is_valid():
        unsubscribing.choose_pace(person, form.cleaned_data["pace"])
        messages.success(request, gettext("Your changes are saved."))
        return redirect("accounts:notice-settings")
    crumbs = [{"title": gettext("Notices"), "url": reverse("accounts:notices")}]
    return answer_form(request, "accounts/notices/settings.html", form, crumbs=crumbs)


@csrf_exempt  # a mail program presses the button for its person (RFC 8058), without cookies; the token says who
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the e-mails about one consultation, without logging in; say so, and offer to undo it.

    A GET only asks: mail programs look at links before people do. A POST never redirects, as RFC 8058 wants it.
    """
    found = unsubscribing.subscription_of(token)
    if found is None:
        return render(request, "accounts/notices/unsubscribe.html", {"state": "unknown"}, status=404)
    back_to = unsubscribing.way_back(found)
    state = "stopped" if unsubscribing.pace_of(found.person, found.consultation_id) == Pace.NEVER else "asking"
    if request.method == "POST":
        state = "undone" if "back_to" in request.POST else "stopped"
        pace = request.POST["back_to"] if state == "undone" else Pace.NEVER
        unsubscribing.choose_pace(found.person, pace, found.consultation_id)
    place = sight.place_of(found.person, found.consultation_id)
    context = {"state": state, "place": place, "email": found.person.email, "back_to": back_to}
    return render(request, "accounts/notices/unsubscribe.html", context)
