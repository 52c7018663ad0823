"""Answering with a file that came from outside. Who may have it was asked before."""

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header

from accounts.files import storing

A_YEAR = 31_536_000  # seconds
FIVE_MINUTES = 300  # seconds


def file_answer(
    name: str, content_type: str, *, is_public: bool, max_age: int = A_YEAR, save_as: str = ""
) -> HttpResponse:
    """The file called ``name`` in the storage.

    is_public: caches on the way may keep it for ``max_age`` seconds; else only the reader's own browser, and shortly.
    save_as: the name under which it is saved; a document is never shown inside the site. Empty: a picture of ours.
    """
    try:
        content = storing.read(name)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    if save_as:
        response["Content-Disposition"] = content_disposition_header(True, save_as) or "attachment"
    if is_public:
        # The address has the content's hash, so what it names never changes.
        patch_cache_control(response, public=True, max_age=max_age, immutable=True)
    else:
        patch_cache_control(response, private=True, max_age=FIVE_MINUTES)
    return response
