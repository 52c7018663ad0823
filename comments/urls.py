from django.urls import path

from comments import owing, pages
from comments.moderation import pages as moderation_pages

app_name = "comments"

urlpatterns = [
    # /comments/
    path("comments/add/", pages.add, name="add"),
    path("comments/<int:comment_id>/", pages.comment, name="comment"),
    path("comments/<int:comment_id>/reply/", pages.reply, name="reply"),
    path("comments/<int:comment_id>/react/", pages.react, name="react"),
    path("comments/<int:comment_id>/edit/", pages.edit, name="edit"),
    path("comments/<int:comment_id>/delete/", pages.delete, name="delete"),
    path("comments/<int:comment_id>/report/", moderation_pages.report, name="report"),
    path("comments/<int:comment_id>/hide/", moderation_pages.hide, name="hide"),
    path("comments/<int:comment_id>/restore/", moderation_pages.restore, name="restore"),
    path("comments/<int:comment_id>/keep/", moderation_pages.keep, name="keep"),
    path("comments/owed/<slug:slug>/", owing.owed, name="owed"),
    # /moderation/
    path("moderation/", moderation_pages.moderation, name="moderation"),
    path("moderation/proposals/<int:proposal_id>/report/", moderation_pages.report, name="report-proposal"),
    path("moderation/proposals/<int:proposal_id>/hide/", moderation_pages.hide, name="hide-proposal"),
    path("moderation/proposals/<int:proposal_id>/restore/", moderation_pages.restore, name="restore-proposal"),
    path("moderation/proposals/<int:proposal_id>/keep/", moderation_pages.keep, name="keep-proposal"),
    path("moderation/<slug:slug>/", moderation_pages.decisions, name="decisions"),
]
