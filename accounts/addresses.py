"""Where to go back to: the one place that says which addresses a form or link may name."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def address_asked(request: HttpRequest, otherwise: str = "") -> str:
    """The address that the form or link names as ``next``, if it is one of this site; ``otherwise`` if not."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(request, asked) else otherwise


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address from outside leads to this site. An empty one does not."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
