from django.urls import path

from frontend import pages

app_name = "frontend"

# /
urlpatterns = [
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("components/", pages.components, name="components"),
]
