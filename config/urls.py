"""The first word of each address, and the room that answers it."""

from django.urls import include, path

from accounts.pages import set_language

urlpatterns = [
    path("polls/", include("voting.urls")),  # first: a rush of voters should not try every other address before
    path("i18n/setlang/", set_language, name="set_language"),
    path("", include("consultations.urls")),  # the front page, consultations/, proposals/
    path("", include("accounts.urls")),  # agencies/, account/me/
    path("account/", include("allauth.urls")),
    path("", include("frontend.urls")),
    path("", include("comments.urls")),  # comments/, moderation/
    path("demo/", include("config.demo.urls")),  # 404 where it is no demonstration
    path("api/v1/", include(("config.api", "api"))),
]

handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
