"""The addresses of the comments' websockets. ``config/routing.py`` has them all."""

from django.urls import path

from comments import consumers

# /ws/…
# Django's path() is typed for views; here it leads to ASGI applications.
websockets = [
    path("ws/consultations/<int:consultation_id>/comments/", consumers.watch_comments),  # type: ignore[arg-type]
]
