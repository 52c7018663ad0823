from django.urls import path

from voting import log_pages, pages

app_name = "voting"

# /polls/
urlpatterns = [
    path("new/", pages.new_poll, name="new-poll"),
    path("<int:poll_id>/", pages.poll, name="poll"),
    path("<int:poll_id>/ballot/", pages.cast_ballot, name="cast-ballot"),
    path("<int:poll_id>/edit/", pages.edit_poll, name="edit-poll"),
    path("<int:poll_id>/extend/", pages.extend_voting, name="extend-voting"),
    path("<int:poll_id>/log/", log_pages.poll_log, name="poll-log"),
    path("<int:poll_id>/log/export.zip", log_pages.export_log, name="export-log"),
    path("keys/", log_pages.signing_keys, name="signing-keys"),
]
