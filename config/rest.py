"""How the API reads bodies and pages lists: what Django REST framework is told by the settings.

Apart from ``api.py``, because the framework imports these while it is itself imported.
"""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any

from django.utils.translation import gettext
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

LONGEST_ID = 100  # digits


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


class BoundedJSONParser(JSONParser):
    """JSON that fits on the stack. That it fits in memory is seen to by ``middleware.bounded_requests``."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(gettext("The JSON that you sent is nested too deeply.")) from None
        except ParseError as fault:
            raise ParseError(_where_it_breaks(fault.__context__)) from None


def _where_it_breaks(error: BaseException | None) -> str:
    if isinstance(error, JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return gettext("What you sent is not JSON: it breaks in line %(line)s, column %(column)s.") % place
    return gettext("What you sent is not JSON.")
