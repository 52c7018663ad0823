"""Every websocket of the product: the rooms' own lists, and what answers any other address."""

from channels.routing import URLRouter
from django.urls import re_path

import comments.routing
import voting.routing
from consultations.live.sockets import not_found

websockets = URLRouter(
    [
        *voting.routing.websockets,
        *comments.routing.websockets,
        re_path(r"", not_found),  # type: ignore[arg-type]
    ]
)
