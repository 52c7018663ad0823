"""Where a refusal becomes an answer: a page for people, problem details (RFC 9457) for programs."""

import sys
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from rest_framework.exceptions import APIException
    from rest_framework.response import Response

    from accounts.refusals import Refusal

PROBLEM = "application/problem+json"
FILES = (".csv", ".json", ".geojson", ".atom", ".pb", ".zip")  # which programs read
AWAY_FOR = 30  # seconds after which it makes sense to ask again, where the database does not answer


def refuse_to_start(variable: str, fault: str) -> NoReturn:
    """End the process with one line that names the environment variable and its fault."""
    sys.exit(f"asamblea: {variable} {fault}")


class RefusalMiddleware:
    """Turns a ``Refusal`` raised by a page into a page that says why, and what would help."""

    def __init__(self, get_response: Callable[["HttpRequest"], "HttpResponse"]):
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        response = self.get_response(request)
        is_read = request.method in ("GET", "HEAD") and not is_for_programs(request)
        if response.status_code == 405 and is_read:
            return _not_to_be_read(request, response["Allow"])
        return response

    def process_exception(self, request: "HttpRequest", exception: Exception) -> "HttpResponse | None":
        from django.shortcuts import render

        from accounts.parking import park
        from accounts.refusals import Refusal

        if not isinstance(exception, Refusal):
            return None
        if is_for_programs(request):
            return answer_problem(problem_of(exception), _when_again(exception))
        is_kept = getattr(_view(request), "keeps_what_was_typed", False) and park(request, exception)
        context = {
            "refusal": exception,
            "reason": exception.reason,
            "next": request.get_full_path(),
            "is_kept": is_kept,
            "is_for_members": getattr(_view(request), "is_for_members", False),
        }
        page = render(request, "refused.html", context, status=exception.status)
        for name, value in _when_again(exception).items():
            page[name] = value
        return page


def _not_to_be_read(request: "HttpRequest", allowed: str) -> "HttpResponse":
    """For whoever opens the address that a form sends to: by reloading, from the history, or from a message."""
    from django.shortcuts import render

    page = render(request, "405.html", status=405)
    page["Allow"] = allowed
    return page


def _view(request: "HttpRequest") -> Any:
    return request.resolver_match.func if request.resolver_match else None


def is_for_programs(request: "HttpRequest") -> bool:
    """Whether an error is told as problem details: in the API always, at a file unless a browser asks for it."""
    if request.path.startswith("/api/"):
        return True
    return request.path.endswith(FILES) and "text/html" not in request.headers.get("Accept", "")


def not_found(request: "HttpRequest", exception: Exception) -> "HttpResponse":
    """Django's ``handler404``."""
    from django.views.defaults import page_not_found
    from rest_framework.exceptions import NotFound

    if is_for_programs(request):
        return answer_problem(problem_of(NotFound()))
    return page_not_found(request, exception)


def too_many(request: "HttpRequest") -> "HttpResponse":
    """allauth's ``handler429``: of its limits (logging in, codes, e-mails) none is longer than a minute."""
    from django.shortcuts import render

    page = render(request, "429.html", status=429)
    page["Retry-After"] = "60"
    return page


def server_error(request: "HttpRequest") -> "HttpResponse":
    """Django's ``handler500``: says nothing of what went wrong, but whether it is worth coming again."""
    from django.db import InterfaceError, OperationalError
    from django.views.defaults import server_error as server_error_page
    from rest_framework.exceptions import APIException

    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _away(request)
    if is_for_programs(request):
        return answer_problem(problem_of(APIException()))
    return server_error_page(request)


def _away(request: "HttpRequest") -> "HttpResponse":
    """The database does not answer: drawn without it, so nothing here may ask who is logged in."""
    from django.http import HttpResponse
    from django.template.loader import render_to_string
    from django.utils.translation import gettext
    from rest_framework.exceptions import APIException

    headers = {"Retry-After": str(AWAY_FOR)}
    if is_for_programs(request):
        away = APIException(gettext("The database does not answer. Try again in a minute."), "unavailable")
        return answer_problem(
            {**problem_of(away), "title": gettext("We cannot answer right now"), "status": 503}, headers
        )
    again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return HttpResponse(render_to_string("503.html", {"again": again}), status=503, headers=headers)


def problem_details(exception: Exception, context: dict[str, Any]) -> "Response | None":
    """Answer an error in the API; Django REST framework's ``EXCEPTION_HANDLER``.

    Returns None for a programming error, which is not ours to hide.
    """
    from django.core.exceptions import PermissionDenied
    from django.http import Http404
    from rest_framework import exceptions
    from rest_framework.response import Response
    from rest_framework.views import set_rollback

    from accounts.refusals import Refusal

    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, Refusal | exceptions.APIException):
        return None
    set_rollback()
    problem = problem_of(exception)
    return Response(problem, status=problem["status"], headers=_when_again(exception), content_type=PROBLEM)


def _when_again(exception: "Refusal | APIException") -> dict[str, str]:
    """The header that says in how many seconds somebody may come again who came too often."""
    from django.utils import timezone

    from accounts.refusals import TooFast

    if isinstance(exception, TooFast):
        return {"Retry-After": str(max(ceil((exception.until - timezone.now()).total_seconds()), 1))}
    wait = getattr(exception, "wait", None)  # of exceptions.Throttled, in whole seconds
    return {"Retry-After": str(wait)} if wait else {}


def problem_of(exception: "Refusal | APIException") -> dict[str, Any]:
    """The members of RFC 9457 (type, title, status, detail), and ours.

    code: stable, in English. title and detail are in the reader's language.
    errors: field to sentences, where the fault is in what was sent. until: when it may be asked again.
    remedy: what would help, and where.
    """
    from accounts.refusals import Refusal

    problem = _of_refusal(exception) if isinstance(exception, Refusal) else _of_api_exception(exception)
    return {"type": "about:blank", **problem}


def _of_refusal(refusal: "Refusal") -> dict[str, Any]:
    problem: dict[str, Any] = {
        "title": str(refusal.title),
        "status": refusal.status,
        "detail": str(refusal.sentence),
        "code": refusal.code,
    }
    if field := getattr(refusal, "field", ""):
        problem["errors"] = {field: [str(refusal.sentence)]}
    if until := getattr(refusal, "until", None):
        problem["until"] = until.isoformat()
    if remedy := refusal.reason.remedy:
        problem["remedy"] = {"label": str(remedy.label), "address": remedy.address}
    return problem


def _of_api_exception(exception: "APIException") -> dict[str, Any]:
    from rest_framework.exceptions import ValidationError

    title, detail = str(exception.default_detail), str(exception.detail)
    if isinstance(exception, ValidationError):
        invalid = {"title": title, "status": exception.status_code, "detail": title, "code": "invalid"}
        return {**invalid, "errors": exception.detail}
    if "{" in title:  # a blank that the detail fills in
        title = detail
    # Django REST framework has no code of its own for a missing CSRF token.
    code = "csrf_failed" if detail.startswith("CSRF Failed") else exception.get_codes()
    return {"title": title, "status": exception.status_code, "detail": detail, "code": code}


def answer_problem(problem: dict[str, Any], headers: dict[str, str] | None = None) -> "HttpResponse":
    from django.http import JsonResponse

    return JsonResponse(
        problem,
        status=problem["status"],
        content_type=PROBLEM,
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )
