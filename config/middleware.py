"""What holds for every answer, whatever room it comes from. Errors have a module of their own: ``errors.py``."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Reason, Refusal

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def nothing_at_a_nul(get_response: GetResponse) -> GetResponse:
    """An address with a NUL character is not found: PostgreSQL has no such text, and fails when asked for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return middleware


def private_answers(get_response: GetResponse) -> GetResponse:
    """No cache between us and a reader keeps an answer that does not say so: every page names who is logged in.

    ``Vary: Cookie`` says the same, but many shared caches look at ``Cache-Control`` only.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response

    return middleware


class GZipOfText(GZipMiddleware):
    """Leaves alone what is packed already: pictures, PDF, office documents."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        content_type = response.get("Content-Type", "")
        if content_type.startswith(("image/", "application/pdf", "application/vnd.o")) and "svg" not in content_type:
            return response
        return super().process_response(request, response)


TOO_MUCH = Reason("too_much", _("What you sent is larger than we take. Go back and choose a smaller file."))


class TooMuch(Refusal):
    status = 413
    title = _("That is too large")


def bounded_requests(get_response: GetResponse) -> GetResponse:
    """Refuses what says that it is too long, before anything of it is taken apart. What says no length has none.

    The API has a bound of its own (``rest.BoundedJSONParser``).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_page = not request.path.startswith("/api/")
        if is_page and length.isascii() and length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            refusal = TooMuch(TOO_MUCH)
            return render(request, "refused.html", {"refusal": refusal, "reason": TOO_MUCH}, status=refusal.status)
        return get_response(request)

    return middleware
