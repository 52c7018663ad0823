"""The addresses of voting's websockets. ``config/routing.py`` has them all."""

from django.urls import path

from voting.live import consumers

# /ws/…
# Django's path() is typed for views; here it leads to ASGI applications.
websockets = [
    path("ws/polls/<int:poll_id>/", consumers.watch_poll),  # type: ignore[arg-type]
]
