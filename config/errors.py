"""Where a refusal becomes an answer: a page for people, problem details (RFC 9457) for programs."""

import sys
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from rest_framework.response import Response


def refuse_to_start(variable: str, fault: str) -> NoReturn:
    """End the process with one line that names the environment variable and its fault."""
    sys.exit(f"asamblea: {variable} {fault}")


class RefusalMiddleware:
    """Turns a ``Refusal`` raised by a page into a page that says why, and what would help."""

    def __init__(self, get_response: Callable[["HttpRequest"], "HttpResponse"]):
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        return self.get_response(request)

    def process_exception(self, request: "HttpRequest", exception: Exception) -> "HttpResponse | None":
        from django.shortcuts import render

        from accounts.refusals import Refusal

        if not isinstance(exception, Refusal):
            return None
        context = {"refusal": exception, "reason": exception.reason, "next": request.get_full_path()}
        return render(request, "refused.html", context, status=exception.status)


def problem_details(exception: Exception, context: dict[str, Any]) -> "Response | None":
    """Answer an API error as ``application/problem+json`` (RFC 9457): type, title, status, detail, code, errors.

    ``code`` is stable and in English; ``title`` and ``detail`` are in the reader's language.
    Returns None for a programming error, which is not ours to hide.
    """
    from django.core.exceptions import PermissionDenied
    from django.http import Http404
    from rest_framework import exceptions
    from rest_framework.response import Response
    from rest_framework.views import set_rollback

    from accounts.refusals import InvalidInput, Refusal

    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()

    headers = {}
    if isinstance(exception, Refusal):
        body: dict[str, Any] = {"title": str(exception.title), "status": exception.status}
        body |= {"detail": str(exception.sentence), "code": exception.code}
        if isinstance(exception, InvalidInput) and exception.field:
            body["errors"] = {exception.field: [str(exception.sentence)]}
    elif isinstance(exception, exceptions.APIException):
        body = {"title": str(exception.default_detail), "status": exception.status_code}
        if isinstance(exception, exceptions.ValidationError):
            body |= {"detail": str(exception.default_detail), "code": "invalid", "errors": exception.detail}
        else:
            body |= {"detail": str(exception.detail), "code": exception.get_codes()}
        wait = getattr(exception, "wait", None)  # of exceptions.Throttled
        if wait:
            headers["Retry-After"] = str(ceil(wait))
    else:
        return None
    set_rollback()
    body = {"type": "about:blank", **body}
    return Response(body, status=body["status"], headers=headers, content_type="application/problem+json")
