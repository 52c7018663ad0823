"""The first word of each address, and the room that answers it."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("consultations.urls")),  # the front page, consultations/, proposals/
    path("", include("accounts.urls")),  # agencies/, account/me/
    path("account/", include("allauth.urls")),
    path("", include("frontend.urls")),
    path("", include("comments.urls")),  # comments/, moderation/
]
