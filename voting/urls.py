from django.urls import path

from voting.districts import pages as district_pages
from voting.election_files import pages as file_pages
from voting.log import pages as log_pages
from voting.log import receipt_pages
from voting.observers import pages as observer_pages
from voting.paper import pages as paper_pages
from voting.polls import amending_pages, budget_pages, embed_pages, pages
from voting.results import pages as result_pages
from voting.rolls import pages as roll_pages
from voting.simulator import pages as simulator_pages

app_name = "voting"

# /polls/
urlpatterns = [
    path("new/", pages.new_poll, name="new-poll"),
    path("<int:poll_id>/", pages.poll, name="poll"),
    path("<int:poll_id>/embed/", embed_pages.embedded_poll, name="embedded-poll"),
    path("<int:poll_id>/ballot/", pages.cast_ballot, name="cast-ballot"),
    path("<int:poll_id>/places.json", budget_pages.ballot_places, name="ballot-places"),
    path("<int:poll_id>/draft/", budget_pages.save_draft, name="save-draft"),
    path("<int:poll_id>/edit/", pages.edit_poll, name="edit-poll"),
    path("<int:poll_id>/extend/", pages.extend_voting, name="extend-voting"),
    path("<int:poll_id>/amount/", amending_pages.change_amount, name="change-amount"),
    path("<int:poll_id>/withdraw/", amending_pages.withdraw_option, name="withdraw-option"),
    path("<int:poll_id>/log/", log_pages.poll_log, name="poll-log"),
    path("<int:poll_id>/log/export.zip", log_pages.export_log, name="export-log"),
    path("<int:poll_id>/deviate/", result_pages.deviate, name="deviate"),
    path("<int:poll_id>/election.pb", file_pages.export_pabulib, name="export-pabulib"),
    path("<int:poll_id>/check/", receipt_pages.check_number, name="check-number"),
    path("<int:poll_id>/receipts/<uuid:ballot_id>/", receipt_pages.receipt, name="receipt"),
    path("<int:poll_id>/receipts/<uuid:ballot_id>/receipt.json", receipt_pages.receipt_file, name="receipt-file"),
    path("<int:poll_id>/observers/", observer_pages.observers, name="observers"),
    path("<int:poll_id>/observers/<int:pk>/dismiss/", observer_pages.dismiss_observer, name="dismiss-observer"),
    path("<int:poll_id>/paper/", paper_pages.paper, name="paper"),
    path("<int:poll_id>/paper/clerks/<int:pk>/dismiss/", paper_pages.dismiss_clerk, name="dismiss-clerk"),
    path("<int:poll_id>/paper/<int:number>/type/", paper_pages.type_ballot, name="type-paper"),
    path("<int:poll_id>/paper/<int:number>/decide/", paper_pages.decide, name="decide-paper"),
    path("<int:poll_id>/paper/<int:number>/cast/", paper_pages.cast_paper, name="cast-paper"),
    path("districts/<slug:slug>/", district_pages.choose, name="choose-district"),
    path("districts/<slug:slug>/votes/", district_pages.open_polls, name="open-district-polls"),
    path("claim/", roll_pages.claim_entry, name="claim-entry"),
    path("rolls/<slug:slug>/", roll_pages.roll, name="roll"),
    path("rolls/<slug:slug>/load/", roll_pages.load_roll, name="load-roll"),
    path("rolls/<slug:slug>/upload/", roll_pages.confirm_upload, name="confirm-upload"),
    path("rolls/<slug:slug>/remove/", roll_pages.remove_voters, name="remove-voters"),
    path("rolls/<slug:slug>/rule/", roll_pages.change_rule, name="change-roll-rule"),
    path("rolls/<slug:slug>/invitations/", roll_pages.invite_voters, name="invite-voters"),
    path("rolls/<slug:slug>/letters/", roll_pages.print_letters, name="print-letters"),
    path("simulator/<slug:slug>/", simulator_pages.simulator, name="simulator"),
    path("keys/", log_pages.signing_keys, name="signing-keys"),
]
