"""How the API reads bodies and pages lists: what Django REST framework is told by the settings.

Apart from ``api.py``, because the framework imports these while it is itself imported.
"""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

LONGEST_ID = 100  # digits
LARGEST_BODY = 256 * 1024  # bytes; the longest text that we take has 50,000 characters


class IdCursorPagination(CursorPagination):
    """By id, newest first: a page costs the same at the end of a list, and nothing is skipped or comes twice."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Cursor | None:
        """As it was given out by us. DRF would hand what somebody made up on to the database."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _is_id(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_id(text: str) -> bool:
    """A number, and not one of thousands of digits, which Python refuses to read."""
    return text.isdecimal() and len(text) <= LONGEST_ID


class TooLarge(APIException):
    status_code = 413
    default_detail = "The request has more than 256 KB."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON that fits in memory and on the stack."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {}).get("request")
        if request is not None and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON is nested too deeply.") from None
