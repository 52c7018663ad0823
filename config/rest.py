"""How the API reads bodies and pages lists: what Django REST framework is told by the settings.

Apart from ``api.py``, because the framework imports these while it is itself imported.
"""

import json
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import IO, Any, NoReturn

from django.utils.translation import gettext
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

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
    """JSON that fits on the stack, and means one thing: of a name that stands twice in an object, one reader takes the
    first and another the last, and a ballot would be counted that its voter may not have meant.

    That it fits in memory is seen to by ``middleware.bounded_requests``.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return json.loads(stream.read().decode(), parse_constant=_no_number, object_pairs_hook=_each_name_once)
        except RecursionError:
            raise ParseError(gettext("The JSON that you sent is nested too deeply.")) from None
        except ValueError as fault:
            raise ParseError(_where_it_breaks(fault)) from None


def _no_number(word: str) -> NoReturn:
    """NaN and Infinity, which Python would take."""
    raise ValueError(word)


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(gettext("In the JSON that you sent one name stands twice in the same object."))
        found[name] = value
    return found


def _where_it_breaks(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return gettext("What you sent is not JSON: it breaks in line %(line)s, column %(column)s.") % place
    return gettext("What you sent is not JSON.")


class VisitorRateThrottle(AnonRateThrottle):
    """Whoever has an address of IPv6 has the whole network of it, and counts once, as for logging in."""

    def get_ident(self, request: Request) -> str:
        ident: str = super().get_ident(request)
        try:
            address = ip_address(ident)
        except ValueError:
            return ident
        return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else ident
