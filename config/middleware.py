"""What holds for every answer, whatever room it comes from. Errors have a module of their own: ``errors.py``."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Reason, Refusal
from config.errors import answer_problem, is_for_programs, problem_of

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


def open_to_other_sites(get_response: GetResponse) -> GetResponse:
    """What nobody has to log in for, any site's script may read: of the API, and of files that programs read.

    To a script that would use somebody's session here a browser shows nothing that allows "*".
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method in ("GET", "HEAD") and is_for_programs(request):
            patch_vary_headers(response, ["Cookie"])
            if settings.SESSION_COOKIE_NAME not in request.COOKIES:
                response["Access-Control-Allow-Origin"] = "*"
                response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return middleware


class ConditionalApi(ConditionalGetMiddleware):
    """Of the API nobody is sent again what they have: an ETag of what the answer says, and 304 where it is the same."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return super().process_response(request, response) if request.path.startswith("/api/") else response


class GZipOfText(GZipMiddleware):
    """Leaves alone what is packed already: pictures, PDF, office documents."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        content_type = response.get("Content-Type", "")
        if content_type.startswith(("image/", "application/pdf", "application/vnd.o")) and "svg" not in content_type:
            return response
        return super().process_response(request, response)


TOO_MUCH = Reason("too_much", _("What you sent is larger than we take. Go back and choose a smaller file."))

LARGEST_BODY = 256 * 1024  # bytes of a request to the API; the longest text that we take has 50,000 characters
TOO_LARGE = Reason("too_large", _("A request has at most 256 KB here."))


class TooMuch(Refusal):
    status = 413
    title = _("That is too large")


def bounded_requests(get_response: GetResponse) -> GetResponse:
    """Refuses what says that it is too long, before anything of it is taken apart. What says no length has none."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_api = request.path.startswith("/api/")
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = LARGEST_BODY if is_api else settings.REQUEST_MAX_BYTES
        if not (length.isascii() and length.isdigit() and int(length) > most):
            return get_response(request)
        refusal = TooMuch(TOO_LARGE if is_api else TOO_MUCH)
        if is_api:
            return answer_problem(problem_of(refusal))
        return render(request, "refused.html", {"refusal": refusal, "reason": TOO_MUCH}, status=refusal.status)

    return middleware
