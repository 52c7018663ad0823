"""What holds for every answer, whatever room it comes from. Errors have a module of their own: ``errors.py``."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

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
