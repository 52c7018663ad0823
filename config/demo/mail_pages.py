"""The e-mails of a demonstration, as pages. Without ``DEMO_MAILBOX`` there are none: 404."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from config.demo import mailbox

AS_A_MAIL_PROGRAM = {
    **{f"{kind}-src": [NONE] for kind in ("script", "img", "font", "connect", "manifest")},
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
}


def require_mailbox() -> None:
    if settings.PRODUCTION or not settings.DEMO_MAILBOX:
        raise Http404


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    require_mailbox()
    return render(request, "demo/letters.html", {"letters": mailbox.letters()})


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One: how it looks, and its text."""
    require_mailbox()
    found = mailbox.letter(name)
    if found is None:
        raise Http404
    return render(request, "demo/letter.html", {"letter": found})


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace(AS_A_MAIL_PROGRAM)  # type: ignore[arg-type]
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """Its HTML, as a mail program shows it: with the rules in its head, and nothing from elsewhere."""
    require_mailbox()
    found = mailbox.letter(name)
    if found is None or not found.html:
        raise Http404
    return HttpResponse(found.html.replace("<head>", '<head><base target="_top">', 1))
