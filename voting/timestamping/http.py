"""The one way in which services are asked: a POST with a time limit, errors as StampFailed."""

import http.client
import urllib.request

from voting.timestamping.port import StampFailed

TIMEOUT = 20  # seconds
LARGEST = 1_000_000  # bytes of an answer


def post(url: str, body: bytes, content_type: str) -> bytes:
    """Raises StampFailed."""
    if not url.startswith(("http://", "https://")):
        raise StampFailed("not an HTTP address")
    try:
        request = urllib.request.Request(url, data=body, headers={"Content-Type": content_type})  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            data: bytes = answer.read(LARGEST + 1)
    except (OSError, ValueError, http.client.HTTPException) as fault:  # nobody, no address, no HTTP
        raise StampFailed(f"no answer: {fault}") from fault
    if len(data) > LARGEST:
        raise StampFailed("the answer is too long")
    return data
