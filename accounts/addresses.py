"""Where to go back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def address_asked(request: HttpRequest, otherwise: str) -> str:
    """The address that the form or link names as ``next``, if it is one of this site; ``otherwise`` if not."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else otherwise
