"""The addresses of voting's websockets."""

from channels.routing import URLRouter
from django.urls import path, re_path

from voting import consumers

# Django's path() is typed for views; here it leads to ASGI applications.
# /ws/…
websockets = URLRouter(
    [
        path("ws/polls/<int:poll_id>/", consumers.watch_poll),  # type: ignore[arg-type]
        re_path(r"", consumers.not_found),  # type: ignore[arg-type]
    ]
)
