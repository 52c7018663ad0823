from django.urls import path

from consultations import following_pages, pages
from consultations.desk import pages as desk_pages
from consultations.documents import change_pages, edit_pages, import_pages
from consultations.documents import pages as document_pages
from consultations.feeds import pages as feed_pages
from consultations.files import pages as file_pages
from consultations.files import photo_pages
from consultations.history import pages as history_pages
from consultations.maps import pages as map_pages
from consultations.milestones import pages as milestone_pages
from consultations.open_data import pages as data_pages
from consultations.opening import pages as opening_pages
from consultations.proposals import co_author_pages, draft_pages, merge_pages, support_pages
from consultations.proposals import pages as proposal_pages
from consultations.review import pages as review_pages
from consultations.running import pages as running_pages

app_name = "consultations"

# /
urlpatterns = [
    path("", pages.front_page, name="front-page"),
]

# /consultations/
urlpatterns += [
    path("consultations/", pages.consultations, name="consultations"),
    path("consultations/new/", opening_pages.create_consultation, name="create-consultation"),
    path("consultations/<slug:slug>/", pages.consultation, name="consultation"),
    path("consultations/<slug:slug>/edit/", opening_pages.change_consultation, name="change-consultation"),
    path("consultations/<slug:slug>/edit/<slug:step>/", opening_pages.change_step, name="change-step"),
    path("consultations/<slug:slug>/delete/", opening_pages.delete_draft, name="delete-consultation"),
    path("consultations/<slug:slug>/publish/", opening_pages.publish_consultation, name="publish-consultation"),
    path("consultations/<slug:slug>/proposals/", proposal_pages.proposals, name="proposals"),
    path("consultations/<slug:slug>/proposals/places.json", map_pages.proposal_places, name="proposal-places"),
    path("consultations/<slug:slug>/districts.geojson", map_pages.district_boundaries, name="district-boundaries"),
    path("consultations/<slug:slug>/proposals/merge/", merge_pages.merge_proposals, name="merge-proposals"),
    path("consultations/<slug:slug>/proposals/new/", draft_pages.make_proposal, name="make-proposal"),
    path("consultations/<slug:slug>/support/", support_pages.support_cause, name="support-cause"),
    path("consultations/<slug:slug>/support/take-back/", support_pages.take_back_cause, name="take-back-cause"),
]

# /proposals/
urlpatterns += [
    path("proposals/<int:pk>/", proposal_pages.proposal, name="proposal"),
    path("proposals/<int:pk>/edit/", proposal_pages.change_proposal, name="change-proposal"),
    path("proposals/<int:pk>/restore/", merge_pages.restore_proposal, name="restore-proposal"),
    path("proposals/<int:pk>/split/", merge_pages.split_proposal, name="split-proposal"),
    path("proposals/<int:pk>/withdraw/", proposal_pages.withdraw_proposal, name="withdraw-proposal"),
    path("proposals/<int:pk>/photos/", photo_pages.photos, name="photos"),
    path("proposals/<int:pk>/history/", proposal_pages.proposal_history, name="proposal-history"),
    path("proposals/<int:pk>/support/", support_pages.support_proposal, name="support-proposal"),
    path("proposals/<int:pk>/support/take-back/", support_pages.take_back_support, name="take-back-support"),
    path("proposals/<int:pk>/co-authors/", co_author_pages.co_authors, name="co-authors"),
    path(
        "proposals/<int:pk>/co-authors/<int:invitation_id>/remove/",
        co_author_pages.remove_co_author,
        name="remove-co-author",
    ),
    path("proposals/<int:pk>/invitation/", co_author_pages.answer_invitation, name="answer-invitation"),
    path("proposals/drafts/", draft_pages.drafts, name="drafts"),
    path("proposals/drafts/<uuid:key>/", draft_pages.draft, name="draft"),
    path("proposals/drafts/<uuid:key>/send/", draft_pages.send_draft, name="send-draft"),
    path("proposals/drafts/<uuid:key>/delete/", draft_pages.delete_draft, name="delete-draft"),
]

# /documents/
urlpatterns += [
    path("documents/<int:pk>/", document_pages.document, name="document"),
    path("documents/<int:pk>/versions/<int:number>/", document_pages.version, name="version"),
    path("documents/<int:pk>/versions/<int:number>/article/<uuid:identity>/", document_pages.article, name="article"),
    path("documents/<int:pk>/versions/<int:number>.<slug:suffix>", document_pages.download, name="download"),
    path("consultations/<slug:slug>/documents/", document_pages.documents, name="documents"),
    path("consultations/<slug:slug>/documents/new/", edit_pages.create_document, name="create-document"),
    path("documents/<int:pk>/edit/", edit_pages.edit, name="edit-document"),
    path("documents/<int:pk>/edit/add/", edit_pages.add_article, name="add-article"),
    path("documents/<int:pk>/edit/<uuid:identity>/", edit_pages.edit_article, name="edit-article"),
    path("documents/<int:pk>/import/", import_pages.import_text, name="import-text"),
    path("documents/<int:pk>/publish/", change_pages.publish_version, name="publish-version"),
    path("documents/<int:pk>/compare/<int:old>/<int:new>/", change_pages.compare, name="compare"),
]

# /data/ and /consultations/<slug>/data/
urlpatterns += [
    path("data/", data_pages.catalogue, name="catalogue"),
    path("consultations/<slug:slug>/data/", data_pages.data, name="data"),
    path("consultations/<slug:slug>/data/<slug:table>.csv", data_pages.export, {"suffix": "csv"}, name="export"),
    path("consultations/<slug:slug>/data/<slug:table>.json", data_pages.export, {"suffix": "json"}, name="export"),
]

# /consultations/<slug>/…: what an agency does with one that is published
urlpatterns += [
    path("consultations/<slug:slug>/manage/", running_pages.manage, name="manage"),
    path("consultations/<slug:slug>/extend/", running_pages.extend, name="extend"),
    path("consultations/<slug:slug>/listed/", running_pages.set_listed, name="set-listed"),
    path("consultations/<slug:slug>/close/", running_pages.close, name="close"),
    path("consultations/<slug:slug>/answered/", running_pages.answer_consultation, name="answer-consultation"),
]

# /consultations/<slug>/files/, cover/; /attachments/
urlpatterns += [
    path("consultations/<slug:slug>/files/", file_pages.files, name="files"),
    path("consultations/<slug:slug>/files/remove-cover/", file_pages.remove_cover, name="remove-cover"),
    path("consultations/<slug:slug>/cover/<slug:digest>.webp", file_pages.cover, name="cover"),
    path("consultations/<slug:slug>/cover/<slug:digest>/card.webp", file_pages.cover_card, name="cover-card"),
    path("attachments/<int:pk>/remove/", file_pages.detach, name="detach"),
    path("attachments/<int:pk>/<slug:digest>/", file_pages.attachment, name="attachment"),
]

# /consultations/<slug>/follow/ and the like
urlpatterns += [
    path("consultations/<slug:slug>/follow/", following_pages.follow, name="follow"),
    path("consultations/<slug:slug>/stop-following/", following_pages.stop_following, name="stop-following"),
    path("consultations/<slug:slug>/mail/", following_pages.choose_mail, name="choose-mail"),
]

# Atom
urlpatterns += [
    path("consultations/feed.atom", feed_pages.feed, name="feed"),
    path("consultations/<slug:slug>/feed.atom", feed_pages.consultation_feed, name="consultation-feed"),
]

# /reviews/; /proposals/<id>/review/; /consultations/<slug>/review/
urlpatterns += [
    path("reviews/", review_pages.reviews, name="reviews"),
    path("proposals/<int:pk>/review/", review_pages.review_proposal, name="review-proposal"),
    path("proposals/<int:pk>/review/bring-in/", review_pages.bring_in, name="bring-in"),
    path("proposals/<int:pk>/review/second-reader/", review_pages.ask_second_reader, name="ask-second-reader"),
    path("consultations/<slug:slug>/review/", review_pages.board, name="review"),
    path("consultations/<slug:slug>/review/assign/", review_pages.assign, name="assign-reviews"),
    path("consultations/<slug:slug>/review/rules/", review_pages.change_rules, name="change-review-rules"),
]

# /consultations/<slug>/follow-up/; /pledges/, /milestones/, /reports/
urlpatterns += [
    path("consultations/<slug:slug>/follow-up/", milestone_pages.board, name="follow-up"),
    path("consultations/<slug:slug>/follow-up/start/", milestone_pages.start_follow_up, name="start-follow-up"),
    path("consultations/<slug:slug>/follow-up/new/", milestone_pages.create_pledge, name="create-pledge"),
    path("consultations/<slug:slug>/follow-up/feed.atom", feed_pages.follow_up_feed, name="follow-up-feed"),
    path("pledges/<int:pk>/", milestone_pages.pledge, name="pledge"),
    path("pledges/<int:pk>/milestones/new/", milestone_pages.add_milestone, name="add-milestone"),
    path("pledges/<int:pk>/follow/", milestone_pages.follow, name="follow-pledge"),
    path("pledges/<int:pk>/stop-following/", milestone_pages.stop_following, name="stop-following-pledge"),
    path("milestones/<int:pk>/report/", milestone_pages.report_milestone, name="report-milestone"),
    path("reports/<int:pk>/<slug:digest>.webp", milestone_pages.report_photo, name="report-photo"),
]

# /desk/; /consultations/<slug>/numbers/, history/
urlpatterns += [
    path("desk/", desk_pages.desk, name="desk"),
    path("consultations/<slug:slug>/numbers/", desk_pages.numbers, name="numbers"),
    path("consultations/<slug:slug>/history/", history_pages.history, name="history"),
]
