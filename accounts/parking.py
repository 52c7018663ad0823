"""What somebody typed before they had an account: kept while they log in or sign up, and shown again in its form.

Only for texts. A ballot is never kept: the session would know how a person wants to vote.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from accounts.refusals import NEEDS_ACCOUNT, Refusal

KEY = "parked"
MOST_CHARACTERS = 20_000
KEPT_FOR = 2 * 60 * 60  # seconds, for somebody who never logs in


View = TypeVar("View", bound=Callable[..., Any])


def keeps_what_was_typed(view: View) -> View:
    """A page whose form is kept for somebody who has to log in first (``config/errors.py`` keeps it)."""
    view.keeps_what_was_typed = True  # type: ignore[attr-defined]
    return view


def park(request: HttpRequest, refusal: Refusal) -> bool:
    """Keep what was sent if all that is missing is an account. Whether it was kept.

    One text a session: the last one. More than anybody writes is not kept.
    """
    if refusal.reason != NEEDS_ACCOUNT or request.method != "POST":
        return False
    data = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    if sum(len(str(value)) for value in data.values()) > MOST_CHARACTERS:
        return False
    request.session[KEY] = {"path": request.get_full_path(), "data": data}
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
