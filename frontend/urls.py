from django.urls import path

from frontend import pages

app_name = "frontend"

# /
urlpatterns = [
    path("components/", pages.components, name="components"),
]
