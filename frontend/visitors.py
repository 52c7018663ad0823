"""Pages for visitors: who has no session sees what every other visitor sees, so it is made once for many of them.

When a vote opens, thousands read the same page within seconds. Made anew for each, a server process answers some
fifteen of them a second; from memory, hundreds. For everybody who is logged in, each page is made anew.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

# A page is kept without the tokens of its forms: each visitor is given their own.
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')
# A few hundred addresses share a few locks, so that one thread makes a page while the others wait for it.
LOCKS = [Lock() for _ in range(64)]


def shared_by_visitors(page: Page[P]) -> Page[P]:
    """Answer visitors from memory, with what is at most ``settings.SHARED_PAGE_SECONDS`` old (0: always made anew).

    page: answers GET, and shows somebody without a session nothing that depends on more than address and language.
    Only what was found (200) is kept, and nothing that sets a cookie.
    """

    @wraps(page)
    def shared(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _is_sharable(request):
            return page(request, *args, **kwargs)
        key = sha256(f"{request.build_absolute_uri()} {get_language()}".encode()).hexdigest()
        pages = caches["pages"]
        kept = pages.get(key)
        if kept is None:
            with LOCKS[hash(key) % len(LOCKS)]:
                kept = pages.get(key)  # somebody else may have made it while we waited
                if kept is None:
                    response = page(request, *args, **kwargs)
                    if response.status_code == 200 and not response.cookies:
                        kept = (TOKEN.split(response.content), dict(response.items()))
                        pages.set(key, kept, settings.SHARED_PAGE_SECONDS)
                    return response
        return _answer(request, *kept)

    return shared


def _is_sharable(request: HttpRequest) -> bool:
    return (
        settings.SHARED_PAGE_SECONDS > 0
        and request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
    )


def _answer(request: HttpRequest, parts: list[bytes], headers: dict[str, str]) -> HttpResponse:
    content = get_token(request).encode().join(parts) if len(parts) > 1 else parts[0]
    response = HttpResponse(content, headers=headers)
    patch_vary_headers(response, ["Cookie"])
    return response
