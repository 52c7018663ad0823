"""The product's addresses, and one for the bare view."""

from django.urls import include, path

from tests.benchmarks.bare import bare_page, insert_one_row

urlpatterns = [
    path("bare/", insert_one_row),
    path("bare/page/", bare_page),
    path("", include("config.urls")),
]
