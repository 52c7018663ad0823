from django.urls import path

from comments import owing, pages
from comments.annotations import inbox_pages
from comments.annotations import pages as annotation_pages
from comments.dispositions import pages as disposition_pages
from comments.dispositions import report_pages
from comments.moderation import book_pages, queue_pages
from comments.moderation import pages as moderation_pages

app_name = "comments"

COMMENT, PROPOSAL = {"kind": "comment"}, {"kind": "proposal"}

urlpatterns = [
    # /consultations/<slug>/…: what became of what people contributed
    path("consultations/<slug:slug>/contributions/", disposition_pages.contributions, name="contributions"),
    path("consultations/<slug:slug>/report/", report_pages.reply_report, name="reply-report"),
    path("consultations/<slug:slug>/report.docx", report_pages.reply_report_docx, name="reply-report-docx"),
    path("consultations/<slug:slug>/report.csv", report_pages.reply_report_csv, name="reply-report-csv"),
    # /comments/
    path("comments/add/", pages.add, name="add"),
    path("comments/<int:comment_id>/", pages.comment, name="comment"),
    path("comments/<int:comment_id>/reply/", pages.reply, name="reply"),
    path("comments/<int:comment_id>/react/", pages.react, name="react"),
    path("comments/<int:comment_id>/edit/", pages.edit, name="edit"),
    path("comments/<int:comment_id>/delete/", pages.delete, name="delete"),
    path("comments/owed/<slug:slug>/", owing.owed, name="owed"),
    path("comments/<int:pk>/report/", moderation_pages.report, COMMENT, name="report"),
    path("comments/<int:pk>/hide/", moderation_pages.decide, COMMENT | {"act": "hide"}, name="hide"),
    path("comments/<int:pk>/restore/", moderation_pages.decide, COMMENT | {"act": "restore"}, name="restore"),
    path("comments/<int:pk>/keep/", moderation_pages.decide, COMMENT | {"act": "keep"}, name="keep"),
    path("comments/<int:pk>/release/", moderation_pages.decide, COMMENT | {"act": "release"}, name="release"),
    path("comments/<int:pk>/refuse/", moderation_pages.decide, COMMENT | {"act": "refuse"}, name="refuse"),
    path("comments/<int:pk>/lock/", moderation_pages.decide, COMMENT | {"act": "lock"}, name="lock"),
    path("comments/<int:pk>/unlock/", moderation_pages.decide, COMMENT | {"act": "unlock"}, name="unlock"),
    path("comments/<int:pk>/mark/", moderation_pages.mark, COMMENT, name="mark"),
    path("comments/<int:pk>/block/", moderation_pages.block_author, COMMENT, name="block-author"),
    # /annotations/
    path("annotations/", annotation_pages.annotations, name="annotations"),
    path("annotations/new/", annotation_pages.annotate_words, name="annotate"),
    # /documents/<id>/inbox/
    path("documents/<int:pk>/inbox/", inbox_pages.placing_inbox, name="placing-inbox"),
    path("documents/<int:pk>/inbox/<int:placement_id>/", inbox_pages.settle_placement, name="settle-placement"),
    # /moderation/proposals/
    path("moderation/proposals/<int:pk>/report/", moderation_pages.report, PROPOSAL, name="report-proposal"),
    path(
        "moderation/proposals/<int:pk>/hide/", moderation_pages.decide, PROPOSAL | {"act": "hide"}, name="hide-proposal"
    ),
    path(
        "moderation/proposals/<int:pk>/restore/",
        moderation_pages.decide,
        PROPOSAL | {"act": "restore"},
        name="restore-proposal",
    ),
    path(
        "moderation/proposals/<int:pk>/keep/", moderation_pages.decide, PROPOSAL | {"act": "keep"}, name="keep-proposal"
    ),
    path(
        "moderation/proposals/<int:pk>/release/",
        moderation_pages.decide,
        PROPOSAL | {"act": "release"},
        name="release-proposal",
    ),
    path(
        "moderation/proposals/<int:pk>/refuse/",
        moderation_pages.decide,
        PROPOSAL | {"act": "refuse"},
        name="refuse-proposal",
    ),
    path("moderation/proposals/<int:pk>/mark/", moderation_pages.mark, PROPOSAL, name="mark-proposal"),
    path(
        "moderation/proposals/<int:pk>/block/", moderation_pages.block_author, PROPOSAL, name="block-author-of-proposal"
    ),
    # /moderation/
    path("moderation/", queue_pages.moderation, name="moderation"),
    path("moderation/decisions/<int:pk>/", book_pages.decision, name="decision"),
    path("moderation/decisions/<int:pk>/undo/", book_pages.undo, name="undo"),
    path("moderation/decisions/<int:pk>/appeal/", book_pages.appeal, name="appeal"),
    path("moderation/decisions/<int:pk>/answer/", book_pages.answer_appeal, name="answer-appeal"),
    path("moderation/<slug:slug>/", book_pages.decisions, name="decisions"),
    path("moderation/<slug:slug>/patterns/", queue_pages.patterns, name="patterns"),
    path("moderation/<slug:slug>/blocks/", queue_pages.blocks, name="blocks"),
    path("moderation/<slug:slug>/blocks/<int:pk>/lift/", queue_pages.unblock, name="unblock"),
]
