"""What somebody typed who is not logged in, or not any more: kept while they log in or sign up, and shown again.

Only for texts. A ballot is never kept: the session would know how a person wants to vote.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict

from accounts.refusals import NEEDS_ACCOUNT, NotPermitted, Refusal

KEY = "parked"
MOST_CHARACTERS = 60_000  # the longest text that a form takes, and what stands beside it
BUTTONS = ("do", "go", "preview")  # what was pressed: is pressed again by who wants it
KEPT_FOR = 2 * 60 * 60  # seconds, for somebody who never logs in


View = TypeVar("View", bound=Callable[..., Any])


def keeps_what_was_typed(view: View) -> View:
    """A page whose form is kept for somebody who has to log in first (``config/errors.py`` keeps it)."""
    view.keeps_what_was_typed = True  # type: ignore[attr-defined]
    return view


def keeps_for_members(view: View) -> View:
    """The same for a page that nobody reaches without an account: who sends it has only to log in again."""
    view.is_for_members = True  # type: ignore[attr-defined]
    return keeps_what_was_typed(view)


def require_session(request: HttpRequest) -> None:
    """Raise NotPermitted, which keeps what was sent, for somebody whose session has ended while they typed.

    Asked before anything is looked for: to them, what they wrote on may be out of sight.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        raise NotPermitted(NEEDS_ACCOUNT)


def park(request: HttpRequest, refusal: Refusal) -> bool:
    """Keep what was sent if all that is missing is an account. Whether it was kept.

    One text a session: the last one. More than anybody writes is not kept.
    """
    if refusal.reason != NEEDS_ACCOUNT or request.method != "POST":
        return False
    data = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    if sum(len(str(value)) for value in data.values()) > MOST_CHARACTERS:
        return False
    lists = {name: request.POST.getlist(name) for name in data if len(request.POST.getlist(name)) > 1}
    request.session[KEY] = {"path": request.get_full_path(), "data": data, "lists": lists}
    request.session.set_expiry(KEPT_FOR)  # logging in sets it anew
    return True


def parked(request: HttpRequest, *, is_taken_over: bool = False) -> dict[str, Any]:
    """What was kept for this address, as a form's initial values. Empty if nothing was.

    It is kept until the form is sent: whoever reloads the page, or loses the network on it, finds it again.
    is_taken_over: the caller keeps it from here on.
    """
    kept = request.session.get(KEY) if request.user.is_authenticated else None
    if not kept or kept["path"] != request.get_full_path():
        return {}
    if request.method == "POST" or is_taken_over:
        del request.session[KEY]
    return {} if request.method == "POST" else kept["data"]


def parked_as_sent(request: HttpRequest) -> QueryDict | None:
    """What was kept for this address, as it was sent, without the button; None if nothing was."""
    lists = request.session.get(KEY, {}).get("lists", {})
    data = parked(request)
    if not data:
        return None
    sent = QueryDict(mutable=True)
    for name, value in data.items():
        if name not in BUTTONS:
            sent.setlist(name, lists.get(name, [value]))
    return sent
