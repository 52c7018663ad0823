from django.urls import path

from accounts import pages

app_name = "accounts"

# /agencies/
urlpatterns = [
    path("agencies/", pages.agencies, name="agencies"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
]
